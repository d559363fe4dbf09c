"""Simulated feedback: decided on some documents, measured on others."""

from __future__ import annotations

import numpy as np
import pytest
from tagging_helpers import example

import evaluation.feedback
from evaluation.crossfit import Known
from evaluation.feedback import _Simulation
from miner.tagging.heads import Heads
from miner.tagging.train import Example, fit


def test_no_document_is_measured_that_was_decided_on(monkeypatch: pytest.MonkeyPatch) -> None:
    examples = [example(n) for n in range(36)]
    known = Known.of([e.text for e in examples], np.zeros((36, 32), dtype=np.float32))
    adapted: list[set[str]] = []
    calibrated: list[set[str]] = []
    adapt, calibrate = evaluation.feedback.adapt, evaluation.feedback.calibrate

    def watched(heads: Heads, rows: list[Example], *rest: object) -> Heads:
        adapted.append({row.group for row in rows})
        assert all(row.concepts or len(row.undecided) < 28 for row in rows)
        return adapt(heads, rows, *rest)  # type: ignore[arg-type]

    def seen(heads: Heads, rows: list[Example], *rest: object) -> Heads:
        calibrated.append({row.group for row in rows})
        return calibrate(heads, rows, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(evaluation.feedback, "adapt", watched)
    monkeypatch.setattr(evaluation.feedback, "calibrate", seen)
    found = _Simulation(fit(examples), examples, known, 0.3).answer("m", "rows", 1)
    groups = {e.group for e in examples}
    assert all(not one & other for one, other in zip(adapted, calibrated, strict=True))
    assert all(groups - one - other for one, other in zip(adapted, calibrated, strict=True))
    assert found.decisions > 0
    for figures in (found.before, found.after):
        assert all(0 <= figure.value <= 1 for figure in figures.values())
    gain = found.after["micro-F1"].value - found.before["micro-F1"].value
    assert found.gain["micro-F1"].value == pytest.approx(gain)
