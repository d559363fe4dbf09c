"""Batches of alignments: what is sent, and what comes back."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from service.api.schemas.alignment import Alignment, Evidence, FrameworkId
from service.api.schemas.base import Answer, Request, example
from service.api.schemas.examples import DOCUMENT_ID, JOB_ID, TEXT
from service.api.schemas.problem import Problem

MOST = 500
_PROBLEM: dict[str, Any] = {
    "type": "/problems/not-found",
    "title": "There is no such thing",
    "status": 404,
    "detail": "document '00ff': it is not in the store. List what is there with `miner list`.",
    "instance": f"/v1/alignment/batch/{JOB_ID}",
    "what": "document '00ff'",
    "cause": "it is not in the store",
    "next_step": "List what is there with `miner list` or GET /v1/documents.",
    "request_id": None,
    "errors": [],
}
_ITEM: dict[str, Any] = {"id": "00ff", "alignment": None, "problem": _PROBLEM}


class BatchText(Request):
    """A text under a name of your own."""

    model_config = example(id="draft-3", text=TEXT)

    id: Annotated[str, Field(min_length=1, max_length=200)]
    text: Annotated[str, Field(min_length=1, max_length=2_000_000)]


class BatchRequest(Request):
    """What to align: stored documents, texts, or both."""

    model_config = example(documents=[DOCUMENT_ID], framework="cyber-resilience", evidence=5)

    documents: list[Annotated[str, Field(max_length=64)]] = Field(
        default_factory=list, max_length=MOST, description="Ids of stored documents."
    )
    texts: list[BatchText] = Field(default_factory=list, max_length=MOST)
    framework: FrameworkId | None = None
    evidence: Evidence | None = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        total = len(self.documents) + len(self.texts)
        if not 1 <= total <= MOST:
            raise ValueError(f"give 1 to {MOST} documents and texts")
        ids = [*self.documents, *(text.id for text in self.texts)]
        if len(set(ids)) < len(ids):
            raise ValueError("an id is given twice")
        return self


class BatchItem(Answer):
    """One document or text: its alignment, or the problem that it had."""

    model_config = example(**_ITEM)

    id: Annotated[str, Field(description="Id of the document, or your name of the text.")]
    alignment: Alignment | None
    problem: Problem | None


class BatchResult(Answer):
    """Results of a batch, in the order of the request: documents, then texts."""

    model_config = example(
        job=JOB_ID, state="done", items=[_ITEM], done=1, total=1, limit=20, offset=0
    )

    job: str
    state: Literal["queued", "running", "done", "failed"]
    items: list[BatchItem]
    done: Annotated[int, Field(description="How many results are there by now.")]
    total: Annotated[int, Field(description="How many were asked for.")]
    limit: int
    offset: int
