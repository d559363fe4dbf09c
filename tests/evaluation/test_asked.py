"""Figures against what was asked of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from evaluation.asked import Asked, asked
from evaluation.bootstrap import Figure
from evaluation.rows import LabelledRow
from evaluation.tagging_score import score_tagging
from miner.tagging.tag import TaggedPassage
from miner.taxonomy import Stance

A, B = "prin.ownership", "norm.k_certs"


def figure(value: float) -> Figure:
    return Figure(value, value, value, 9)


def test_what_is_short() -> None:
    assert Asked("f", 0.85, figure(0.838)).short == pytest.approx(0.012)
    # Printed as 0.850, it is not reached.
    assert Asked("f", 0.85, figure(0.8496)).short > 0.0
    assert Asked("f", 0.85, figure(0.9)).short == 0.0
    assert Asked("e", 0.05, figure(0.04), at_most=True).short == 0.0
    assert Asked("e", 0.05, figure(0.07), at_most=True).short == pytest.approx(0.02)
    assert math.isnan(Asked("f", 0.85, figure(math.nan)).short)


def test_concepts_that_are_too_low_are_named(make_tagged: Callable[..., TaggedPassage]) -> None:
    rows = [LabelledRow(i, "t", frozenset({A, B}), stance=Stance.NOISE) for i in range(10)]
    both, one = make_tagged({A: 0.9, B: 0.9}, Stance.NOISE), make_tagged({A: 0.9}, Stance.NOISE)
    report = score_tagging(rows, [both] * 2 + [one] * 8)
    told = {row.name: row for row in asked(report)}
    assert "F1 of norm.k_certs (10 positives)" in told
    assert told["F1 of norm.k_certs (10 positives)"].short == pytest.approx(0.7 - 1 / 3)
    assert not any(A in name for name in told)
    assert told["macro-F1, 2 concepts"].reached == report.macro_f1
    assert told["noise F1"].short == 0.0
    # Where none is too low the lowest is named.
    names = [row.name for row in asked(score_tagging(rows, [both] * 9 + [one]))]
    assert "lowest F1 of a concept: norm.k_certs" in names
    # Without a concept of nine positives there is none to be named.
    few = replace(report, concepts=tuple(replace(c, positives=8) for c in report.concepts))
    assert not any("F1 of" in row.name for row in asked(few))
