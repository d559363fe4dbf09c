"""Search: a query read, asked of every leg at once, and answered with evidence.

Legs are the passage's embedding, its words (BM25) and its tags. What a query names (countries,
organisations, years, concepts, stances) becomes chips that the answer shows and that the caller
may switch off.
"""

from miner.search.legs import tag_query
from miner.search.narrow import combine, filter_of
from miner.search.note import ENOUGH
from miner.search.request import (
    FACETS,
    MAX_LIMIT,
    DocumentHits,
    Hit,
    Mode,
    SearchRequest,
    SearchResponse,
)
from miner.search.searcher import Searcher
from miner.search.show import citation, highlights

__all__ = [
    "ENOUGH",
    "FACETS",
    "MAX_LIMIT",
    "DocumentHits",
    "Hit",
    "Mode",
    "SearchRequest",
    "SearchResponse",
    "Searcher",
    "citation",
    "combine",
    "filter_of",
    "highlights",
    "tag_query",
]
