"""`/v1/compare`: documents side by side."""

from __future__ import annotations

from fastapi import APIRouter

from service.api.dependencies import WorkspaceDep
from service.api.problems import problems
from service.api.schemas.coverage import Comparison, ComparisonRequest

router = APIRouter(prefix="/compare", tags=["coverage"])


@router.post(
    "", summary="Compare documents", operation_id="compare", responses=problems(404, 413, 422)
)
def compare(request: ComparisonRequest, workspace: WorkspaceDep) -> Comparison:
    """Any number of documents against one framework: a row per concept, a column per document,
    each cell with its passages."""
    return Comparison.of(
        workspace.across.compare(request.framework, request.documents), request.evidence
    )
