"""`/v1/commitments`: who has promised what by when."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from miner.index import Filter, year_range
from service.api.dependencies import GeographyDep, WorkspaceDep
from service.api.filters import where
from service.api.problems import problems
from service.api.schemas.commitments import (
    ChoiceQuery,
    Commitment,
    CommitmentList,
    CommitmentQuery,
)
from service.api.schemas.document import DocumentId
from service.workspace import Workspace

router = APIRouter(tags=["commitments"])

# Seconds that a caller waits for passages to be parsed; what was read by then is kept.
_PATIENCE = 20.0


@router.get(
    "/commitments",
    summary="List commitments",
    operation_id="list_commitments",
    responses=problems(422, 503),
)
def list_commitments(
    query: Annotated[CommitmentQuery, Query()], workspace: WorkspaceDep, geography: GeographyDep
) -> CommitmentList:
    """Who has promised what by when, in the passages that satisfy the filters.

    Each carries its words (actor, modal, action, object, deadline, resource, beneficiary), a
    strength from 0 to 1, its page and its citation. Passages are parsed when they are first
    asked for: over a large store that was never asked the answer is 503 with `Retry-After`
    until all are read. English only.
    """
    return _answer(workspace, where(query, geography, workspace.store), query)


@router.get(
    "/documents/{document_id}/commitments",
    tags=["documents"],
    summary="List a document's commitments",
    operation_id="list_document_commitments",
    responses=problems(404, 422, 503),
)
def list_document_commitments(
    document_id: DocumentId, query: Annotated[ChoiceQuery, Query()], workspace: WorkspaceDep
) -> CommitmentList:
    """The commitments of one document."""
    workspace.store.summary(document_id)
    return _answer(workspace, Filter({"document": [document_id]}), query)


def _answer(workspace: Workspace, chosen: Filter, query: ChoiceQuery) -> CommitmentList:
    from miner.commitments import version
    from miner.commitments.ledger import Choice

    year_range(query.due_from, query.due_to)
    choice = Choice(
        query.actor, tuple(query.modal), query.min_strength, query.due_from, query.due_to
    )
    found = workspace.commitments(chosen, choice, query.sort, patience=_PATIENCE)
    shown = found[query.offset : query.offset + query.limit]
    return CommitmentList(
        items=[Commitment.of(entry) for entry in shown],
        total=len(found),
        limit=query.limit,
        offset=query.offset,
        extractor=version(),
    )
