"""Search: a question, and the Hits with how the question was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field

from miner import search as domain
from miner.query import Chip as DomainChip
from service.api.schemas.base import Answer, Limit, Offset, example
from service.api.schemas.examples import CHIP, EVIDENCE, PASSAGE, PASSAGE_ID
from service.api.schemas.filters import MOST, Filters, Value
from service.api.schemas.passage import Evidence, PassageBody, body

FacetName = Literal[
    "country", "organisations", "year", "concepts", "stance", "language", "document"
]
_QUERY = "vulnerability disclosure commitments Meridian Coast Association"


class SearchRequest(Filters):
    """A question and what narrows it."""

    model_config = example(
        q=_QUERY, year_from=2015, facets=["country"], limit=10, without=["stance:commitment"]
    )

    q: Annotated[
        str,
        Field(
            max_length=2000,
            description="Words. Countries, organisations, years, concepts and stances that it "
            "names become filters, which the answer shows. May be empty where a filter is set.",
            examples=[_QUERY],
        ),
    ] = ""
    limit: Limit = 10
    offset: Offset = 0
    mode: Annotated[
        Literal["bm25", "dense", "hybrid", "full"],
        Field(description="`full` reads the query and uses words, meaning and tags."),
    ] = "full"
    read: Annotated[bool, Field(description="Whether the names in the query become filters.")] = (
        True
    )
    without: list[Value] = Field(
        default_factory=list, max_length=MOST, description="Ids of chips to switch off."
    )
    group: Annotated[
        bool, Field(description="One group of hits per document; `limit` counts documents.")
    ] = False
    facets: list[FacetName] = Field(
        default_factory=list, max_length=7, description="What to count passages by."
    )


_HIT = {
    "passage": PASSAGE_ID,
    **PASSAGE,
    "score": 0.0871,
    "highlights": [EVIDENCE],
}


class Hit(PassageBody):
    """A passage that was found. `score` orders the hits of one answer, nothing more."""

    model_config = example(**_HIT)

    passage: Annotated[str, Field(description="Id of the passage.")]
    score: float
    highlights: Annotated[list[Evidence], Field(description="The words that answer.")]

    @classmethod
    def of(cls, hit: domain.Hit) -> Self:
        """From a search."""
        return cls(
            passage=hit.passage.passage.id,
            score=round(hit.score, 6),
            highlights=[Evidence.model_validate(span) for span in hit.highlights],
            **body(hit.passage),
        )


class DocumentHits(Answer):
    """The hits of one document, best first."""

    model_config = example(document=PASSAGE["document"], hits=[_HIT])

    document: str
    hits: list[Hit]


class Chip(Answer):
    """A part of the query that was understood; its id switches it off (`without`)."""

    model_config = example(**CHIP)

    id: str
    kind: str
    value: str
    label: str
    start: Annotated[int, Field(description="Span of the query it was read from.")]
    end: int

    @classmethod
    def of(cls, chip: DomainChip) -> Self:
        """From a reading."""
        return cls(
            id=chip.id,
            kind=chip.kind.value,
            value=chip.value,
            label=chip.label,
            start=chip.start,
            end=chip.end,
        )


_READING = {
    "query": _QUERY,
    "text": "vulnerability disclosure",
    "chips": [CHIP],
    "phrases": [],
    "excluded": [],
}


class Interpretation(Answer):
    """What the query was read as: its chips, and the words that are searched."""

    model_config = example(**_READING)

    query: str
    text: Annotated[str, Field(description="What is searched by meaning.")]
    chips: list[Chip]
    phrases: Annotated[list[str], Field(description="Wordings that must occur as they are.")]
    excluded: Annotated[list[str], Field(description="Words that must not occur.")]


class FacetValue(Answer):
    """How many of the passages carry a value."""

    model_config = example(value="XCV", label="Calvessa", count=17)

    value: str
    label: Annotated[str, Field(description="The value for people.")]
    count: int


class SearchResponse(Answer):
    """The answer to a question."""

    model_config = example(
        query=_QUERY,
        total=23,
        limit=10,
        offset=0,
        hits=[_HIT],
        groups=[],
        facets={"country": [{"value": "XCV", "label": "Calvessa", "count": 17}]},
        interpretation=_READING,
        note="",
        wider=[],
    )

    query: str
    total: Annotated[int, Field(description="Passages that satisfy all filters.")]
    limit: int
    offset: int
    hits: list[Hit]
    groups: Annotated[list[DocumentHits], Field(description="Instead of hits, with `group`.")]
    facets: dict[str, list[FacetValue]]
    interpretation: Interpretation
    note: Annotated[
        str, Field(description="What hides or weakens the answer, in sentences; else empty.")
    ]
    wider: Annotated[
        list[str], Field(description="Ids of chips that could be switched off to get more.")
    ]

    @classmethod
    def of(
        cls,
        request: SearchRequest,
        found: domain.SearchResponse,
        labels: Mapping[str, Mapping[str, str]],
    ) -> Self:
        """From a search. `labels` names facet values for people, by facet and value."""
        reading = found.interpretation
        return cls(
            query=request.q,
            total=found.total,
            limit=request.limit,
            offset=request.offset,
            hits=[Hit.of(hit) for hit in found.hits],
            groups=[
                DocumentHits(document=group.document, hits=[Hit.of(hit) for hit in group.hits])
                for group in found.groups
            ],
            facets={
                name: [
                    FacetValue(
                        value=value, label=labels.get(name, {}).get(value, value), count=count
                    )
                    for value, count in counts.items()
                ]
                for name, counts in found.facets.items()
            },
            interpretation=Interpretation(
                query=reading.query,
                text=reading.text,
                chips=[Chip.of(chip) for chip in reading.chips],
                phrases=list(reading.phrases),
                excluded=list(reading.excluded),
            ),
            note=found.note,
            wider=[chip.id for chip in found.wider],
        )
