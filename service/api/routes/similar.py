"""`/v1/passages/{id}/similar` and `/v1/clusters`: what says the same elsewhere."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from miner.similar import SimilarRequest
from service.api.dependencies import GeographyDep, WorkspaceDep
from service.api.filters import where
from service.api.problems import problems
from service.api.schemas.clusters import ClusterList, ClusterQuery
from service.api.schemas.passage import PassageId
from service.api.schemas.similar import SimilarList, SimilarQuery, SimilarText

router = APIRouter(tags=["similar"])

# Seconds that a caller waits for passages to be read; what was read by then is kept.
_PATIENCE = 20.0


@router.get(
    "/passages/{passage_id}/similar",
    summary="More like this passage",
    operation_id="similar_passages",
    responses=problems(404, 422, 503),
)
def similar_passages(
    passage_id: PassageId,
    query: Annotated[SimilarQuery, Query()],
    workspace: WorkspaceDep,
    geography: GeographyDep,
) -> SimilarList:
    """Passages like a stored one, by meaning, words and concepts at once.

    Those of other documents come first. A hit that repeats the passage nearly word for word is
    marked, and hits that repeat one another are folded into the best of them.
    """
    request = SimilarRequest(
        passage=passage_id,
        limit=query.limit,
        offset=query.offset,
        where=where(query, geography, workspace.store),
        own=query.own,
    )
    return SimilarList.of(workspace.finder.find(request), query.limit, query.offset)


@router.post(
    "/passages/similar",
    summary="Passages like a text",
    operation_id="similar_to_text",
    responses=problems(413, 422, 503),
)
def similar_to_text(
    request: SimilarText, workspace: WorkspaceDep, geography: GeographyDep
) -> SimilarList:
    """The same for a text that is stored nowhere."""
    asked = SimilarRequest(
        text=request.text,
        limit=request.limit,
        offset=request.offset,
        where=where(request, geography, workspace.store),
    )
    return SimilarList.of(workspace.finder.find(asked), request.limit, request.offset)


@router.get(
    "/clusters",
    summary="The same promise across countries",
    operation_id="list_clusters",
    responses=problems(422, 503),
)
def list_clusters(
    query: Annotated[ClusterQuery, Query()], workspace: WorkspaceDep, geography: GeographyDep
) -> ClusterList:
    """Clusters of commitments of different countries that promise the same thing.

    Of the passages that satisfy the filters those that commit, or tell of a measure in place, are
    read. Each cluster tells who is firmest and who names a deadline, a resource or an actor. The
    same commitments always make the same clusters. Passages are read when they are first asked
    for: where that takes long the answer is 503 with `Retry-After`.
    """
    # scipy costs a second that the service's start need not wait.
    from miner.changes import ClusterRequest, clusters_of

    request = ClusterRequest(
        where=where(query, geography, workspace.store),
        limit=query.limit,
        offset=query.offset,
        countries=query.countries,
        alike=query.alike,
    )
    found = clusters_of(workspace.store, workspace.encoder, request, _PATIENCE)
    return ClusterList.of(found, query.limit, query.offset)
