"""The balance of the training passages: known counts, and what the shipped sets promise."""

from __future__ import annotations

from evaluation.card import card
from miner.tagging import data
from miner.tagging.train import Example
from miner.taxonomy import codebook

AWARE = "dim.hygiene_awareness"


def _example(text: str, holds: bool = False, open_: bool = False) -> Example:
    held, undecided = frozenset({AWARE} if holds else ()), frozenset({AWARE} if open_ else ())
    return Example(text, held, undecided, None if open_ else "descriptive", "written")


def test_a_near_miss_has_the_words_and_not_the_concept() -> None:
    told = card(
        [
            _example("An awareness campaign teaches all users.", holds=True),
            _example("Awareness campaigns cost more than the organization had.", open_=True),
            _example("The awareness campaign of the rail company on level crossings ended."),
            _example("The programme ended."),
        ]
    )
    balance = told.concepts[AWARE]
    assert (balance.held, balance.undecided, balance.near_misses) == (1, 1, 1)
    assert (told.passages, told.british, told.american) == (4, 1, 1)
    assert told.stances == {"descriptive": 3, "open": 1}


def test_every_concept_has_a_hundred_passages_that_the_project_wrote() -> None:
    told = card(data.written() + data.invented())
    assert all(told.concepts[concept].held >= 100 for concept in codebook())
