"""What is asked of "more like this", and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field

from miner.errors import InputError
from miner.evidence import Evidence
from miner.index import Filter
from miner.store import StoredPassage

MAX_LIMIT = 200
_STEP = "Give one of them: a passage's id, or a text."


@dataclass(frozen=True, slots=True)
class SimilarRequest:
    """A passage that is stored (`passage`, its id) or a `text` of one's own; one of them.

    where: filters, as for a search.
    own: rank the passages of its own document among the others; else they come after them.
    """

    passage: str = ""
    text: str = ""
    limit: int = 10
    offset: int = 0
    where: Filter = field(default_factory=Filter)
    own: bool = False


@dataclass(frozen=True, slots=True)
class SimilarHit:
    """A passage like the one asked for. `score` orders hits of one answer, nothing more.

    meaning: cosine of the two embeddings, -1 to 1. words: BM25 of the one's words in the other,
    as a share of the best hit's. concepts: those decided on both.
    highlights: spans of the hit's text that both share: evidence of those concepts, and words
    that stand together in both.
    near_duplicate: it repeats the passage that was asked for, word for word or nearly so.
    folded: further hits that repeat this one, best first; they are not listed themselves.
    """

    passage: StoredPassage
    score: float
    meaning: float
    words: float
    concepts: tuple[str, ...]
    highlights: tuple[Evidence, ...]
    citation: str
    near_duplicate: bool = False
    folded: tuple[StoredPassage, ...] = ()


@dataclass(frozen=True, slots=True)
class SimilarResponse:
    """The hits, best first, other documents before the passage's own.

    source: the stored passage, None where a text was given. total: passages that satisfy the
    filters, the passage itself aside.
    """

    hits: tuple[SimilarHit, ...]
    total: int
    source: StoredPassage | None


def check(request: SimilarRequest) -> None:
    """Raise InputError where a request cannot be answered."""
    if request.passage and request.text.strip():
        raise InputError("similar", "both a passage and a text are given", _STEP)
    if not request.passage and not request.text.strip():
        raise InputError("similar", "neither a passage nor a text is given", _STEP)
    if not 1 <= request.limit <= MAX_LIMIT:
        raise InputError(
            f"limit {request.limit}",
            f"it must lie between 1 and {MAX_LIMIT}",
            "Page with offset for more.",
        )
    if request.offset < 0:
        raise InputError(f"offset {request.offset}", "it must not be negative", "Begin with 0.")
