"""What is asked of a search, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from miner.errors import InputError
from miner.evidence import Evidence
from miner.index import Filter
from miner.query import Chip, Interpretation
from miner.store import StoredPassage

Mode = Literal["bm25", "dense", "hybrid", "full"]

FACETS = ("country", "organisations", "year", "concepts", "stance", "language", "document")
MAX_LIMIT = 200


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question.

    query: words, or empty to list what the filters leave.
    where: filters the caller sets; those the query names are added where `read` is true.
    without: ids of chips that the caller switched off.
    group: one group of hits per document, best document first; `limit` then counts documents.
    """

    query: str
    limit: int = 10
    offset: int = 0
    where: Filter = field(default_factory=Filter)
    mode: Mode = "full"
    read: bool = True
    without: tuple[str, ...] = ()
    group: bool = False
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage found. `score` orders hits of one answer and means nothing beyond it.

    highlights: spans of the passage's text that answer the query.
    citation: how to quote it, with page.
    """

    passage: StoredPassage
    score: float
    highlights: tuple[Evidence, ...]
    citation: str


@dataclass(frozen=True, slots=True)
class DocumentHits:
    """The hits of one document, best first."""

    document: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """The answer.

    total: passages that satisfy all filters (of these the legs rank the best).
    interpretation: what the query was read as.
    note: a sentence where filters left few hits, else empty; `wider` are the chips that could
        be switched off to get more.
    """

    hits: tuple[Hit, ...]
    groups: tuple[DocumentHits, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    interpretation: Interpretation
    note: str = ""
    wider: tuple[Chip, ...] = ()


def check(request: SearchRequest) -> None:
    """Raise InputError where a request cannot be answered."""
    if not 1 <= request.limit <= MAX_LIMIT:
        raise InputError(
            f"limit {request.limit}",
            f"it must lie between 1 and {MAX_LIMIT}",
            "Page with offset for more.",
        )
    if request.offset < 0:
        raise InputError(f"offset {request.offset}", "it must not be negative", "Begin with 0.")
    unknown = [name for name in request.facets if name not in FACETS]
    if unknown:
        raise InputError(f"facet {unknown[0]!r}", "there is no such facet", f"Known: {FACETS}.")
    if not request.query.strip() and request.where == Filter():
        raise InputError("query", "it is empty and no filter is set", "Write some words.")
