"""Passages like a passage, and clusters of passages that promise the same thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field

from miner.similar import SimilarHit as DomainHit
from miner.similar import SimilarResponse
from service.api.schemas.base import Answer, Limit, Offset, example
from service.api.schemas.commitments import Commitment
from service.api.schemas.examples import CONCEPT, EVIDENCE, PASSAGE, PASSAGE_ID
from service.api.schemas.filters import Filters
from service.api.schemas.passage import Evidence, PassageBody, body

if TYPE_CHECKING:
    from miner.changes import SharedPromise


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


class ClusterQuery(Filters):
    """Which passages are clustered, and what a cluster must be like."""

    limit: Limit = 20
    offset: Offset = 0
    countries: Annotated[
        int, Field(ge=1, le=300, description="Least number of countries in a cluster.")
    ] = 2
    alike: Annotated[
        float | None,
        Field(ge=0.5, le=20, description="Least likeness within a cluster; the measured one."),
    ] = None


_MEMBER: dict[str, Any] = {
    "passage": PASSAGE_ID,
    **PASSAGE,
    "closeness": 5.1,
    "commitment": None,
    "folded": [],
}


class ClusterMember(PassageBody):
    """A passage of a cluster, with the commitment of it that the others share most."""

    model_config = example(**_MEMBER)

    passage: Annotated[str, Field(description="Id of the passage.")]
    closeness: Annotated[float, Field(description="Mean likeness to the other members.")]
    commitment: Annotated[
        Commitment | None, Field(description="Null where none could be told (not English).")
    ]
    folded: Annotated[
        list[str],
        Field(description="Ids of passages that repeat it or are of the same document."),
    ]


_CLUSTER: dict[str, Any] = {
    "id": "5c2f0e9ab1d34477",
    "countries": ["XCV", "XIM"],
    "concepts": [CONCEPT],
    "cohesion": 5.4,
    "differences": ["deadline: only Calvessa 2022 (“by June 2023”)"],
    "members": [_MEMBER],
}


class Cluster(Answer):
    """Passages of several countries that promise the same thing, and how they differ."""

    model_config = example(**_CLUSTER)

    id: Annotated[str, Field(description="Made from the passages.")]
    countries: list[str]
    concepts: Annotated[list[str], Field(description="Of at least half of the members.")]
    cohesion: Annotated[float, Field(description="Mean likeness, in spreads of unlike texts.")]
    differences: Annotated[list[str], Field(description="Sentences on who stands out.")]
    members: Annotated[list[ClusterMember], Field(description="The most central first.")]

    @classmethod
    def of(cls, shared: SharedPromise) -> Self:
        """From the domain."""
        cluster = shared.cluster
        return cls(
            id=cluster.id,
            countries=list(cluster.countries),
            concepts=list(cluster.concepts),
            cohesion=cluster.cohesion,
            differences=list(shared.differences),
            members=[
                ClusterMember(
                    passage=said.member.passage.passage.id,
                    closeness=said.member.closeness,
                    commitment=Commitment.of(said.pledge.entry) if said.pledge else None,
                    folded=[stored.passage.id for stored in said.member.folded],
                    **body(said.member.passage),
                )
                for said in shared.said
            ],
        )


class ClusterList(Answer):
    """The clusters among the passages that satisfy the filters, those of most countries first."""

    model_config = example(items=[_CLUSTER], total=1, limit=20, offset=0, passages=120, alone=96)

    items: list[Cluster]
    total: int
    limit: int
    offset: int
    passages: Annotated[int, Field(description="How many passages were clustered.")]
    alone: Annotated[int, Field(description="How many of them are in no such cluster.")]
