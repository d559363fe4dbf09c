"""`/v1/compare`: documents side by side."""

from __future__ import annotations

from fastapi import APIRouter

from miner.errors import InputError
from service.api.dependencies import WorkspaceDep
from service.api.problems import problems
from service.api.schemas.alignment import Comparison, ComparisonRequest

router = APIRouter(prefix="/compare", tags=["alignment"])


@router.post(
    "", summary="Compare documents", operation_id="compare", responses=problems(404, 413, 422)
)
def compare(request: ComparisonRequest, workspace: WorkspaceDep) -> Comparison:
    """Align documents to one framework: a row per concept, a column per document."""
    if len(set(request.documents)) < len(request.documents):
        raise InputError("documents", "one is named twice", "Name each document once.")
    return Comparison.of(
        [
            (
                workspace.store.summary(document),
                workspace.align_document(document, request.framework),
            )
            for document in request.documents
        ]
    )
