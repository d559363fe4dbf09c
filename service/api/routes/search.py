"""`/v1/search`: questions, answered with passages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from miner import search as domain
from miner.taxonomy import codebook
from service.api.dependencies import SearcherDep
from service.api.filters import where
from service.api.problems import problems
from service.api.schemas.search import SearchRequest, SearchResponse

router = APIRouter(prefix="/search", tags=["search"])


@router.get("", summary="Search", operation_id="search", responses=problems(422, 503))
def search(request: Annotated[SearchRequest, Query()], searcher: SearcherDep) -> SearchResponse:
    """Answer a question with passages.

    The answer says what the question was read as: each chip has an id that switches it off
    (`without=organisation:MCA`). Parameters that hold several values are repeated.
    """
    return _search(request, searcher)


@router.post(
    "",
    summary="Search, with the question in the body",
    operation_id="search_by_body",
    responses=problems(413, 422, 503),
)
def search_by_body(request: SearchRequest, searcher: SearcherDep) -> SearchResponse:
    """The same as GET, for questions and filters that are too long for an address."""
    return _search(request, searcher)


def _search(request: SearchRequest, searcher: domain.Searcher) -> SearchResponse:
    found = searcher.search(
        domain.SearchRequest(
            request.q,
            limit=request.limit,
            offset=request.offset,
            where=where(request, searcher.geography, searcher.store),
            mode=request.mode,
            read=request.read,
            without=tuple(request.without),
            group=request.group,
            facets=tuple(dict.fromkeys(request.facets)),
        )
    )
    return SearchResponse.of(request, found, _labels(request, searcher))


def _labels(request: SearchRequest, searcher: domain.Searcher) -> dict[str, dict[str, str]]:
    """What facet values are called by people, for the facets that were asked for."""
    asked = set(request.facets)
    labels: dict[str, dict[str, str]] = {}
    if asked & {"country", "document"}:
        countries, titles = searcher.store.names
        labels["country"], labels["document"] = dict(countries), dict(titles)
    if "organisations" in asked:
        labels["organisations"] = {o.id: o.name for o in searcher.geography.organisations}
    if "concepts" in asked:
        labels["concepts"] = {concept.id: concept.label for concept in codebook().values()}
    return labels
