"""`/v1/alignment/batch`: several documents or texts in one job."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from miner.alignment import Alignment
from miner.errors import MinerError
from service.alignments import resolved
from service.api.batches import Item
from service.api.dependencies import BatchesDep, JobsDep, WorkspaceDep
from service.api.problems import problem_of, problems
from service.api.routes.jobs import job_answer
from service.api.schemas.alignment import Alignment as AlignmentAnswer
from service.api.schemas.base import Offset
from service.api.schemas.batch import BatchItem, BatchRequest, BatchResult
from service.api.schemas.examples import JOB_ID
from service.api.schemas.job import Job

router = APIRouter(prefix="/alignment/batch", tags=["alignment"])


@router.post(
    "",
    status_code=202,
    summary="Align several documents or texts",
    operation_id="align_batch",
    responses=problems(404, 413, 422, 503),
)
def align_batch(
    request: BatchRequest, response: Response, workspace: WorkspaceDep, batches: BatchesDep
) -> Job:
    """Queue a batch. The answer is a Job whose address is in `Location`; ask it until its state
    is `done` or `failed`, then GET /v1/alignment/batch/{id}.

    A document that is not stored, or a text that cannot be used, is that item's problem and
    stops nothing.
    """
    framework = resolved(request.framework)

    def align(item: Item) -> Alignment:
        if item.text is None:
            return workspace.align_document(item.id, framework, most=request.evidence)
        return workspace.align_text(item.text, framework, most=request.evidence)

    def write(item: Item, found: Alignment | MinerError) -> dict[str, Any]:
        if isinstance(found, MinerError):
            problem = problem_of(found, "/v1/alignment/batch")
            answer = BatchItem(id=item.id, alignment=None, problem=problem)
        else:
            aligned = AlignmentAnswer.model_validate(found)
            answer = BatchItem(id=item.id, alignment=aligned, problem=None)
        return answer.model_dump(mode="json")

    items = [Item(name) for name in request.documents]
    items += [Item(text.id, text.text) for text in request.texts]
    job = batches.submit(items, align, write)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job_answer(job)


@router.get(
    "/{job_id}",
    summary="Show a batch's results",
    operation_id="get_alignment_batch",
    responses=problems(404, 422),
)
def get_alignment_batch(
    job_id: Annotated[str, Path(max_length=64, examples=[JOB_ID])],
    jobs: JobsDep,
    batches: BatchesDep,
    limit: Annotated[int, Query(ge=1, le=50, description="Most items of the answer.")] = 20,
    offset: Annotated[Offset, Query()] = 0,
) -> BatchResult:
    """The results that are there by now, in the order of the request. The last 50 batches are
    kept; a restart forgets them."""
    found, done = batches.results(job_id, offset, limit)
    job = jobs.get(job_id)
    return BatchResult(
        job=job.id,
        state=job.state,
        items=[BatchItem.model_validate(item) for item in found],
        done=done,
        total=job.items or 0,
        limit=limit,
        offset=offset,
    )
