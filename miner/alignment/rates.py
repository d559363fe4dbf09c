"""What the tagging model is known to miss and to mistake, concept by concept.

Counts on labelled passages whose documents had no part in the calibration, written by
`python -m evaluation crossfit --labelled ... --write models/tagger/rates.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# A concept's few labelled passages are drawn towards all concepts' together: they weigh as much
# as this many passages.
_PRIOR = 4.0


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95 % interval (Jeffreys) and the number of passages it was counted on."""

    value: float
    low: float
    high: float
    n: int

    @classmethod
    def of(cls, hits: int, n: int) -> Rate | None:
        """The rate `hits` of `n`; None where nothing was counted."""
        if n == 0:
            return None
        from scipy.special import betaincinv  # a third of a second, needed by reports only

        low = 0.0 if hits == 0 else float(betaincinv(hits + 0.5, n - hits + 0.5, 0.025))
        high = 1.0 if hits == n else float(betaincinv(hits + 0.5, n - hits + 0.5, 0.975))
        return cls(round(hits / n, 4), round(low, 4), round(high, 4), n)


@dataclass(frozen=True, slots=True)
class Counts:
    """Labelled passages of one concept: right, false and missed decisions.

    promised: the mean probability of the decided ones.
    """

    right: int = 0
    false: int = 0
    missed: int = 0
    promised: float = 0.0

    @property
    def recall(self) -> Rate | None:
        """Of the passages that address the concept, the share that the model finds."""
        return Rate.of(self.right, self.right + self.missed)

    @property
    def precision(self) -> Rate | None:
        """Of the passages that the model decides for, the share that address the concept."""
        return Rate.of(self.right, self.right + self.false)


@dataclass(frozen=True, slots=True)
class Rates:
    """The counts of all concepts, and of which model they are."""

    model: str
    concepts: Mapping[str, Counts]

    def of(self, concept: str) -> Counts:
        """A concept's counts; empty for one that was not labelled."""
        return self.concepts.get(concept, Counts())

    def beliefs(self, concept: str) -> tuple[tuple[float, float], tuple[float, float]]:
        """Beta distributions (a, b) of precision and recall, drawn towards all concepts'."""
        own, every = self.of(concept), self._all()
        precise = every.right / max(every.right + every.false, 1)
        finds = every.right / max(every.right + every.missed, 1)
        return (
            (own.right + _PRIOR * precise + 1e-6, own.false + _PRIOR * (1 - precise) + 1e-6),
            (own.right + _PRIOR * finds + 1e-6, own.missed + _PRIOR * (1 - finds) + 1e-6),
        )

    def _all(self) -> Counts:
        rows = self.concepts.values()
        return Counts(
            sum(r.right for r in rows), sum(r.false for r in rows), sum(r.missed for r in rows)
        )


@cache
def rates() -> Rates:
    """The shipped rates."""
    data = json.loads((files("models") / "tagger" / "rates.json").read_text("utf-8"))
    return Rates(
        data["model"], {concept: Counts(**row) for concept, row in data["concepts"].items()}
    )
