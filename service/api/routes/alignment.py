"""`/v1/alignment` and `/v1/documents/{id}/alignment`: documents against frameworks."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, File, Form, Header, Query, Response, UploadFile

from miner.alignment import RULE_VERSION
from miner.taxonomy import framework as framework_of
from service.api.dependencies import WorkspaceDep
from service.api.problems import problems
from service.api.schemas.alignment import Alignment, AlignmentRequest, FrameworkId
from service.api.schemas.document import DocumentId
from service.api.uploads import file_name
from service.workspace import Workspace

router = APIRouter(tags=["alignment"])

# Grows when the same alignment is written in another form.
_FORM = "1"


@router.post(
    "/alignment",
    summary="Align a text or a stored document",
    operation_id="align",
    responses=problems(404, 413, 422, 503),
)
def align(request: AlignmentRequest, workspace: WorkspaceDep) -> Alignment:
    """Score a text, or a stored document, against a framework. Nothing is stored."""
    if request.document is not None:
        found = workspace.align_document(request.document, request.framework)
    else:
        found = workspace.align_text(request.text or "", request.framework)
    return Alignment.model_validate(found)


@router.post(
    "/alignment/file",
    summary="Align a file",
    operation_id="align_file",
    responses=problems(404, 413, 415, 422, 503),
)
def align_file(
    workspace: WorkspaceDep,
    file: Annotated[UploadFile, File(description="PDF, Word, HTML, Markdown or plain text.")],
    framework: Annotated[FrameworkId | None, Form()] = None,
) -> Alignment:
    """Score a file against a framework while you wait. Nothing is stored."""
    data = file.file.read()
    return Alignment.model_validate(
        workspace.align_bytes(data, file_name(file.filename), framework)
    )


@router.get(
    "/documents/{document_id}/alignment",
    summary="Align a stored document",
    operation_id="get_document_alignment",
    response_model=Alignment,
    responses={
        200: {"headers": {"ETag": {"description": "Strong.", "schema": {"type": "string"}}}},
        304: {"description": "The alignment is the one that If-None-Match names."},
        **problems(404, 422),
    },
)
def get_document_alignment(
    document_id: DocumentId,
    response: Response,
    workspace: WorkspaceDep,
    framework: Annotated[FrameworkId | None, Query()] = None,
    if_none_match: Annotated[str | None, Header(max_length=2000)] = None,
) -> Alignment | Response:
    """Score a stored document against a framework.

    The ETag changes with the document, the framework, the scoring rule and the tagging model.
    """
    while True:
        etag = _etag(workspace, document_id, framework)
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        if if_none_match and _matches(if_none_match, etag):
            return Response(status_code=304, headers=headers)
        found = workspace.align_document(document_id, framework)
        # A document that was replaced meanwhile must not be kept under the old tag.
        if _etag(workspace, document_id, framework) == etag:
            response.headers.update(headers)
            return Alignment.model_validate(found)


def _etag(workspace: Workspace, document_id: str, framework: str | None) -> str:
    chosen = framework_of(framework)
    revision = workspace.store.summary(document_id).revision
    parts = (revision, chosen.id, chosen.version, RULE_VERSION, workspace.tagger.id, _FORM)
    return f'"{hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]}"'


def _matches(wanted: str, etag: str) -> bool:
    """RFC 9110, 13.1.2: any of the list, compared weakly, or anything at all."""
    tags = (tag.strip().removeprefix("W/") for tag in wanted.split(","))
    return wanted.strip() == "*" or etag in tags
