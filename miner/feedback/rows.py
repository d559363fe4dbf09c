"""Decisions as training rows, in the form of models/training, with the text.

Only what an analyst said is a label: a concept that holds stands under `concepts`, one that was
rejected under neither, and all others are `undecided`, as are those on which analysts differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from miner.feedback.decision import Decision, Verdict
from miner.feedback.judgements import Judgements
from miner.taxonomy import codebook


def training_rows(decisions: Iterable[Decision]) -> Iterator[dict[str, Any]]:
    """One row per passage that a decision counts for, in the order of the first decision.

    `decisions` in a row tells who said what and when; training does not read it.
    """
    by_content: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_content.setdefault(decision.content, []).append(decision)
    for content, made in by_content.items():
        voices = _voices(made)
        concepts, rejected = set(), set()
        for concept in codebook():
            said = {d.verdict is not Verdict.REJECT for d in voices.get(concept, ())}
            if said == {True}:
                concepts.add(concept)
            elif said == {False}:
                rejected.add(concept)
        stances = {d.stance for d in voices.get(None, ())}
        if not voices:
            continue  # all was withdrawn
        yield {
            "id": f"feedback-{content[:12]}",
            "source": made[0].document,
            "title": made[0].title,
            "text": made[0].text,
            "concepts": [c for c in codebook() if c in concepts],
            "undecided": [c for c in codebook() if c not in concepts | rejected],
            "stance": stances.pop() if len(stances) == 1 else None,
            "decisions": [_told(decision) for decision in made],
        }


def _voices(made: Iterable[Decision]) -> Mapping[str | None, list[Decision]]:
    """For each concept (None: the stance) the last decision of each analyst."""
    made = list(made)
    # What one analyst withdrew does not count, whoever had said it.
    counted = {concept for held in Judgements.of(made).last.values() for concept in held}
    by_analyst: dict[str, list[Decision]] = {}
    for decision in made:
        by_analyst.setdefault(decision.who, []).append(decision)
    voices: dict[str | None, list[Decision]] = {}
    for own in by_analyst.values():
        for held in Judgements.of(own).last.values():
            for concept in counted & set(held):
                voices.setdefault(concept, []).append(held[concept])
    return voices


def _told(decision: Decision) -> dict[str, Any]:
    told = {
        "verdict": decision.verdict.value,
        "concept": decision.concept,
        "stance": decision.stance,
        "quote": decision.quote,
        "comment": decision.comment,
        "who": decision.who,
        "at": decision.at,
        "model": decision.model,
    }
    return {name: value for name, value in told.items() if value}
