"""A user's own framework: its tags, out of the codebook's or from its own words.

A concept whose id is the codebook's, or that maps to concepts of it, is found by the tagging
model. One that maps to nothing is found by its definition, labels and examples
(`miner.tagging.own`); one that is narrower than a concept of the codebook by both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from miner.alignment.measure import Pair
from miner.errors import InputError
from miner.evidence import Evidence
from miner.tagging.tag import Tag, TaggedPassage
from miner.taxonomy import Concept, Framework, Relation, codebook

# A text that holds a concept of these relations holds the one that they are of.
_IMPLY = (Relation.EXACT, Relation.CLOSE, Relation.NARROW)


@dataclass(frozen=True, slots=True)
class OwnTags:
    """Tags of texts by the concepts' own words: a row per text, a tag per concept."""

    model: str
    rows: Sequence[Sequence[Tag]]


OwnTagging = Callable[[Framework, Sequence[str]], OwnTags]


def shipped_concepts(framework: Framework) -> bool:
    """Whether every concept is one of the codebook's."""
    return all(concept.id in codebook() for concept in framework.concepts)


def mapped_concepts(framework: Framework) -> bool:
    """Whether the codebook's tags alone say which passages address which concept."""
    return not any(_needs_own(concept) for concept in framework.concepts)


def same_as(concept: Concept) -> str:
    """The id of the one concept of the codebook that this is the same as; else its own id."""
    if concept.id in codebook():
        return concept.id
    same = [m.target for m in concept.maps_to if m.relation is Relation.EXACT]
    known = [target for target in same if target in codebook()]
    return known[0] if len(known) == 1 and len(_targets(concept, *_IMPLY)) == 1 else concept.id


def tags_for(
    framework: Framework, pairs: Sequence[Pair], own: OwnTagging | None = None
) -> list[Pair]:
    """The passages with a tag for each concept of the framework.

    Args:
        framework: any framework.
        pairs: passages with the codebook's tags.
        own: tags texts by concepts that the codebook's do not tell.

    Raises InputError where such concepts are there and no `own` is.
    """
    if shipped_concepts(framework):
        return list(pairs)
    rows: Sequence[Mapping[str, Tag]] = [{} for _ in pairs]
    model = ""
    if not mapped_concepts(framework):
        if own is None:
            lost = next(c.id for c in framework.concepts if _needs_own(c))
            raise InputError(
                f"framework {framework.id!r}",
                f"its concept {lost!r} maps to none of the codebook",
                "Give the concept 'maps_to'.",
            )
        found = own(framework, [passage.text for passage, _ in pairs])
        rows = [{tag.concept: tag for tag in row} for row in found.rows]
        model = f"+{found.model}"
    return [
        (passage, _retagged(framework, tagged, row, model))
        for (passage, tagged), row in zip(pairs, rows, strict=True)
    ]


def _needs_own(concept: Concept) -> bool:
    return concept.id not in codebook() and not _targets(concept, *_IMPLY)


def _targets(concept: Concept, *relations: Relation) -> list[str]:
    return [m.target for m in concept.maps_to if m.relation in relations and m.target in codebook()]


def _retagged(
    framework: Framework, tagged: TaggedPassage, own: Mapping[str, Tag], model: str
) -> TaggedPassage:
    known = {tag.concept: tag for tag in tagged.tags}
    silent = tagged.abstained is not None or not tagged.tags
    tags = tuple(_tag(concept, known, own.get(concept.id)) for concept in framework.concepts)
    if silent:
        tags = tuple(replace(tag, decided=False, evidence=()) for tag in tags)
    return replace(tagged, tags=tags, model=tagged.model + model)


def _tag(concept: Concept, known: Mapping[str, Tag], own: Tag | None) -> Tag:
    if concept.id in known:
        return known[concept.id]
    if implied := [known[target] for target in _targets(concept, *_IMPLY)]:
        return replace(max(implied, key=_weight), concept=concept.id)
    assert own is not None
    if broader := [known[target] for target in _targets(concept, Relation.BROAD)]:
        above = max(broader, key=_weight)
        decided = own.decided and above.decided
        return Tag(
            concept.id,
            round(own.probability * above.probability, 4),
            decided,
            own.by,
            _own_words(own) if decided else (),
        )
    return replace(own, concept=concept.id)


def _weight(tag: Tag) -> tuple[bool, float]:
    return tag.decided, tag.probability


def _own_words(own: Tag) -> tuple[Evidence, ...]:
    return own.evidence
