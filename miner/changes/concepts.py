"""Concept by concept: what a document commits to that another does not, or less firmly."""

from __future__ import annotations

from collections.abc import Sequence

from scipy.stats import fisher_exact

from miner.changes.change import ConceptChange, ConceptKind, ConceptSide
from miner.changes.match import Read
from miner.changes.pledge import Pledge
from miner.changes.rule import Rule
from miner.taxonomy import Concept

_SHOWN = 3


def concept_changes(
    older: Read, newer: Read, concepts: Sequence[Concept], rule: Rule
) -> list[ConceptChange]:
    """One row per concept, in the order given."""
    return [
        _change(concept, _side(older, concept.id), _side(newer, concept.id), rule)
        for concept in concepts
    ]


def _side(read: Read, concept: str) -> ConceptSide:
    rated = [
        (tag.probability, tag.decided, stored)
        for stored in read.passages
        for tag in stored.tagged.tags
        if tag.concept == concept
    ]
    about = {stored.passage.id for _, held, stored in rated if held}
    firm = [pledge for pledge in read.readings.pledges if pledge.firm]
    evidence, spoken = _evidence(firm, concept)
    best = max(rated, key=lambda one: one[0], default=None)
    return ConceptSide(
        passages=len(about),
        committed=len(about & {pledge.passage.passage.id for pledge in firm}),
        total=len({pledge.passage.passage.id for pledge in firm}),
        evidence=tuple(evidence[:_SHOWN]),
        spoken=spoken,
        nearest=best[2] if best is not None and not about else None,
        probability=best[0] if best is not None else 0.0,
    )


def _evidence(firm: Sequence[Pledge], concept: str) -> tuple[list[Pledge], int]:
    """Commitments whose own words speak of a concept, then others of passages that address it;
    and how many the former are."""
    about = [pledge for pledge in firm if concept in pledge.concepts]
    own = _distinct([pledge for pledge in about if pledge.speaks_of(concept)])
    rest = _distinct([pledge for pledge in about if not pledge.speaks_of(concept)])
    return [*own, *rest], len(own)


def _distinct(pledges: Sequence[Pledge]) -> list[Pledge]:
    """The strongest commitment of each sentence, the strongest first; repeats count once."""
    by_sentence: dict[str, Pledge] = {}
    for pledge in pledges:
        key = " ".join(pledge.commitment.sentence.quote.lower().split())
        held = by_sentence.get(key)
        if held is None or held.commitment.strength.value < pledge.commitment.strength.value:
            by_sentence[key] = pledge
    return sorted(by_sentence.values(), key=lambda p: (-p.commitment.strength.value, p.quote.start))


def _change(concept: Concept, older: ConceptSide, newer: ConceptSide, rule: Rule) -> ConceptChange:
    kind, reason = _kind(older, newer, rule)
    return ConceptChange(concept.id, concept.label, kind, older, newer, reason)


def _kind(older: ConceptSide, newer: ConceptSide, rule: Rule) -> tuple[ConceptKind, str]:
    if not older.passages and not newer.passages:
        return "absent", "neither addresses it"
    counts = (
        f"{older.committed} of {older.total} passages with commitments address it before, "
        f"{newer.committed} of {newer.total} now"
    )
    if _silent(older, rule) and _says(newer, rule):
        return "added", f"no passage addresses it before, {newer.passages} do now"
    if _silent(newer, rule) and _says(older, rule):
        return "dropped", f"{older.passages} passages address it before, none does now"
    before, now = (side.committed / max(side.total, 1) for side in (older, newer))
    table = [[side.committed, side.total - side.committed] for side in (older, newer)]
    chance = float(fisher_exact(table).pvalue)
    if chance < rule.chance and _says(newer if now > before else older, rule):
        kind: ConceptKind = "strengthened" if now > before else "weakened"
        return kind, f"{counts}; chance would do so with p = {chance:.4f}"
    return "kept", counts


def _says(side: ConceptSide, rule: Rule) -> bool:
    return min(side.committed, side.spoken) >= rule.fewest


def _silent(side: ConceptSide, rule: Rule) -> bool:
    return not side.passages and side.probability < rule.silent
