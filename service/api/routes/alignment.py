"""`/v1/alignment` and `/v1/documents/{id}/alignment`: documents against frameworks."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Header, Query, Response, UploadFile

from miner.alignment import RULE_VERSION, data_version
from miner.errors import InputError
from miner.taxonomy import Framework, framework_from
from miner.taxonomy.load import parse_framework
from service.alignments import Reading, resolved
from service.api import fresh
from service.api.dependencies import WorkspaceDep
from service.api.problems import problems
from service.api.schemas.alignment import (
    Alignment,
    AlignmentRequest,
    Evidence,
    FrameworkId,
    Named,
)
from service.api.schemas.document import DocumentId
from service.api.uploads import file_name
from service.workspace import Workspace

router = APIRouter(tags=["alignment"])

# Grows when the same alignment is written in another form.
_FORM = "2"
_ETAG: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"ETag": {"description": "Strong.", "schema": {"type": "string"}}}}
}


@router.post(
    "/alignment",
    summary="Align a text or a stored document",
    operation_id="align",
    response_model=Alignment,
    responses={**_ETAG, **problems(404, 413, 422, 503)},
)
def align(request: AlignmentRequest, response: Response, workspace: WorkspaceDep) -> Alignment:
    """Score a text, or a stored document, against a framework. Nothing is stored.

    The framework is a shipped one's id or one of your own. With `reference`, the statements of
    that text or stored document are looked for too.
    """
    chosen = _framework(request.framework)
    reference = None if request.reference is None else _named(workspace, request.reference)
    if request.document is not None:
        found = workspace.align_document(
            request.document, chosen, most=request.evidence, reference=reference
        )
    else:
        found = workspace.align_text(
            request.text or "", chosen, most=request.evidence, reference=reference
        )
    return _answered(Alignment.model_validate(found), response)


@router.post(
    "/alignment/file",
    summary="Align a file",
    operation_id="align_file",
    response_model=Alignment,
    responses={**_ETAG, **problems(404, 413, 415, 422, 503)},
)
def align_file(
    response: Response,
    workspace: WorkspaceDep,
    file: Annotated[UploadFile, File(description="PDF, Word, HTML, Markdown or plain text.")],
    framework: Annotated[FrameworkId | None, Form()] = None,
    framework_file: Annotated[
        UploadFile | None, File(description="A framework of your own: YAML, JSON or SKOS.")
    ] = None,
    reference: Annotated[
        UploadFile | None, File(description="A document whose statements are looked for.")
    ] = None,
    evidence: Annotated[Evidence | None, Form()] = None,
) -> Alignment:
    """Score a file against a framework while you wait. Nothing is stored."""
    chosen = _framework(framework) if framework_file is None else _sent(framework_file, framework)
    other = None
    if reference is not None:
        other = workspace.reading_of(reference.file.read(), file_name(reference.filename))
    data = file.file.read()
    found = workspace.align_bytes(
        data, file_name(file.filename), chosen, most=evidence, reference=other
    )
    return _answered(Alignment.model_validate(found), response)


@router.get(
    "/documents/{document_id}/alignment",
    summary="Align a stored document",
    operation_id="get_document_alignment",
    response_model=Alignment,
    responses={
        **_ETAG,
        304: {"description": "The alignment is the one that If-None-Match names."},
        **problems(404, 422),
    },
)
def get_document_alignment(
    document_id: DocumentId,
    response: Response,
    workspace: WorkspaceDep,
    framework: Annotated[FrameworkId | None, Query()] = None,
    reference: Annotated[
        str | None, Query(max_length=64, description="Stored document to look for in this one.")
    ] = None,
    evidence: Annotated[Evidence | None, Query()] = None,
    if_none_match: Annotated[str | None, Header(max_length=2000)] = None,
) -> Alignment | Response:
    """Score a stored document against a framework.

    The ETag changes with the documents, the framework, the scoring rule, the tagging model and
    what was measured of it.
    """
    chosen = resolved(framework)
    while True:
        etag = _etag(workspace, (document_id, reference), chosen, evidence)
        headers = fresh.headers(etag)
        if if_none_match and fresh.matches(if_none_match, etag):
            return Response(status_code=304, headers=headers)
        other = None if reference is None else workspace.readings.of(reference)
        found = workspace.align_document(document_id, chosen, most=evidence, reference=other)
        # A document that was replaced meanwhile must not be kept under the old tag.
        if _etag(workspace, (document_id, reference), chosen, evidence) == etag:
            response.headers.update(headers)
            return Alignment.model_validate(found)


def _framework(given: str | dict[str, object] | None) -> Framework:
    return framework_from(given, "framework") if isinstance(given, dict) else resolved(given)


def _sent(file: UploadFile, named: str | None) -> Framework:
    if named is not None:
        raise InputError("framework", "it is named and sent as well", "Give one of the two.")
    name = file_name(file.filename)
    try:
        text = file.file.read().decode()
    except UnicodeDecodeError as error:
        raise InputError(name, "it is not UTF-8", "Save it as UTF-8.") from error
    return parse_framework(text, f".{name.rsplit('.', 1)[-1]}", name)


def _named(workspace: Workspace, named: Named) -> Reading:
    if named.document is not None:
        return workspace.readings.of(named.document)
    return workspace.reading_of((named.text or "").encode(), "reference.txt")


def _answered(answer: Alignment, response: Response) -> Alignment:
    """The answer with a tag made of all that it says."""
    digest = hashlib.sha256(answer.model_dump_json().encode()).hexdigest()[:32]
    response.headers["ETag"] = f'"{digest}"'
    return answer


def _etag(
    workspace: Workspace,
    documents: tuple[str, str | None],
    framework: Framework,
    evidence: int | None,
) -> str:
    revisions = [workspace.store.summary(one).revision for one in documents if one is not None]
    parts = (
        *revisions,
        framework.id,
        framework.version,
        RULE_VERSION,
        data_version(),
        workspace.tagger.id,
        str(evidence),
        _FORM,
    )
    return f'"{hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]}"'
