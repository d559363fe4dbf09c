"""Answers of the API as frozen dataclasses; names and fields are those of openapi.json.

Scores, probabilities and strengths lie in 0 to 1; intervals hold 95 %; offsets count code points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Interval = tuple[float, float]
Level = Literal["committed", "described", "likely", "unclear", "absent"]
State = Literal["queued", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from the top left."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a text: `text[start:end] == quote`."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A share counted on `n` labelled passages, with its interval."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Problem:
    """An error (RFC 9457): what is concerned, why, and what to do next."""

    type: str
    title: str
    status: int
    detail: str
    what: str = ""
    cause: str = ""
    next_step: str = ""
    request_id: str | None = None


# -- documents and passages ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document without its text."""

    id: str
    title: str
    country: str | None
    country_name: str | None
    organisations: tuple[str, ...]
    year: int | None
    language: str | None
    issuing_body: str | None
    type: str | None
    url: str | None
    licence: str | None
    provenance: Mapping[str, str]
    passages: int
    files: tuple[str, ...]
    added: datetime
    revision: str


@dataclass(frozen=True, slots=True)
class DocumentList:
    """Some of the documents that were asked for; `total` are there."""

    items: tuple[Document, ...]
    total: int
    limit: int
    offset: int


@dataclass(frozen=True, slots=True)
class Tag:
    """A concept that a passage addresses, and the words that speak for it."""

    concept: str
    probability: float
    evidence: tuple[Evidence, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Stance:
    """What a passage does with its subject: commitment, in_place, descriptive or noise; evidence:
    the words that bind, or tell of a measure."""

    label: str
    probability: float
    by: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a document with its tags; citation: how to quote it, with its page."""

    id: str
    document: str
    title: str
    country: str | None
    country_name: str | None
    organisations: tuple[str, ...]
    year: int | None
    position: int
    text: str
    start: int
    end: int
    page: int
    last_page: int
    kind: str
    heading_path: tuple[str, ...]
    language: str
    boxes: tuple[Box, ...]
    tags: tuple[Tag, ...]
    stance: Stance
    abstained: str | None
    model: str
    citation: str


@dataclass(frozen=True, slots=True)
class PassageList:
    """Some of the passages that were asked for; `total` are there."""

    items: tuple[Passage, ...]
    total: int
    limit: int
    offset: int


# -- search and tagging ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that answers; highlights are spans of its text."""

    passage: str
    document: str
    title: str
    country: str | None
    year: int | None
    score: float
    text: str
    page: int
    heading_path: tuple[str, ...]
    highlights: tuple[Evidence, ...]
    tags: tuple[Tag, ...]
    stance: Stance
    citation: str


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """Passages that answer a question, how it was read, and how many satisfy it."""

    hits: tuple[Hit, ...]
    total: int
    interpretation: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TaggedRow:
    """Tags and stance of one text; abstained: why the model keeps quiet."""

    id: str | int
    tags: tuple[Tag, ...]
    stance: Stance
    abstained: str | None
    model: str


# -- alignment ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EvidencePassage:
    """A passage that counts for a concept: where it is, what it says, how sure the tag is."""

    passage: str
    page: int
    heading_path: tuple[str, ...]
    quote: str
    start: int
    end: int
    text: str
    probability: float
    stance: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class ConceptAlignment:
    """One concept's score and what it rests on; without evidence, the `nearest` misses."""

    concept: str
    label: str
    group: str
    score: float
    present: bool
    presence: float
    depth: float
    commitment: float
    interval: Interval
    evidence: tuple[EvidencePassage, ...]
    nearest: tuple[EvidencePassage, ...]
    note: str
    claim: str
    counted: int
    recall: Rate | None


@dataclass(frozen=True, slots=True)
class GroupAlignment:
    """The mean of a group of concepts, or of all (`overall`)."""

    group: str
    score: float
    interval: Interval
    present: int
    concepts: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """A document against a framework; cautions lower what can be claimed."""

    document: str
    title: str
    framework: str
    framework_version: str
    rule: str
    model: str
    passages: int
    prose_words: int
    overall: GroupAlignment
    groups: tuple[GroupAlignment, ...]
    concepts: tuple[ConceptAlignment, ...]
    cautions: tuple[str, ...]
    read: float
    weights: Mapping[str, float]

    def concept(self, concept_id: str) -> ConceptAlignment:
        """One concept of it. KeyError where the framework has none of this id."""
        for one in self.concepts:
            if one.concept == concept_id:
                return one
        raise KeyError(concept_id)


@dataclass(frozen=True, slots=True)
class Job:
    """An upload on its way into the store, or a batch of alignments.

    fraction: how much is done. result: address of the document or the results.
    """

    id: str
    kind: str
    state: State
    fraction: float
    file: str
    document: str | None
    outcome: str | None
    warnings: tuple[str, ...]
    items: int | None
    failed: int
    result: str | None
    problem: Problem | None
    created: datetime
    finished: datetime | None


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One document or text of a batch: its alignment, or its problem."""

    id: str
    alignment: Alignment | None
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Results of a batch in the order of the request; `done` of `total` are there."""

    job: str
    state: State
    items: tuple[BatchItem, ...]
    done: int
    total: int
    limit: int
    offset: int


# -- across documents ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage that counts for a cell, or nearly did."""

    passage: str
    page: int
    quote: str
    start: int
    end: int
    probability: float
    stance: str
    strength: float
    modal: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One document and one concept, with the firmest of the `counted` passages."""

    concept: str
    document: str
    level: Level
    claim: str
    present: bool
    score: float
    interval: Interval
    presence: float
    depth: float
    commitment: float
    counted: int
    evidence: tuple[Mark, ...]
    nearest: tuple[Mark, ...]
    recall: Rate | None


@dataclass(frozen=True, slots=True)
class Source:
    """A document that speaks for a row."""

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


@dataclass(frozen=True, slots=True)
class CoveredConcept:
    """A column of a matrix."""

    concept: str
    label: str
    group: str


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A country or a document; its cells are in the order of the concepts."""

    key: str
    label: str
    sources: tuple[Source, ...]
    passed: tuple[Source, ...]
    overall: GroupAlignment
    groups: tuple[GroupAlignment, ...]
    read: float
    cells: tuple[Cell, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Countries or documents by concepts, with what it was made with."""

    framework: str
    framework_version: str
    rule: str
    level_rule: str
    models: tuple[str, ...]
    by: str
    choice: str
    concepts: tuple[CoveredConcept, ...]
    rows: tuple[CoverageRow, ...]

    def cell(self, key: str, concept_id: str) -> Cell:
        """A cell by its row's key and its concept. KeyError where there is none."""
        for row in self.rows:
            for cell in row.cells:
                if row.key == key and cell.concept == concept_id:
                    return cell
        raise KeyError((key, concept_id))


@dataclass(frozen=True, slots=True)
class Rollup:
    """One concept across the members of a region, by codes of countries."""

    concept: str
    label: str
    group: str
    committed: tuple[str, ...]
    described: tuple[str, ...]
    likely: tuple[str, ...]
    unclear: tuple[str, ...]
    absent: tuple[str, ...]
    score: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Member:
    """A country that belonged to the region on that day (ISO 8601 dates)."""

    country: str
    name: str
    since: str | None
    until: str | None
    documented: bool


@dataclass(frozen=True, slots=True)
class Region:
    """Whose members they are; without an id, all countries with documents."""

    id: str
    name: str
    on: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A country, and what it says."""

    country: str
    name: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Gap:
    """A concept to which nobody, or one country alone, commits."""

    concept: str
    label: str
    group: str
    voices: tuple[Voice, ...]
    described: tuple[str, ...]
    likely: tuple[str, ...]
    absent: tuple[str, ...]
    unknown: tuple[str, ...]
    recall: Rate | None
    note: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """What no member of a region commits to, and who commits where nobody else does."""

    framework: str
    framework_version: str
    rule: str
    level_rule: str
    models: tuple[str, ...]
    choice: str
    region: Region
    members: tuple[Member, ...]
    missed: Mapping[str, Rate]
    concepts: tuple[Rollup, ...]
    nobody: tuple[Gap, ...]
    alone: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class ComparedDocument:
    """One document of a comparison."""

    document: str
    title: str
    country: str | None
    country_name: str | None
    year: int | None
    overall: GroupAlignment
    groups: tuple[GroupAlignment, ...]
    read: float
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparedConcept:
    """One concept across the documents; apart: they differ by more than the scores' error."""

    concept: str
    label: str
    group: str
    scores: tuple[Cell, ...]
    spread: float
    apart: bool
    only: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Documents against one framework: a row per concept, a column per document."""

    framework: str
    framework_version: str
    rule: str
    level_rule: str
    models: tuple[str, ...]
    documents: tuple[ComparedDocument, ...]
    concepts: tuple[ComparedConcept, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """A named body, and how often the documents name it; roles: countries by closest tie."""

    id: str
    name: str
    short: str
    kind: str
    aliases: tuple[str, ...]
    organisation: str | None
    country: str | None
    url: str
    documents: int
    mentions: int
    roles: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class BodyList:
    """Bodies that the documents name, those named by most documents first."""

    items: tuple[Body, ...]
    total: int
    limit: int
    offset: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a document names a body."""

    passage: str
    document: str
    page: int
    start: int
    end: int
    quote: str
    sentence: str
    role: str


@dataclass(frozen=True, slots=True)
class Involvement:
    """What one document says of its country and a body, the closest tie first."""

    document: str
    title: str
    country: str | None
    country_name: str | None
    year: int | None
    body: str
    role: str
    member: bool | None
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class BodyDetail:
    """A body with the documents that name it."""

    id: str
    name: str
    short: str
    kind: str
    aliases: tuple[str, ...]
    organisation: str | None
    country: str | None
    url: str
    involvements: tuple[Involvement, ...]
    total: int
    limit: int
    offset: int


@dataclass(frozen=True, slots=True)
class Strength:
    """How firmly a commitment binds, and the parts that say so."""

    value: float
    modal: str
    has_actor: bool
    has_deadline: bool
    has_resource: bool


@dataclass(frozen=True, slots=True)
class Commitment:
    """Who has promised what by when; spans are of the passage's text."""

    document: str
    title: str
    country: str | None
    year: int | None
    passage: str
    page: int
    sentence: Evidence
    who: str
    what: str
    strength: Strength
    in_place: bool
    concepts: tuple[str, ...]
    citation: str


@dataclass(frozen=True, slots=True)
class CommitmentList:
    """Some of the commitments that were asked for; `total` are there."""

    items: tuple[Commitment, ...]
    total: int
    limit: int
    offset: int


# -- taxonomy ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing a passage can address."""

    id: str
    group: str
    label: str
    definition: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Framework:
    """A choice of concepts that a document can be aligned to."""

    id: str
    title: str
    citation: str
    version: str
    groups: tuple[str, ...]
    concepts: tuple[Concept, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class FrameworkList:
    """All frameworks; the first is used where none is named."""

    items: tuple[Framework, ...]
    total: int


@dataclass(frozen=True, slots=True)
class ConceptList:
    """All concepts that passages are tagged with."""

    items: tuple[Concept, ...]
    total: int


@dataclass(frozen=True, slots=True)
class TagResponse:
    """Tags of texts, in the order of the request."""

    rows: tuple[TaggedRow, ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a service that is ready works with."""

    status: str
    documents: int
    passages: int
    embedding_model: str
    tagging_model: str
