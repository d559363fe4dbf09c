"""Clusters of commitments of several countries that promise the same thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field

from service.api.schemas.base import Answer, Limit, Offset, example
from service.api.schemas.commitments import COMMITMENT, Commitment
from service.api.schemas.examples import CONCEPT
from service.api.schemas.filters import Filters

if TYPE_CHECKING:
    from miner.changes import Cluster as DomainCluster
    from miner.changes import Clusters


class ClusterQuery(Filters):
    """Which passages are read, and what a cluster must be like."""

    limit: Limit = 20
    offset: Offset = 0
    countries: Annotated[
        int, Field(ge=1, le=300, description="Least number of countries in a cluster.")
    ] = 2
    alike: Annotated[
        float | None,
        Field(
            ge=0.01,
            le=0.99,
            description="Probability that the commitments of a cluster promise the same; without, "
            "the measured one (docs/changes.md).",
        ),
    ] = None


_MEMBER: dict[str, Any] = {"commitment": COMMITMENT, "closeness": 0.83, "folded": []}


class ClusterMember(Answer):
    """A commitment of a cluster."""

    model_config = example(**_MEMBER)

    commitment: Commitment
    closeness: Annotated[
        float, Field(description="Mean probability that it and the others promise the same.")
    ]
    folded: Annotated[
        list[Commitment],
        Field(description="Others of the cluster: of the same document, or in the same words."),
    ]


_CLUSTER: dict[str, Any] = {
    "id": "5c2f0e9ab1d34477",
    "countries": ["XCV", "XIM"],
    "concepts": [CONCEPT],
    "cohesion": 0.83,
    "differences": ["deadline: only Calvessa 2022 (“by June 2023”)"],
    "members": [_MEMBER],
}


class Cluster(Answer):
    """Commitments of several countries that promise the same thing, and how they differ."""

    model_config = example(**_CLUSTER)

    id: Annotated[str, Field(description="Made from the commitments.")]
    countries: list[str]
    concepts: Annotated[list[str], Field(description="Of at least half of the members.")]
    cohesion: Annotated[float, Field(description="Mean closeness, 0 to 1.")]
    differences: Annotated[list[str], Field(description="Sentences on who stands out.")]
    members: Annotated[list[ClusterMember], Field(description="The most central first.")]

    @classmethod
    def of(cls, cluster: DomainCluster) -> Self:
        """From the domain."""
        return cls(
            id=cluster.id,
            countries=list(cluster.countries),
            concepts=list(cluster.concepts),
            cohesion=cluster.cohesion,
            differences=list(cluster.differences),
            members=[
                ClusterMember(
                    commitment=Commitment.of(member.pledge.entry),
                    closeness=member.closeness,
                    folded=[Commitment.of(other.entry) for other in member.folded],
                )
                for member in cluster.members
            ],
        )


class ClusterList(Answer):
    """The clusters among the commitments that satisfy the filters, most countries first."""

    model_config = example(
        items=[_CLUSTER], total=1, limit=20, offset=0, passages=120, commitments=260, alone=236
    )

    items: list[Cluster]
    total: int
    limit: int
    offset: int
    passages: Annotated[int, Field(description="How many passages were read.")]
    commitments: Annotated[int, Field(description="How many commitments they hold.")]
    alone: Annotated[int, Field(description="How many of them are in no such cluster.")]

    @classmethod
    def of(cls, found: Clusters, limit: int, offset: int) -> Self:
        """From the domain."""
        return cls(
            items=[Cluster.of(one) for one in found.clusters],
            total=found.total,
            limit=limit,
            offset=offset,
            passages=found.passages,
            commitments=found.commitments,
            alone=found.alone,
        )
