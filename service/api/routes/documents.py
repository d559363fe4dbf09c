"""`/v1/documents`: what is stored, and uploads."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from pydantic import Field

from miner.catalogue.geography import Geography
from miner.query.given import country_code, language_code, organisation_id
from miner.store import Store, StoredDocument
from service.api.dependencies import GeographyDep, JobsDep, StoreDep
from service.api.problems import problems
from service.api.routes.jobs import job_answer
from service.api.schemas.base import Limit, Offset, Request
from service.api.schemas.document import Document, DocumentDetail, DocumentId, DocumentList
from service.api.schemas.filters import MOST, Value, Year
from service.api.schemas.job import Job
from service.api.schemas.passage import Passage, PassageList
from service.api.uploads import file_name, given

router = APIRouter(prefix="/documents", tags=["documents"])


class DocumentQuery(Request):
    """What a list of documents is narrowed by."""

    country: list[Value] = Field(default_factory=list, max_length=MOST)
    organisation: list[Value] = Field(default_factory=list, max_length=MOST)
    year_from: Year | None = None
    year_to: Year | None = None
    language: list[Value] = Field(default_factory=list, max_length=MOST)
    type: list[Value] = Field(default_factory=list, max_length=MOST)
    q: Annotated[str, Query(max_length=200, description="Words that the title holds.")] = ""
    limit: Limit = 50
    offset: Offset = 0


@router.get("", summary="List documents", operation_id="list_documents", responses=problems(422))
def list_documents(
    query: Annotated[DocumentQuery, Query()], store: StoreDep, geography: GeographyDep
) -> DocumentList:
    """The stored documents in order of country, year and title.

    Values of one filter are alternatives (`country=XCV&country=Ismora`), all filters hold.
    Countries, organisations and languages may be given by code or by name.
    """
    found = _chosen(store, query, geography)
    shown = found[query.offset : query.offset + query.limit]
    return DocumentList(
        items=[Document.of(item) for item in shown],
        total=len(found),
        limit=query.limit,
        offset=query.offset,
    )


def _chosen(store: Store, query: DocumentQuery, geography: Geography) -> list[StoredDocument]:
    countries = {country_code(name, geography, store) for name in query.country}
    organisations = {organisation_id(name, geography, store) for name in query.organisation}
    languages = {language_code(name) for name in query.language}
    words = query.q.casefold().split()

    def holds(item: StoredDocument) -> bool:
        about = item.metadata
        return (
            (not countries or about.country in countries)
            and (not organisations or bool(organisations.intersection(about.organisations)))
            and (not languages or about.language in languages)
            and (not query.type or about.type in query.type)
            and (query.year_from is None or (about.year or 0) >= query.year_from)
            and (query.year_to is None or 0 < (about.year or 0) <= query.year_to)
            and all(word in about.title.casefold() for word in words)
        )

    return [item for item in store.documents() if holds(item)]


@router.post(
    "",
    status_code=202,
    summary="Upload a document",
    operation_id="upload_document",
    responses=problems(413, 422, 503),
)
def upload_document(
    response: Response,
    jobs: JobsDep,
    geography: GeographyDep,
    file: Annotated[UploadFile, File(description="PDF, Word, HTML, Markdown or plain text.")],
    title: Annotated[str | None, Form(max_length=500)] = None,
    country: Annotated[
        str | None, Form(max_length=200, description="Code or name.", examples=["Calvessa"])
    ] = None,
    year: Annotated[int | None, Form(ge=1000, le=3000)] = None,
    language: Annotated[str | None, Form(max_length=50, description="Code or name.")] = None,
    issuing_body: Annotated[str | None, Form(max_length=300)] = None,
    type: Annotated[str | None, Form(max_length=50, examples=["strategy"])] = None,
    url: Annotated[str | None, Form(max_length=2000)] = None,
    licence: Annotated[str | None, Form(max_length=200)] = None,
) -> Job:
    """Queue a file. The answer is a Job whose address is in `Location`; ask it until its state
    is `done` or `failed`.

    What is given wins over what is guessed from the text. The same bytes are one document,
    however often they are sent.
    """
    metadata = given(
        geography,
        title=title,
        country=country,
        year=year,
        language=language,
        issuing_body=issuing_body,
        type=type,
        url=url,
        licence=licence,
    )
    job = jobs.submit(file.file, file_name(file.filename), metadata)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job_answer(job)


@router.get(
    "/{document_id}",
    summary="Show a document",
    operation_id="get_document",
    responses=problems(404, 422),
)
def get_document(document_id: DocumentId, store: StoreDep) -> DocumentDetail:
    """One document: what is known about it, how its pages could be read, and warnings."""
    return DocumentDetail.whole(store.summary(document_id), store.document(document_id))


@router.delete(
    "/{document_id}",
    status_code=204,
    summary="Delete a document",
    operation_id="delete_document",
    responses=problems(404, 422),
)
def delete_document(document_id: DocumentId, store: StoreDep) -> None:
    """Drop a document with its passages and tags."""
    store.delete(document_id)


@router.get(
    "/{document_id}/passages",
    tags=["passages"],
    summary="List a document's passages",
    operation_id="list_document_passages",
    responses=problems(404, 422),
)
def list_document_passages(
    document_id: DocumentId,
    store: StoreDep,
    limit: Annotated[Limit, Query()] = 50,
    offset: Annotated[Offset, Query()] = 0,
) -> PassageList:
    """The passages of a document in order, with their tags."""
    found = store.passages(document_id)
    return PassageList(
        items=[Passage.of(stored) for stored in found[offset : offset + limit]],
        total=len(found),
        limit=limit,
        offset=offset,
    )
