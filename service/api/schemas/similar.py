"""Passages like a passage."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field

from miner.similar import SimilarHit as DomainHit
from miner.similar import SimilarResponse
from service.api.schemas.base import Answer, Limit, Offset, example
from service.api.schemas.examples import CONCEPT, EVIDENCE, PASSAGE, PASSAGE_ID
from service.api.schemas.filters import Filters
from service.api.schemas.passage import Evidence, PassageBody, body


class SimilarQuery(Filters):
    """What passages like a passage are narrowed by."""

    limit: Limit = 10
    offset: Offset = 0
    own: Annotated[
        bool,
        Field(description="Rank passages of its own document among the others, not after them."),
    ] = False


class SimilarText(Filters):
    """A text of one's own, and what the passages like it are narrowed by."""

    model_config = example(
        text="The ministry will reward those who report flaws in its systems.", limit=5
    )

    text: Annotated[str, Field(min_length=1, max_length=20_000, description="One passage.")]
    limit: Limit = 10
    offset: Offset = 0


_HIT: dict[str, Any] = {
    "passage": PASSAGE_ID,
    **PASSAGE,
    "score": 3.12,
    "meaning": 0.81,
    "words": 0.74,
    "concepts": [CONCEPT],
    "highlights": [EVIDENCE],
    "near_duplicate": False,
    "folded": [],
}


class SimilarHit(PassageBody):
    """A passage like the one asked for. `score` orders the hits of one answer, nothing more."""

    model_config = example(**_HIT)

    passage: Annotated[str, Field(description="Id of the passage.")]
    score: float
    meaning: Annotated[float, Field(description="Cosine of the two embeddings, -1 to 1.")]
    words: Annotated[float, Field(description="Shared words, as a share of the best hit's.")]
    concepts: Annotated[list[str], Field(description="Concepts decided on both.")]
    highlights: Annotated[list[Evidence], Field(description="What both share.")]
    near_duplicate: Annotated[
        bool, Field(description="It repeats the passage asked for, nearly word for word.")
    ]
    folded: Annotated[list[str], Field(description="Ids of further passages that repeat this one.")]

    @classmethod
    def of(cls, hit: DomainHit) -> Self:
        """From the Finder."""
        return cls(
            passage=hit.passage.passage.id,
            score=round(hit.score, 6),
            meaning=round(hit.meaning, 4),
            words=round(hit.words, 4),
            concepts=list(hit.concepts),
            highlights=[Evidence.model_validate(span) for span in hit.highlights],
            near_duplicate=hit.near_duplicate,
            folded=[stored.passage.id for stored in hit.folded],
            **body(hit.passage),
        )


class SimilarList(Answer):
    """Passages like a passage, other documents before its own."""

    model_config = example(items=[_HIT], total=246, limit=10, offset=0)

    items: list[SimilarHit]
    total: Annotated[int, Field(description="Passages that satisfy the filters.")]
    limit: int
    offset: int

    @classmethod
    def of(cls, found: SimilarResponse, limit: int, offset: int) -> Self:
        """From the Finder."""
        return cls(
            items=[SimilarHit.of(hit) for hit in found.hits],
            total=found.total,
            limit=limit,
            offset=offset,
        )
