"""`/v1/tag`: tags for texts that are stored nowhere."""

from __future__ import annotations

from fastapi import APIRouter

from service.api.dependencies import WorkspaceDep
from service.api.problems import problems
from service.api.schemas.tag import TaggedRow, TagRequest, TagResponse

router = APIRouter(prefix="/tag", tags=["tagging"])


@router.post("", summary="Tag texts", operation_id="tag_texts", responses=problems(413, 422, 503))
def tag_texts(request: TagRequest, workspace: WorkspaceDep) -> TagResponse:
    """Concepts and stance of up to 256 texts, with the words that speak for each concept.

    The model was made for passages of 40 to 180 words. On texts it has no figures for it keeps
    quiet, and `abstained` says why.
    """
    rows = request.numbered()
    tagged = workspace.tagger.tag([row.text for row in rows])
    return TagResponse(
        rows=[TaggedRow.of(row.id, one) for row, one in zip(rows, tagged, strict=True)]
    )
