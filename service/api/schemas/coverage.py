"""Coverage, gaps and comparison: documents and countries by concepts, each cell with evidence."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from miner import coverage as domain
from miner.coverage import Level
from miner.coverage.gaps import Voice as DomainVoice
from miner.taxonomy import Stance
from service.api.schemas.alignment import FrameworkId, GroupAlignment, Interval, Rate
from service.api.schemas.base import Answer, Request, Score, example
from service.api.schemas.examples import (
    CONCEPT,
    DOCUMENT_ID,
    GROUP,
    MODEL,
    OTHER_DOCUMENT_ID,
    OVERALL,
    PASSAGE_ID,
    QUOTE,
)
from service.api.schemas.filters import Value, Year

_MARK: dict[str, Any] = {
    "passage": PASSAGE_ID,
    "page": 7,
    "quote": QUOTE,
    "start": 20448,
    "end": 20448 + len(QUOTE),
    "probability": 0.94,
    "stance": "commitment",
    "strength": 0.83,
    "modal": "plan",
}
_CELL: dict[str, Any] = {
    "concept": CONCEPT,
    "document": DOCUMENT_ID,
    "level": "committed",
    "claim": "found",
    "present": True,
    "score": 0.71,
    "interval": [0.52, 0.78],
    "presence": 0.99,
    "depth": 0.31,
    "commitment": 0.8,
    "counted": 3,
    "evidence": [_MARK],
    "nearest": [],
    "recall": {"value": 0.8, "low": 0.6, "high": 0.92, "n": 25},
}
_SOURCE: dict[str, Any] = {
    "document": DOCUMENT_ID,
    "title": "National Cyber Resilience Strategy 2022-2027",
    "country": "XCV",
    "country_name": "Calvessa",
    "year": 2022,
    "type": "strategy",
    "language": "en",
    "issuing_body": "National Cyber Authority",
    "url": None,
    "passages": 41,
}
_CONCEPT: dict[str, Any] = {
    "concept": CONCEPT,
    "label": "Report vulnerabilities",
    "group": "norm",
}
_VERSIONS: dict[str, Any] = {
    "framework": "cyber-resilience",
    "framework_version": "4b7f0c21d9e8",
    "rule": "2",
    "level_rule": "1",
    "models": [MODEL],
}
_ROW: dict[str, Any] = {
    "key": "XCV",
    "label": "Calvessa",
    "sources": [_SOURCE],
    "passed": [],
    "overall": OVERALL,
    "groups": [GROUP],
    "read": 0.98,
    "cells": [_CELL],
    "cautions": [],
}
_ROLLUP: dict[str, Any] = {
    **_CONCEPT,
    "committed": ["XCV"],
    "described": [],
    "likely": ["XIM"],
    "unclear": [],
    "absent": ["XOV"],
    "score": 0.42,
    "interval": [0.3, 0.55],
}
_GAP: dict[str, Any] = {
    **_CONCEPT,
    "voices": [{"country": "XCV", "name": "Calvessa", "cell": _CELL}],
    "described": [],
    "likely": [],
    "absent": ["XOV"],
    "unknown": ["XSR"],
    "recall": {"value": 0.8, "low": 0.6, "high": 0.92, "n": 25},
    "note": "Judged on the documents of 2 countries; nothing is known of 1 more (XSR).",
}
_PRESENT = (Level.COMMITTED, Level.DESCRIBED, Level.LIKELY)
_LEVEL = (
    "committed: a passage is decided for it and binds. described: one is decided, nothing binds. "
    "likely: no passage is sure, yet presence is more likely than not. unclear: too little could "
    "be read. absent: read, and nothing found."
)

Shown = Annotated[
    int, Field(ge=0, le=10, description="Passages listed per cell, the firmest first.")
]
Choice = Annotated[
    Literal["latest", "all"],
    Field(
        description="Which of a country's documents speak for it: its newest readable one, or all."
    ),
]
On = Annotated[
    Year | None,
    Field(description="Year of the membership, and last year of the documents; today without."),
]


class DocumentQuery(Request):
    """Which documents are meant; values of one field are alternatives."""

    model_config = example(organisation="MCA", type=["strategy"])

    country: list[Value] = Field(
        default_factory=list, max_length=300, description="Codes or names."
    )
    organisation: Annotated[
        Value | None, Field(description="Only members of this organisation: id or name.")
    ] = None
    on: On = None
    type: list[Value] = Field(default_factory=list, max_length=50, description="E.g. strategy.")
    language: list[Value] = Field(default_factory=list, max_length=50)
    document: list[Value] = Field(default_factory=list, max_length=1000, description="Ids.")
    year_from: Year | None = None
    year_to: Year | None = None


class CoverageQuery(DocumentQuery):
    """What a coverage matrix is made of."""

    model_config = example(organisation="MCA", by="country", concept=[CONCEPT])

    framework: FrameworkId | None = None
    by: Annotated[Literal["country", "document"], Field(description="What the rows are.")] = (
        "country"
    )
    concept: list[Value] = Field(
        default_factory=list, max_length=200, description="Only these columns: ids or labels."
    )
    choice: Choice = "latest"
    evidence: Shown = 1


class GapsQuery(DocumentQuery):
    """What gaps are looked for in."""

    model_config = example(organisation="MCA", on=2022)

    framework: FrameworkId | None = None
    choice: Choice = "latest"
    evidence: Shown = 3


class Mark(Answer):
    """A passage that counts for a cell, or nearly did."""

    model_config = example(**_MARK)

    passage: Annotated[str, Field(description="Id of the passage (GET /v1/passages/{id}).")]
    page: int
    quote: Annotated[str, Field(description="Words of the document at start to end.")]
    start: int
    end: int
    probability: Score
    stance: Stance
    strength: Annotated[Score, Field(description="How firmly the passage binds.")]
    modal: Annotated[str, Field(description="Class of the words that bind.")]


class Cell(Answer):
    """One document and one concept, with the passages that say so."""

    model_config = example(**_CELL)

    concept: str
    document: Annotated[str, Field(description="Id of the document that speaks.")]
    level: Annotated[Level, Field(description=_LEVEL)]
    claim: str
    present: Annotated[bool, Field(description="Committed, described or likely.")]
    score: Score
    interval: Interval
    presence: Score
    depth: Score
    commitment: Score
    counted: Annotated[int, Field(description="How many passages count, in the whole document.")]
    evidence: list[Mark]
    nearest: Annotated[list[Mark], Field(description="Without evidence: the nearest misses.")]
    recall: Annotated[Rate | None, Field(description="What the model is known to find.")]

    @classmethod
    def of(cls, cell: domain.Cell, shown: int) -> Self:
        """From the domain, with as many passages as are asked for."""
        return cls(
            **{
                name: getattr(cell, name)
                for name in ("concept", "document", "level", "claim", "score", "interval")
            },
            present=cell.level in _PRESENT,
            presence=cell.presence,
            depth=cell.depth,
            commitment=cell.commitment,
            counted=cell.counted,
            evidence=[Mark.model_validate(mark) for mark in cell.evidence[:shown]],
            nearest=[]
            if cell.evidence
            else [Mark.model_validate(mark) for mark in cell.nearest[:shown]],
            recall=None if cell.recall is None else Rate.model_validate(cell.recall),
        )


class Source(Answer):
    """A document that speaks for a row."""

    model_config = example(**_SOURCE)

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


class CoveredConcept(Answer):
    """A column."""

    model_config = example(**_CONCEPT)

    concept: str
    label: str
    group: str


class CoverageRow(Answer):
    """A country or a document; its cells are in the order of the concepts."""

    model_config = example(**_ROW)

    key: Annotated[str, Field(description="Country code or document id.")]
    label: str
    sources: Annotated[list[Source], Field(description="The documents that speak for it.")]
    passed: Annotated[
        list[Source], Field(description="Newer documents, too little of which could be read.")
    ]
    overall: GroupAlignment
    groups: list[GroupAlignment]
    read: Annotated[Score, Field(description="Share of the document that could be read.")]
    cells: list[Cell]
    cautions: list[str]

    @classmethod
    def of(cls, row: domain.Row, columns: list[int], shown: int) -> Self:
        """From the domain."""
        return cls(
            key=row.key,
            label=row.label,
            sources=[Source.model_validate(source) for source in row.sources],
            passed=[Source.model_validate(source) for source in row.passed],
            overall=GroupAlignment.model_validate(row.overall),
            groups=[GroupAlignment.model_validate(group) for group in row.groups],
            read=row.read,
            cells=[Cell.of(row.cells[n], shown) for n in columns],
            cautions=list(row.cautions),
        )


class Versions(Answer):
    """What an answer was made with."""

    model_config = example(**_VERSIONS)

    framework: str
    framework_version: Annotated[str, Field(description="Hash of the framework's content.")]
    rule: Annotated[str, Field(description="Version of the scoring rule.")]
    level_rule: Annotated[str, Field(description="Version of the rule for levels.")]
    models: Annotated[list[str], Field(description="Ids of the tagging models.")]


def versions(matrix: domain.Matrix) -> dict[str, Any]:
    """The fields of `Versions`."""
    return {
        "framework": matrix.framework.id,
        "framework_version": matrix.framework.version,
        "rule": matrix.rule,
        "level_rule": matrix.level_rule,
        "models": list(matrix.models),
    }


class Coverage(Versions):
    """Countries or documents by concepts."""

    model_config = example(
        **_VERSIONS, by="country", choice="latest", concepts=[_CONCEPT], rows=[_ROW]
    )

    by: Literal["country", "document"]
    choice: Literal["latest", "all"]
    concepts: list[CoveredConcept]
    rows: list[CoverageRow]

    @classmethod
    def of(cls, matrix: domain.Matrix, columns: list[int], shown: int) -> Self:
        """From the domain."""
        return cls(
            **versions(matrix),
            by=matrix.by,
            choice=matrix.choice,
            concepts=[
                CoveredConcept(concept=c.id, label=c.label, group=c.group)
                for c in (matrix.concepts[n] for n in columns)
            ],
            rows=[CoverageRow.of(row, columns, shown) for row in matrix.rows],
        )


class Rollup(Answer):
    """One concept across the members of a region, by codes of countries."""

    model_config = example(**_ROLLUP)

    concept: str
    label: str
    group: str
    committed: list[str]
    described: list[str]
    likely: list[str]
    unclear: list[str]
    absent: list[str]
    score: Annotated[
        Score | None, Field(description="Mean over the members of which enough could be read.")
    ]
    interval: Annotated[
        Interval | None, Field(description="Means of the lower and of the upper bounds.")
    ]


class Member(Answer):
    """A country that belonged to the region on that day."""

    model_config = example(
        country="XCV", name="Calvessa", since="1998-05-01", until=None, documented=True
    )

    country: str
    name: str
    since: date | None
    until: date | None
    documented: Annotated[bool, Field(description="Whether a document of it is stored.")]


class Region(Answer):
    """Whose members they are; without an id, all countries with documents."""

    model_config = example(id="MCA", name="Meridian Coast Association", on="2022")

    id: str
    name: str
    on: Annotated[str, Field(description="Day or year on which membership was looked up.")]


class Voice(Answer):
    """A country, and what it says."""

    model_config = example(country="XCV", name="Calvessa", cell=_CELL)

    country: str
    name: str
    cell: Cell

    @classmethod
    def of(cls, voice: DomainVoice, shown: int) -> Self:
        """From the domain."""
        return cls(country=voice.country, name=voice.name, cell=Cell.of(voice.cell, shown))


class Gap(Answer):
    """A concept to which nobody, or one country alone, commits."""

    model_config = example(**_GAP)

    concept: str
    label: str
    group: str
    voices: Annotated[
        list[Voice],
        Field(description="Who commits alone; where nobody does, who comes nearest, in order."),
    ]
    described: list[str]
    likely: list[str]
    absent: list[str]
    unknown: Annotated[
        list[str], Field(description="Countries of which nothing can be said; no gap is theirs.")
    ]
    recall: Rate | None
    note: str

    @classmethod
    def of(cls, gap: domain.Gap, shown: int) -> Self:
        """From the domain."""
        return cls(
            concept=gap.concept,
            label=gap.label,
            group=gap.group,
            voices=[Voice.of(voice, shown) for voice in gap.voices],
            described=list(gap.described),
            likely=list(gap.likely),
            absent=list(gap.absent),
            unknown=list(gap.unknown),
            recall=None if gap.recall is None else Rate.model_validate(gap.recall),
            note=gap.note,
        )


class Gaps(Versions):
    """What no member of a region commits to, and who commits where nobody else does."""

    model_config = example(
        **_VERSIONS,
        choice="latest",
        region={"id": "MCA", "name": "Meridian Coast Association", "on": "2022"},
        members=[
            {
                "country": "XCV",
                "name": "Calvessa",
                "since": "1998-05-01",
                "until": None,
                "documented": True,
            }
        ],
        missed={"absent": {"value": 0.08, "low": 0.05, "high": 0.12, "n": 186}},
        concepts=[_ROLLUP],
        nobody=[_GAP],
        alone=[_GAP],
    )

    choice: Literal["latest", "all"]
    region: Region
    members: list[Member]
    missed: Annotated[
        dict[str, Rate],
        Field(
            description="By level: how often two readers of whole documents both found a "
            "commitment where this level is given."
        ),
    ]
    concepts: Annotated[list[Rollup], Field(description="All concepts, rolled up.")]
    nobody: list[Gap]
    alone: list[Gap]

    @classmethod
    def of(cls, found: domain.Gaps, shown: int) -> Self:
        """From the domain."""
        region = found.region
        return cls(
            **versions(region.matrix),
            choice=region.matrix.choice,
            region=Region(id=region.id, name=region.name, on=region.on),
            members=[Member.model_validate(member) for member in region.members],
            missed={level.value: Rate.model_validate(rate) for level, rate in found.missed.items()},
            concepts=[Rollup.model_validate(rolled) for rolled in region.concepts],
            nobody=[Gap.of(gap, shown) for gap in found.nobody],
            alone=[Gap.of(gap, shown) for gap in found.alone],
        )


class ComparisonRequest(Request):
    """The documents to compare, 2 to 500."""

    model_config = example(documents=[DOCUMENT_ID, OTHER_DOCUMENT_ID], framework="cyber-resilience")

    documents: Annotated[
        list[Annotated[str, Field(max_length=64)]],
        Field(min_length=2, max_length=500, description="Ids, in the order of the answer."),
    ]
    framework: FrameworkId | None = None
    evidence: Shown = 1


_SUMMARY: dict[str, Any] = {
    **_SOURCE,
    "overall": OVERALL,
    "groups": [GROUP],
    "read": 0.98,
    "cautions": [],
}


class ComparedDocument(Source):
    """One document of a comparison."""

    model_config = example(**_SUMMARY)

    overall: GroupAlignment
    groups: list[GroupAlignment]
    read: Score
    cautions: list[str]


class ComparedConcept(Answer):
    """One concept across the documents, in their order."""

    model_config = example(**_CONCEPT, scores=[_CELL], spread=0.3, apart=False, only=[])

    concept: str
    label: str
    group: str
    scores: Annotated[list[Cell], Field(description="In the order of the documents.")]
    spread: Annotated[Score, Field(description="The highest score less the lowest.")]
    apart: Annotated[
        bool, Field(description="The difference is larger than the scores' own uncertainty.")
    ]
    only: Annotated[
        list[str], Field(description="Documents that commit, where fewer than half of them do.")
    ]


class Comparison(Versions):
    """Documents against one framework: a row per concept, a column per document."""

    model_config = example(
        **_VERSIONS,
        documents=[_SUMMARY],
        concepts=[{**_CONCEPT, "scores": [_CELL], "spread": 0.3, "apart": False, "only": []}],
    )

    documents: list[ComparedDocument]
    concepts: list[ComparedConcept]

    @classmethod
    def of(cls, found: domain.Comparison, shown: int) -> Self:
        """From the domain."""
        return cls(
            **versions(found.matrix),
            documents=[
                ComparedDocument(
                    **Source.model_validate(row.sources[0]).model_dump(),
                    overall=GroupAlignment.model_validate(row.overall),
                    groups=[GroupAlignment.model_validate(group) for group in row.groups],
                    read=row.read,
                    cautions=list(row.cautions),
                )
                for row in found.matrix.rows
            ],
            concepts=[
                ComparedConcept(
                    concept=one.concept,
                    label=one.label,
                    group=one.group,
                    scores=[Cell.of(cell, shown) for cell in one.cells],
                    spread=one.spread,
                    apart=one.apart,
                    only=list(one.only),
                )
                for one in found.concepts
            ],
        )
