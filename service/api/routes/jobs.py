"""`/v1/jobs`: uploads on their way into the store, and batches of alignments."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from service.api import jobs as domain
from service.api.dependencies import JobsDep
from service.api.problems import problem_of, problems
from service.api.schemas.base import Limit, Offset
from service.api.schemas.examples import JOB_ID
from service.api.schemas.job import Job, JobList

router = APIRouter(prefix="/jobs", tags=["jobs"])


@router.get("", summary="List jobs", operation_id="list_jobs", responses=problems(422))
def list_jobs(
    jobs: JobsDep,
    limit: Annotated[Limit, Query()] = 50,
    offset: Annotated[Offset, Query()] = 0,
) -> JobList:
    """The last 1000 uploads and batches, newest first; kept in memory, a restart forgets them."""
    found = jobs.all()
    return JobList(
        items=[job_answer(job) for job in found[offset : offset + limit]],
        total=len(found),
        limit=limit,
        offset=offset,
    )


@router.get("/{job_id}", summary="Show a job", operation_id="get_job", responses=problems(404, 422))
def get_job(job_id: Annotated[str, Path(max_length=64, examples=[JOB_ID])], jobs: JobsDep) -> Job:
    """How far an upload or a batch has come, and why it failed where it did."""
    return job_answer(jobs.get(job_id))


def job_answer(job: domain.Job) -> Job:
    """A job as callers see it."""
    failed = job.error and problem_of(job.error, f"/v1/jobs/{job.id}")
    return Job(
        id=job.id,
        state=job.state,
        step=job.step,
        fraction=job.fraction,
        file=job.file,
        document=job.document,
        outcome=job.outcome,
        warnings=list(job.warnings),
        problem=failed or None,
        created=job.created,
        started=job.started,
        finished=job.finished,
        kind=job.kind,
        items=job.items,
        failed=job.failed,
        result=_result(job),
    )


def _result(job: domain.Job) -> str | None:
    """Where to look when it is done."""
    if job.kind == "alignment":
        return f"/v1/alignment/batch/{job.id}"
    return f"/v1/documents/{job.document}" if job.document else None
