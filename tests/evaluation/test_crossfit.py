"""Cross-fitting: every passage is tagged once, by a calibration its document had no part in."""

from __future__ import annotations

import numpy as np
import pytest
from tagging_helpers import example

from evaluation.crossfit import Known, cross_fitted
from miner.tagging import train
from miner.tagging.train import fit


def test_a_document_never_calibrates_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    examples = [example(n) for n in range(24)]
    logits = np.zeros((24, 32), dtype=np.float32)
    known = Known.of([e.text for e in examples], logits)
    seen: list[set[str]] = []
    calibrate = train.calibrate

    def watched(heads, others, given):  # type: ignore[no-untyped-def]
        seen.append({e.group for e in others})
        return calibrate(heads, others, given)

    monkeypatch.setattr("evaluation.crossfit.calibrate", watched)
    tagged = cross_fitted(fit(examples), examples, known, 3)
    assert len(tagged) == 24
    groups = {e.group for e in examples}
    left_out = [groups - others for others in seen]
    assert set.union(*left_out) == groups
    assert sum(map(len, left_out)) == len(groups)
    assert {t.model for t in tagged} == {"fold 0", "fold 1", "fold 2"}
