"""How much the strategies of the corpus give to each concept: what depth is held against.

Written by `python -m evaluation shares --store ... --write models/alignment/shares.json`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from miner.alignment.rule import read_data


@dataclass(frozen=True, slots=True)
class Shares:
    """By concept the sorted shares of words of the corpus's strategies."""

    model: str
    documents: int
    concepts: Mapping[str, Sequence[float]]

    def percentile(self, concept: str, share: float) -> float | None:
        """The share of the strategies that give the concept less than `share` of their words."""
        held = self.concepts.get(concept)
        return round(bisect_left(held, share) / len(held), 4) if held else None


@cache
def shares() -> Shares:
    """The shipped shares."""
    data = read_data("shares.json")
    return Shares(data["model"], data["documents"], data["concepts"])
