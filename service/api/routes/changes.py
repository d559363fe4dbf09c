"""`/v1/changes`: what a newer strategy changed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from service.api.dependencies import GeographyDep, WorkspaceDep
from service.api.problems import problems
from service.api.schemas.changes import Changes, ChangesQuery

router = APIRouter(tags=["changes"])

# Seconds that a caller waits for passages to be parsed; what was read by then is kept.
_PATIENCE = 20.0


@router.get(
    "/changes",
    summary="What a newer strategy changed",
    operation_id="get_changes",
    responses=problems(404, 422, 503),
)
def get_changes(
    query: Annotated[ChangesQuery, Query()], workspace: WorkspaceDep, geography: GeographyDep
) -> Changes:
    """What the newer of two documents added, strengthened, weakened, kept and dropped.

    Give two documents, or a country whose first and last English document are then taken. Each
    change carries the words of both sides; where a side has none, its nearest commitment and
    passage. Of commitments that have neither a sure match nor sure absence nothing is claimed:
    they are counted. A document is parsed when it is first asked for: where that takes long the
    answer is 503 with `Retry-After`.
    """
    from service.changed import changed

    found = changed(
        workspace, geography, query.country, query.older, query.newer, patience=_PATIENCE
    )
    return Changes.of(found.changes, [item.id for item in found.others])
