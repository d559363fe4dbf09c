"""What the index holds and what it can be asked, in words that both engines share.

A point is one passage of one revision of a document. Its vectors are `dense` (the passage's
embedding), `bm25` (sparse, IDF applied by the engine) and `tags` (sparse, one dimension per
concept and stance, the value its probability).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from miner.errors import InputError

SCHEMA_VERSION = 1

KEYWORD_FIELDS = (
    "document",
    "revision",
    "passage",
    "country",
    "organisations",
    "language",
    "concepts",
    "stance",
    "kind",
    "type",
)
INTEGER_FIELDS = ("year",)

VectorName = Literal["dense", "bm25", "tags"]


@dataclass(frozen=True, slots=True)
class Sparse:
    """A sparse vector: `indices` (unsigned 32 bit, no repeats) and as many `values`."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One passage as the engine keeps it. `dense` has shape (d,), float32, unit length."""

    id: str
    dense: NDArray[np.float32]
    bm25: Sparse
    tags: Sparse
    payload: Mapping[str, str | int | list[str]]


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions on the payload; all of them hold.

    any_of: field -> values, of which one must be present. none_of: field -> values, none of
    which may be. years: inclusive range, either end open.
    """

    any_of: Mapping[str, Sequence[str]] = field(default_factory=dict)
    none_of: Mapping[str, Sequence[str]] = field(default_factory=dict)
    years: tuple[int | None, int | None] | None = None

    def and_none_of(self, name: str, values: Sequence[str]) -> Filter:
        """This filter with more values ruled out."""
        if not values:
            return self
        held = [*self.none_of.get(name, ()), *values]
        return Filter(self.any_of, {**self.none_of, name: held}, self.years)


def year_range(first: int | None, last: int | None) -> tuple[int | None, int | None] | None:
    """`Filter.years` from two ends, None where both are open. Raises InputError."""
    if first is None and last is None:
        return None
    if first is not None and last is not None and first > last:
        raise InputError(f"years {first} to {last}", "they end before they begin", "Swap them.")
    return (first, last)


@dataclass(frozen=True, slots=True)
class Leg:
    """One ranking that takes part in a search: a vector, its weight, and how many points it
    proposes (`depth`; with 0 it only scores what others propose)."""

    using: VectorName
    vector: NDArray[np.float32] | Sparse
    weight: float = 1.0
    depth: int = 100


@dataclass(frozen=True, slots=True)
class Scored:
    """A point found: its passage's id, its document's id and the engine's score."""

    passage: str
    document: str
    score: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A point that a leg proposed, with its score by each leg: the cosine of a dense one, the
    dot product of a sparse one (0 where nothing is shared)."""

    passage: str
    document: str
    scores: tuple[float, ...]
