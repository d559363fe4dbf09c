"""`/v1/passages`: passages by id, and by what they are about."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from service.api.dependencies import GeographyDep, StoreDep, WorkspaceDep
from service.api.filters import where
from service.api.problems import problems
from service.api.schemas.base import Limit, Offset
from service.api.schemas.filters import Filters
from service.api.schemas.passage import Passage, PassageId, PassageList

router = APIRouter(prefix="/passages", tags=["passages"])


class PassageQuery(Filters):
    """What a list of passages is narrowed by."""

    limit: Limit = 50
    offset: Offset = 0


@router.get("", summary="List passages", operation_id="list_passages", responses=problems(422))
def list_passages(
    query: Annotated[PassageQuery, Query()], workspace: WorkspaceDep, geography: GeographyDep
) -> PassageList:
    """All passages that satisfy the filters, in order of country, year, title and place.

    Unlike a search nothing is ranked or left out: this is what reports and exports page through.
    """
    found, total = workspace.passages(
        where(query, geography, workspace.store), query.offset, query.limit
    )
    return PassageList(
        items=[Passage.of(stored) for stored in found],
        total=total,
        limit=query.limit,
        offset=query.offset,
    )


@router.get(
    "/{passage_id}",
    summary="Show a passage",
    operation_id="get_passage",
    responses=problems(404, 422),
)
def get_passage(passage_id: PassageId, store: StoreDep) -> Passage:
    """One passage with its tags, its place and how to cite it."""
    return Passage.of(store.passage(passage_id))
