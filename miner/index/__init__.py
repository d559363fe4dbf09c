"""The index: Qdrant, embedded in the process or as a server, behind one interface."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from miner.index.schema import (
    Candidate,
    Filter,
    Leg,
    Point,
    Scored,
    Sparse,
    year_range,
)
from miner.settings import Settings

__all__ = [
    "Candidate",
    "Filter",
    "Index",
    "Leg",
    "Point",
    "Scored",
    "Sparse",
    "open_index",
    "year_range",
]


class Index(Protocol):
    """What both engines do alike. Errors are `miner.errors.StoreError` and its children."""

    @property
    def exclusive(self) -> bool:
        """Whether every point in it is this store's."""

    @property
    def owner(self) -> bool:
        """Whether no other process answers for it."""

    @property
    def suspect(self) -> bool:
        """Whether it was not closed properly, so that it may have lost points."""

    def upsert(self, points: Iterable[Point]) -> None:
        """Store points; they can be found when the call returns."""

    def delete(self, revision: str) -> None:
        """Drop every point of a document's revision."""

    def search(self, legs: Sequence[Leg], where: Filter, limit: int, k: int = 60) -> list[Scored]:
        """The best `limit` points: one leg by its own score, several fused by weighted RRF."""

    def weigh(self, legs: Sequence[Leg], where: Filter) -> list[Candidate]:
        """What the legs propose, each point once, with its exact score by every leg."""

    def best(
        self, legs: Sequence[Leg], where: Filter, mix: Mapping[str, float], limit: int
    ) -> list[Scored]:
        """The best `limit` of what the legs propose, by `miner.index.mix` of their scores; equal
        ones in order of their ids, so that pages of one answer never overlap."""

    def facet(self, name: str, where: Filter, limit: int = 300) -> Mapping[str, int]:
        """How many points carry each value of a payload field, most frequent first."""

    def count(self, where: Filter) -> int:
        """How many points satisfy the filter, exactly."""

    def vectors(self, passages: Sequence[str], where: Filter) -> dict[str, NDArray[np.float32]]:
        """The dense vectors of these passages, by passage id."""

    def revisions(self) -> dict[str, int]:
        """How many points each revision has."""

    def tidy(self) -> None:
        """Begin to optimise where so much was stored that it is due; returns at once."""

    def optimize(self) -> None:
        """Merge segments and build the graph where it is due, and wait for it."""

    def flush(self) -> None:
        """Make everything durable."""

    def close(self) -> None:
        """Make everything durable, and release files or connections."""


def open_index(settings: Settings, folder: Path, dimension: int) -> Index:
    """The engine that the settings name: a server where a URL is set, else the embedded one in
    the store's folder, which processes of one machine share."""
    if settings.qdrant_url:
        from miner.index.server import ServerIndex

        return ServerIndex.connect(
            settings.qdrant_url, settings.qdrant_api_key, settings.collection, dimension
        )
    from miner.index.shared import SharedIndex

    return SharedIndex(folder, dimension)
