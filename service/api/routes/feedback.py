"""`/v1/feedback`: analysts accept, reject and add tags, and correct the stance."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from miner.feedback import Request, decide, training_rows
from service.api.dependencies import StoreDep
from service.api.problems import problems
from service.api.schemas.feedback import Decision, DecisionList, FeedbackQuery, FeedbackRequest

router = APIRouter(prefix="/feedback", tags=["feedback"])


@router.post(
    "",
    status_code=201,
    summary="Decide on a passage's tags",
    operation_id="give_feedback",
    responses=problems(404, 413, 422),
)
def give_feedback(request: FeedbackRequest, store: StoreDep) -> DecisionList:
    """Store decisions on one passage, all or none.

    When the answer comes, searches, alignments and exports show them: a tag that was accepted
    or added has probability 1, one that was rejected 0, both by `analyst`. They hold for the
    same words wherever they are stored, and outlive the document and the tagging model.
    """
    made = decide(
        store,
        request.who,
        [
            Request(request.passage, d.verdict, d.concept, d.stance, d.quote, request.comment)
            for d in request.decisions
        ],
    )
    items = [Decision.of(decision, True) for decision in made]
    return DecisionList(items=items, total=len(items), limit=len(items), offset=0)


@router.get("", summary="List decisions", operation_id="list_feedback", responses=problems(422))
def list_feedback(query: Annotated[FeedbackQuery, Query()], store: StoreDep) -> DecisionList:
    """All decisions, the latest first, also on passages that are not stored any more."""
    asked = {
        name: value
        for name, value in query.model_dump(exclude={"limit", "offset"}).items()
        if value is not None
    }
    found = [
        decision
        for decision in reversed(store.decisions())
        if all(getattr(decision, name) == value for name, value in asked.items())
    ]
    shown = found[query.offset : query.offset + query.limit]
    stored = store.passages_by_words([decision.text for decision in shown])
    return DecisionList(
        items=[Decision.of(decision, decision.text in stored) for decision in shown],
        total=len(found),
        limit=query.limit,
        offset=query.offset,
    )


@router.get(
    "/export",
    summary="Export decisions as training rows",
    operation_id="export_feedback",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"application/x-ndjson": {}}, "description": "One JSON row a line."},
        **problems(),
    },
)
def export_feedback(store: StoreDep) -> StreamingResponse:
    """One row per passage, as `miner train --with-feedback` reads it: what an analyst said is a
    label, all else is `undecided`."""

    def rows() -> Iterator[str]:
        for row in training_rows(store.decisions()):
            yield json.dumps(row, ensure_ascii=False) + "\n"

    return StreamingResponse(rows(), media_type="application/x-ndjson")
