"""Crosswalks: SKOS mappings between the codebook and other schemes, each with its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from miner.errors import NotFound
from miner.taxonomy.codebook import codebook, shipped
from miner.taxonomy.concept import Relation
from miner.taxonomy.shipped import frameworks

CODEBOOK = "codebook"


@dataclass(frozen=True, slots=True)
class SchemeConcept:
    """A concept of another scheme: its number there, its name, and the one above it."""

    id: str
    label: str
    broader: str | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """A framework that documents are not aligned to, by its names and numbers only."""

    id: str
    title: str
    citation: str
    url: str
    concepts: tuple[SchemeConcept, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """`subject relation object`: objects of other schemes are written `scheme:id`.

    source: who drew the line. why: the reason, in a few words.
    """

    subject: str
    subject_label: str
    relation: Relation
    object: str
    object_label: str
    source: str
    why: str


@cache
def schemes() -> dict[str, Scheme]:
    """The schemes that mappings lead to, by id."""
    return {
        row["id"]: Scheme(
            row["id"],
            row["title"],
            row["citation"],
            row["url"],
            tuple(SchemeConcept(**concept) for concept in row["concepts"]),
        )
        for row in shipped("crosswalks.yaml")["schemes"]
    }


@cache
def mappings() -> tuple[Mapping, ...]:
    """All mappings, as they are written down (each also holds the other way round)."""
    data = shipped("crosswalks.yaml")
    labels = _labels()
    return tuple(
        Mapping(
            row["subject"],
            labels[row["subject"]],
            Relation(row["relation"]),
            row["object"],
            labels[row["object"]],
            data["sources"][row["source"]],
            row["why"],
        )
        for row in data["mappings"]
    )


def crosswalk(one: str, other: str | None = None) -> tuple[Mapping, ...]:
    """The mappings from one framework or scheme to another (or to all that there are).

    Two schemes that no mapping joins are joined through the codebook, by relatedMatch only:
    no SKOS mapping but exactMatch carries on from one pair to the next. What is only related is
    not carried on at all.

    Args:
        one, other: ids of shipped frameworks or schemes, `codebook`, or a single concept's id.

    Raises NotFound for an id that is none of these.
    """
    first = _members(one)
    if other is None:
        return tuple(m for m in _both_ways() if m.subject in first)
    second = _members(other)
    direct = tuple(m for m in _both_ways() if m.subject in first and m.object in second)
    return direct or tuple(_through_codebook(first, second))


def _through_codebook(first: frozenset[str], second: frozenset[str]) -> Iterator[Mapping]:
    walks = [mapping for mapping in _both_ways() if mapping.relation is not Relation.RELATED]
    for start in walks:
        if start.subject not in first or start.object in first | second:
            continue
        for end in walks:
            if end.subject == start.object and end.object in second:
                yield Mapping(
                    start.subject,
                    start.subject_label,
                    Relation.RELATED,
                    end.object,
                    end.object_label,
                    f"derived through {start.object}; {start.source}",
                    f"{start.relation} to {start.object}, whose {end.relation} it is",
                )


def _both_ways() -> Iterator[Mapping]:
    for mapping in mappings():
        yield mapping
        yield Mapping(
            mapping.object,
            mapping.object_label,
            mapping.relation.inverse,
            mapping.subject,
            mapping.subject_label,
            mapping.source,
            mapping.why,
        )


def _labels() -> dict[str, str]:
    own = {concept.id: concept.label for concept in codebook().values()}
    theirs = {
        f"{scheme.id}:{concept.id}": concept.label
        for scheme in schemes().values()
        for concept in scheme.concepts
    }
    return own | theirs


def _members(name: str) -> frozenset[str]:
    if name == CODEBOOK:
        return frozenset(codebook())
    if name in frameworks():
        return frozenset(concept.id for concept in frameworks()[name].concepts)
    if name in schemes():
        return frozenset(f"{name}:{concept.id}" for concept in schemes()[name].concepts)
    if name in _labels():
        return frozenset([name])
    raise NotFound(
        f"framework {name!r}",
        "no framework, scheme or concept has this id",
        f"Known: {', '.join([*frameworks(), *schemes()])}, and the ids of concepts.",
    )
