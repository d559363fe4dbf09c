"""Citations, annotations and reports: what is given to other programs and to people on paper."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response

from miner.outputs import annotation, citation
from miner.outputs.citation import Style
from service.api.dependencies import StoreDep, WorkspaceDep
from service.api.problems import problems
from service.api.routes.coverage import selection
from service.api.schemas.alignment import FrameworkId
from service.api.schemas.coverage import Choice, DocumentQuery
from service.api.schemas.document import DocumentId
from service.api.schemas.passage import PassageId

router = APIRouter()

StyleQuery = Annotated[
    Style, Query(description="CSL-JSON (citation processors, Zotero), RIS or BibTeX.")
]
Paper = Literal["html", "pdf"]
PaperQuery = Annotated[
    Paper, Query(alias="format", description="html, or pdf where the server can make it.")
]
_PAPERS: dict[Paper, str] = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}
_TEXT = {"schema": {"type": "string"}}
_CITED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The citation, in the style that was asked for.",
        "content": {
            citation.MEDIA_TYPES["csl"]: {"schema": {"type": "array", "items": {"type": "object"}}},
            citation.MEDIA_TYPES["ris"]: _TEXT,
            citation.MEDIA_TYPES["bibtex"]: _TEXT,
        },
    }
}
_REPORT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The report: one page of HTML that needs nothing from elsewhere, or a PDF.",
        "content": {
            "text/html": _TEXT,
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.get(
    "/passages/{passage_id}/citation",
    tags=["passages"],
    summary="Cite a passage",
    operation_id="cite_passage",
    response_class=Response,
    responses={**_CITED, **problems(404, 422)},
)
def cite_passage(
    passage_id: PassageId, store: StoreDep, response: Response, style: StyleQuery = "csl"
) -> Response:
    """The citation of a passage with its page and its words."""
    return _cited(citation.of_passage(store.passage(passage_id)), style, response)


@router.get(
    "/documents/{document_id}/citation",
    tags=["documents"],
    summary="Cite a document",
    operation_id="cite_document",
    response_class=Response,
    responses={**_CITED, **problems(404, 422)},
)
def cite_document(
    document_id: DocumentId, store: StoreDep, response: Response, style: StyleQuery = "csl"
) -> Response:
    """The citation of a document."""
    return _cited(citation.of_document(store.summary(document_id)), style, response)


def _cited(one: citation.Citation, style: Style, response: Response) -> Response:
    return Response(
        citation.render([one], style),
        media_type=citation.MEDIA_TYPES[style],
        headers=dict(response.headers),
    )


@router.get(
    "/documents/{document_id}/annotations",
    tags=["documents"],
    summary="Show a document's tags as Web Annotations",
    operation_id="get_document_annotations",
    response_class=Response,
    responses={
        200: {
            "description": "An AnnotationPage (W3C Web Annotation Data Model, JSON-LD).",
            "content": {"application/ld+json": {"schema": {"type": "object"}}},
        },
        **problems(404, 422),
    },
)
def get_document_annotations(
    document_id: DocumentId, store: StoreDep, response: Response
) -> Response:
    """Each tag with its evidence as a W3C Web Annotation: quote and position in the document's
    text, and the page."""
    import json

    found = annotation.annotation_page(store.document(document_id), store.passages(document_id))
    return Response(
        json.dumps(found, ensure_ascii=False),
        media_type=annotation.MEDIA_TYPE,
        headers=dict(response.headers),
    )


@router.get(
    "/documents/{document_id}/report",
    tags=["documents"],
    summary="Print a document's report",
    operation_id="get_document_report",
    response_class=Response,
    responses={**_REPORT, **problems(404, 422, 501)},
)
def get_document_report(
    document_id: DocumentId,
    workspace: WorkspaceDep,
    response: Response,
    framework: Annotated[FrameworkId | None, Query()] = None,
    paper: PaperQuery = "html",
) -> Response:
    """Scores with charts, the passages that each rests on, commitments, named bodies and
    references, to be printed."""
    return _paper(workspace.across.document_report(document_id, framework), paper, response)


class ReportQuery(DocumentQuery):
    """Whose report is wanted, beside the organisation."""

    framework: FrameworkId | None = None
    choice: Choice = "latest"
    format: Paper = "html"


@router.get(
    "/organisations/{organisation_id}/report",
    tags=["coverage"],
    summary="Print a region's report",
    operation_id="get_organisation_report",
    response_class=Response,
    responses={**_REPORT, **problems(404, 422, 501)},
)
def get_organisation_report(
    organisation_id: Annotated[str, Path(max_length=200, examples=["ASEAN"])],
    query: Annotated[ReportQuery, Query()],
    workspace: WorkspaceDep,
    response: Response,
) -> Response:
    """Members and their documents, who commits to what, gaps, who takes part in what, evidence
    and references, to be printed."""
    chosen = selection(
        query.model_copy(update={"organisation": organisation_id}), workspace, query.choice
    )
    page = workspace.across.region_report(
        query.framework, chosen.organisation, on=query.on, selection=chosen
    )
    return _paper(page, query.format, response)


def _paper(page: str, paper: Paper, response: Response) -> Response:
    content: str | bytes = page
    if paper == "pdf":
        from miner.outputs.pdf import pdf

        content = pdf(page)
    return Response(content, media_type=_PAPERS[paper], headers=dict(response.headers))
