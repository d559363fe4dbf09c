"""Which route each method of the client asks, for the test that holds it against openapi.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from miner.client import answers

_FILTERS = (
    "country", "organisation", "concept", "stance", "language", "document", "type", "year_from",
    "year_to",
)  # fmt: skip
_DOCUMENTS = (
    "country", "organisation", "on", "type", "language", "document", "year_from", "year_to",
)  # fmt: skip
_PAGES = ("limit", "offset")


@dataclass(frozen=True, slots=True)
class Route:
    """A method's route. query, body: names of what it sends; answer: None where it is no JSON."""

    verb: str
    path: str
    query: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    answer: type | None = None


ROUTES: Mapping[str, Route] = {
    "ready": Route("GET", "/v1/health/ready", answer=answers.Readiness),
    "documents": Route(
        "GET",
        "/v1/documents",
        ("q", "country", "organisation", "language", "type", "year_from", "year_to", *_PAGES),
        answer=answers.DocumentList,
    ),
    "document": Route("GET", "/v1/documents/{document_id}", answer=answers.Document),
    "upload": Route(
        "POST",
        "/v1/documents",
        body=("title", "country", "year", "language", "issuing_body", "type", "url", "licence"),
        answer=answers.Job,
    ),
    "passages": Route("GET", "/v1/passages", (*_FILTERS, *_PAGES), answer=answers.PassageList),
    "passage": Route("GET", "/v1/passages/{passage_id}", answer=answers.Passage),
    "search": Route(
        "POST",
        "/v1/search",
        body=("q", "without", "read", "mode", *_FILTERS, *_PAGES),
        answer=answers.SearchResponse,
    ),
    "tag": Route("POST", "/v1/tag", body=("texts",), answer=answers.TagResponse),
    "align": Route(
        "POST",
        "/v1/alignment",
        body=("text", "document", "framework", "evidence"),
        answer=answers.Alignment,
    ),
    "align_file": Route(
        "POST", "/v1/alignment/file", body=("framework", "evidence"), answer=answers.Alignment
    ),
    "alignment": Route(
        "GET",
        "/v1/documents/{document_id}/alignment",
        ("framework", "evidence"),
        answer=answers.Alignment,
    ),
    "batch": Route(
        "POST",
        "/v1/alignment/batch",
        body=("documents", "texts", "framework", "evidence"),
        answer=answers.Job,
    ),
    "batch_result": Route(
        "GET", "/v1/alignment/batch/{job_id}", _PAGES, answer=answers.BatchResult
    ),
    "job": Route("GET", "/v1/jobs/{job_id}", answer=answers.Job),
    "coverage": Route(
        "GET",
        "/v1/coverage",
        ("framework", "by", "concept", "choice", "evidence", *_DOCUMENTS),
        answer=answers.Coverage,
    ),
    "gaps": Route(
        "GET",
        "/v1/gaps",
        ("framework", "choice", "evidence", *_DOCUMENTS),
        answer=answers.Gaps,
    ),
    "compare": Route(
        "POST",
        "/v1/compare",
        body=("documents", "framework", "evidence"),
        answer=answers.Comparison,
    ),
    "bodies": Route(
        "GET", "/v1/bodies", ("role", "kind", *_DOCUMENTS, *_PAGES), answer=answers.BodyList
    ),
    "body": Route(
        "GET",
        "/v1/bodies/{body_id}",
        ("role", *_DOCUMENTS, *_PAGES),
        answer=answers.BodyDetail,
    ),
    "commitments": Route(
        "GET",
        "/v1/commitments",
        ("actor", "modal", "min_strength", "sort", *_FILTERS, *_PAGES),
        answer=answers.CommitmentList,
    ),
    "frameworks": Route("GET", "/v1/frameworks", answer=answers.FrameworkList),
    "framework": Route("GET", "/v1/frameworks/{framework_id}", answer=answers.Framework),
    "concepts": Route("GET", "/v1/concepts", answer=answers.ConceptList),
    "cite": Route("GET", "/v1/passages/{passage_id}/citation", ("style",)),
    "cite_document": Route("GET", "/v1/documents/{document_id}/citation", ("style",)),
    "annotations": Route("GET", "/v1/documents/{document_id}/annotations"),
    "report": Route("GET", "/v1/documents/{document_id}/report", ("framework", "format")),
    "region_report": Route(
        "GET", "/v1/organisations/{organisation_id}/report", ("framework", "on", "format")
    ),
}
