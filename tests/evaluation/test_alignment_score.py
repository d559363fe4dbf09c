"""The comparison of alignments with readings: presence and rank correlation."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from evaluation.alignment import compare
from miner.alignment import Alignment, ConceptAlignment, GroupAlignment

CONCEPTS = ("a", "b", "c", "d")


def aligned(scores: Sequence[float]) -> Alignment:
    whole = GroupAlignment("overall", 0.5, (0.4, 0.6), 1, len(CONCEPTS))
    return Alignment(
        document="d",
        title="",
        framework="f",
        framework_version="v",
        rule="1",
        model="m",
        passages=3,
        prose_words=200,
        overall=whole,
        groups=(),
        concepts=tuple(
            ConceptAlignment(
                name, name, "g", score, score >= 0.5, score, 0.0, 0.0, (0.0, 1.0), (), ()
            )
            for name, score in zip(CONCEPTS, scores, strict=True)
        ),
    )


def reading(*levels: int) -> dict[str, list[float]]:
    return {name: [level, level / 3] for name, level in zip(CONCEPTS, levels, strict=True)}


def test_scores_in_the_readers_order_correlate_fully() -> None:
    rows = [("one", [reading(0, 1, 2, 3)] * 2), ("two", [reading(3, 2, 1, 0)] * 2)]
    found = {"one": aligned([0.0, 0.2, 0.6, 0.9]), "two": aligned([0.9, 0.6, 0.2, 0.0])}
    report = compare(rows, found, "m")
    assert report.rank_correlation.value == pytest.approx(1.0)
    assert report.readers.value == pytest.approx(1.0)
    assert report.presence_f1.value == pytest.approx(1.0)
    assert (report.documents, report.pairs) == (2, 8)


def test_presence_counts_false_and_missed() -> None:
    rows = [("one", [reading(0, 0, 3, 3)] * 2), ("two", [reading(0, 0, 3, 3)] * 2)]
    found = {"one": aligned([0.9, 0.0, 0.9, 0.0]), "two": aligned([0.0, 0.0, 0.9, 0.9])}
    report = compare(rows, found, "m")
    assert report.presence_precision.value == pytest.approx(3 / 4)
    assert report.presence_recall.value == pytest.approx(3 / 4)
    assert report.presence_f1.value == pytest.approx(3 / 4)


def test_a_pair_on_which_the_readers_differ_is_left_out_of_presence() -> None:
    rows = [("one", [reading(0, 1, 3, 3), reading(0, 2, 3, 3)]), ("two", [reading(0, 0, 3, 3)] * 2)]
    found = {name: aligned([0.0, 0.9, 0.9, 0.9]) for name in ("one", "two")}
    report = compare(rows, found, "m")
    assert report.presence_f1.n == 7
    assert report.presence_precision.value == pytest.approx(4 / 5)
    assert report.rank_correlation.n == 8
