"""A Concept: one thing a passage can address, and how it relates to concepts elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stance(StrEnum):
    """What a passage does with its subject."""

    COMMITMENT = "commitment"
    IN_PLACE = "in_place"
    DESCRIPTIVE = "descriptive"
    NOISE = "noise"


class Relation(StrEnum):
    """A SKOS mapping relation (W3C SKOS Reference 2009, section 10).

    It is read from the concept that has it: `a broadMatch b` says that b is the broader one.
    """

    EXACT = "exactMatch"
    CLOSE = "closeMatch"
    BROAD = "broadMatch"
    NARROW = "narrowMatch"
    RELATED = "relatedMatch"

    @property
    def inverse(self) -> Relation:
        """The relation as it reads from the other side."""
        return {Relation.BROAD: Relation.NARROW, Relation.NARROW: Relation.BROAD}.get(self, self)


@dataclass(frozen=True, slots=True)
class Match:
    """A relation to another concept (an id of the codebook, or `scheme:notation`)."""

    relation: Relation
    target: str


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing a passage can address.

    source, citation: which text it comes from, and where in it.
    labels: other names that people use for it; hidden: words that point to it without naming
    it, used for search and rules but never shown; negative: words that look like it and are not.
    examples: passages that address it. maps_to: how it relates to concepts of the codebook.
    """

    id: str
    group: str
    label: str
    definition: str
    source: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    citation: str = ""
    examples: tuple[str, ...] = ()
    maps_to: tuple[Match, ...] = ()
