"""How far two models are apart: known differences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaluation.rebuilt import apart
from evaluation.rows import LabelledRow
from miner.tagging.tag import StanceTag, Tag, TaggedPassage
from miner.taxonomy import Stance, codebook

CONCEPTS = tuple(codebook())


def _tagged(first: float, stance: Stance) -> TaggedPassage:
    tags = tuple(
        Tag(concept, first if number == 0 else 0.0, number == 0 and first > 0.5, "head", ())
        for number, concept in enumerate(CONCEPTS)
    )
    return TaggedPassage(tags, StanceTag(stance, 0.9), "m", None)


def test_known_differences() -> None:
    rows = [
        LabelledRow(n, "Users learn.", frozenset({CONCEPTS[0]}), stance=Stance.COMMITMENT)
        for n in ("a", "b")
    ]
    one = [_tagged(0.9, Stance.COMMITMENT), _tagged(0.9, Stance.COMMITMENT)]
    other = [_tagged(0.9, Stance.COMMITMENT), _tagged(0.4, Stance.DESCRIPTIVE)]
    found = apart(rows, one, other, same_bytes=False)
    assert found.most == pytest.approx(0.5)
    assert found.mean == pytest.approx(0.5 / 2 / len(CONCEPTS))
    assert found.decisions == pytest.approx(1 - 1 / 2 / len(CONCEPTS))
    assert (found.stances, found.stance) == (0.5, -0.5)
    assert found.micro_f1 == pytest.approx(2 / 3 - 1)
    same = apart(rows, one, one, same_bytes=True)
    assert replace(same, passages=0, same_bytes=False) == replace(
        same, passages=0, same_bytes=False, most=0, mean=0, decisions=1, stances=1, micro_f1=0
    )
