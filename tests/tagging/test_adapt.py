"""A model moved by decisions, and by nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import stand_ins

from miner.tagging.adapt import adapt
from miner.tagging.features import Vocabulary
from miner.tagging.heads import Heads
from miner.tagging.tagger import Tagger
from miner.tagging.train import Example
from miner.taxonomy import codebook

INCIDENT, CRIME = "dim.incident_management", "dim.legal_criminal_justice"
WRONG = "The drought was an incident in the history of the valley."
RIGHT = "A watch floor will triage alerts of the ministries day and night."


@pytest.fixture
def heads() -> Heads:
    made = stand_ins.heads()
    texts = [WRONG, RIGHT, "The police of the valley", "alerts of the history, triage, drought"]
    vocabulary = Vocabulary.fit(texts, 1, 1000)
    weights = np.zeros((len(codebook()), len(vocabulary.terms)), dtype=np.float32)
    return replace(made, vocabulary=vocabulary, concept_weights=weights, lexical_share=0.5)


def example(text: str, holds: bool) -> Example:
    concepts = frozenset([INCIDENT] if holds else [])
    return Example(text, concepts, frozenset(codebook()) - {INCIDENT}, None, "d", 3.0)


def probabilities(heads: Heads, text: str) -> dict[str, float]:
    tagger = Tagger(heads, "t", stand_ins.KeywordTuned)
    return tagger.probabilities(text)


def test_decided_passages_move_towards_the_decision(heads: Heads) -> None:
    after = adapt(heads, [example(WRONG, False), example(RIGHT, True)], stand_ins.KeywordTuned())
    for text, sign in ((WRONG, -1), (RIGHT, 1)):
        moved = probabilities(after, text)[INCIDENT] - probabilities(heads, text)[INCIDENT]
        assert sign * moved > 0.02
    assert after.card["adapted"] == {"rows": 2, "decisions": 2}


def test_concepts_that_nobody_judged_stay_as_they_were(heads: Heads) -> None:
    after = adapt(heads, [example(WRONG, False)], stand_ins.KeywordTuned())
    for concept in (CRIME, "prin.gender_sensitive"):
        row = heads.concepts.index(concept)
        assert (after.concept_weights[row] == heads.concept_weights[row]).all()
    assert (after.thresholds == heads.thresholds).all()


def test_the_firmer_the_less_moves(heads: Heads) -> None:
    rows = [example(WRONG, False)]
    loose = adapt(heads, rows, stand_ins.KeywordTuned(), firmness=0.3)
    firm = adapt(heads, rows, stand_ins.KeywordTuned(), firmness=30.0)
    assert np.abs(firm.concept_weights).sum() < np.abs(loose.concept_weights).sum() / 5
