"""Presence: from "some passage is right" to "the document addresses it", fitted on readings.

A document that was read takes no part in the calibration that it is measured with.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from evaluation.bootstrap import Figure, Resampling
from evaluation.documents import TaggedDocument
from evaluation.metrics import f1
from miner.alignment.measure import measure
from miner.alignment.rule import Calibration, rule
from miner.alignment.score import some
from miner.taxonomy import Framework

Reading = Mapping[str, Sequence[float]]
# The slope is all but free of the penalty that holds the offsets.
_FREE = 3.0
_BANDS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Readings:
    """What two readers said of d documents and c concepts, and what the passages say.

    level: (d, readers, c), 0 absent to 3 committed. some: (d, c), see `miner.alignment.score`.
    """

    concepts: tuple[str, ...]
    level: NDArray[np.int64]
    some: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        documents: Sequence[TaggedDocument],
        readings: Sequence[Sequence[Reading]],
        framework: Framework,
    ) -> Readings:
        """From tagged documents and their readings, in the same order."""
        ids = [concept.id for concept in framework.concepts]
        level = [[[one[name][0] for name in ids] for one in both] for both in readings]
        said = [some(measure(d.pairs, framework).probabilities, rule()) for d in documents]
        return cls(tuple(ids), np.array(level, int), np.stack(said))

    @property
    def addressed(self) -> NDArray[np.bool_]:
        """Both readers say at least "described": (d, c)."""
        return np.asarray(self.level.min(axis=1) >= 2)

    @property
    def sure(self) -> NDArray[np.bool_]:
        """Both say so, or both say at most "mentioned": (d, c)."""
        return np.asarray(self.addressed | (self.level.max(axis=1) <= 1))


def fit(readings: Readings, kept: NDArray[np.bool_], model: str) -> Calibration:
    """The calibration fitted on the documents that are `kept` (d,).

    Platt scaling with an offset per concept, drawn towards 0 by a penalty of one pair's weight.
    """
    sure = readings.sure[kept]
    least = rule()["least"]
    odds = np.clip(readings.some[kept], least, 1 - least)
    odds = np.log(odds / (1 - odds))
    column = np.broadcast_to(np.arange(odds.shape[1]), odds.shape)
    which = np.eye(odds.shape[1])[column[sure]]
    rows = np.column_stack([odds[sure] * _FREE, which])
    fitted = LogisticRegression(C=1.0, max_iter=2000).fit(rows, readings.addressed[kept][sure])
    weights = fitted.coef_[0]
    return Calibration(
        round(float(weights[0]) * _FREE, 4),
        round(float(fitted.intercept_[0]), 4),
        model,
        int(kept.sum()),
        {c: round(float(w), 4) for c, w in zip(readings.concepts, weights[1:], strict=True)},
    )


def left_out(readings: Readings, model: str) -> list[Calibration]:
    """For each document the calibration fitted on all others."""
    size = len(readings.some)
    return [fit(readings, np.arange(size) != number, model) for number in range(size)]


@dataclass(frozen=True, slots=True)
class Band:
    """Pairs whose presence lies in a band: how many, what it says on average, what is true."""

    low: float
    high: float
    n: int
    said: float
    true: float


def bands(presence: NDArray[Any], readings: Readings) -> tuple[Band, ...]:
    """Whether presence (d, c) is what it says, band by band."""
    said, true = presence[readings.sure], readings.addressed[readings.sure]
    found = []
    for low, high in itertools.pairwise(_BANDS):
        inside = (said >= low) & ((said < high) | (high == 1.0))
        if inside.any():
            found.append(
                Band(low, high, int(inside.sum()), said[inside].mean(), true[inside].mean())
            )
    return tuple(found)


def joined(
    documents: Sequence[TaggedDocument], readings: Readings, framework: Framework
) -> tuple[Figure, Figure]:
    """F1 of presence, and the difference of what it says and what is true on average, for every
    two documents joined into one of twice the length.

    The calibration is fitted on the others. Where presence came of length alone, it would say
    more than is true. Intervals: over the first document of each pair.
    """
    measured = [measure(document.pairs, framework).probabilities for document in documents]
    decided = [measure(document.pairs, framework).decided.any(axis=0) for document in documents]
    size, least = len(documents), rule()["least"]
    names, said, found, true, sure = [], [], [], [], []
    for one, other in itertools.combinations(range(size), 2):
        kept = ~np.isin(np.arange(size), [one, other])
        fitted = fit(readings, kept, "")
        both = some(np.concatenate([measured[one], measured[other]]), rule())
        presence = fitted.of(both, fitted.offsets_of(readings.concepts), least)
        names.append(documents[one].source)
        said.append(presence)
        found.append(decided[one] | decided[other] | (presence >= rule()["present"]))
        true.append(readings.addressed[[one, other]].any(axis=0))
        sure.append(true[-1] | (readings.level[[one, other]].max(axis=(0, 1)) <= 1))
    held = np.array(sure)
    draws = Resampling.of(
        [name for name, row in zip(names, held, strict=True) for _ in range(row.sum())]
    )
    is_true, is_found = np.array(true)[held], np.array(found)[held]
    counts = (is_found & is_true, is_found & ~is_true, ~is_found & is_true)
    return (
        draws.figure(f1(*(draws.totals(rows) for rows in counts)), len(is_true)),
        draws.paired(np.array(said)[held], is_true.astype(float)),
    )
