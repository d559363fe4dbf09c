"""A Profile: one document against a framework, small enough to keep for every document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from miner.alignment import Alignment, GroupAlignment
from miner.coverage.cell import Cell, cell_of
from miner.passages import Passage
from miner.store import StoredDocument


@dataclass(frozen=True, slots=True)
class Total:
    """A group's score (or `overall`) with its 95 % interval; `present` of `concepts`."""

    group: str
    score: float
    interval: tuple[float, float]
    present: int
    concepts: int


@dataclass(frozen=True, slots=True)
class Profile:
    """A document's cells, in the framework's order; independent of what is known about it.

    read: share of the document that could be read. rule, model: versions of the scoring rule and
    of the tagging model.
    """

    document: str
    revision: str
    rule: str
    model: str
    passages: int
    prose_words: int
    read: float
    overall: Total
    groups: tuple[Total, ...]
    cells: tuple[Cell, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A document as rows and reports name it."""

    document: str
    title: str
    country: str | None
    country_name: str | None
    year: int | None
    type: str | None
    language: str | None
    issuing_body: str | None
    url: str | None
    passages: int

    @classmethod
    def of(cls, stored: StoredDocument) -> Source:
        """From the store."""
        about = stored.metadata
        return cls(
            document=stored.id,
            title=about.title or stored.id,
            country=about.country,
            country_name=about.country_name,
            year=about.year,
            type=about.type,
            language=about.language,
            issuing_body=about.issuing_body,
            url=about.url,
            passages=stored.passages,
        )


def profile_of(alignment: Alignment, revision: str, passages: Mapping[str, Passage]) -> Profile:
    """The profile of an alignment that holds all of its evidence; passages by id."""
    return Profile(
        document=alignment.document,
        revision=revision,
        rule=alignment.rule,
        model=alignment.model,
        passages=alignment.passages,
        prose_words=alignment.prose_words,
        read=alignment.read,
        overall=_total(alignment.overall),
        groups=tuple(map(_total, alignment.groups)),
        cells=tuple(cell_of(alignment.document, found, passages) for found in alignment.concepts),
        cautions=alignment.cautions,
    )


def _total(found: GroupAlignment) -> Total:
    low, high = found.interval
    return Total(found.group, found.score, (low, high), found.present, found.concepts)
