"""Job: an upload on its way into the store, or a batch of alignments."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from service.api.schemas.base import Answer, Score, example
from service.api.schemas.examples import DOCUMENT_ID, JOB_ID
from service.api.schemas.problem import Problem

_JOB: dict[str, Any] = {
    "id": JOB_ID,
    "state": "done",
    "step": "index",
    "fraction": 1.0,
    "file": "calvessa-2022-strategy.pdf",
    "document": DOCUMENT_ID,
    "outcome": "added",
    "warnings": [],
    "problem": None,
    "created": "2026-01-12T09:29:48+00:00",
    "started": "2026-01-12T09:29:48+00:00",
    "finished": "2026-01-12T09:30:00+00:00",
    "kind": "upload",
    "items": None,
    "failed": 0,
    "result": f"/v1/documents/{DOCUMENT_ID}",
}


class Job(Answer):
    """An upload on its way into the store, or a batch of alignments."""

    model_config = example(**_JOB)

    id: str
    state: Literal["queued", "running", "done", "failed"]
    step: Annotated[
        Literal["parse", "embed", "index"] | None,
        Field(description="`index` tags the passages and stores everything."),
    ]
    fraction: Annotated[Score, Field(description="How much of the whole job is done.")]
    file: Annotated[str, Field(description="Name of the file; empty for a batch.")]
    document: Annotated[str | None, Field(description="Id of the document, when done.")]
    outcome: Annotated[
        Literal["added", "replaced", "unchanged", "duplicate"] | None,
        Field(description="`unchanged`, `duplicate`: the same bytes were stored already."),
    ]
    warnings: Annotated[list[str], Field(description="What could not be read.")]
    problem: Annotated[Problem | None, Field(description="Why it failed.")]
    created: datetime
    started: datetime | None
    finished: datetime | None
    kind: Annotated[
        Literal["upload", "alignment"], Field(description="`alignment`: a batch of alignments.")
    ]
    items: Annotated[int | None, Field(description="Of a batch: how many were asked for.")]
    failed: Annotated[int, Field(description="Of a batch: how many had a problem so far.")]
    result: Annotated[str | None, Field(description="Address of the document or the results.")]


class JobList(Answer):
    """Some of the jobs, newest first."""

    model_config = example(items=[_JOB], total=1, limit=50, offset=0)

    items: list[Job]
    total: Annotated[int, Field(description="How many there are in all.")]
    limit: int
    offset: int
