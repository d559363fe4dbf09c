"""Bootstrap intervals: percentile, by cluster, paired; seeded, and computed as matrix products.

A statistic that is a ratio of sums (F1, accuracy, calibration error) needs only how often each
cluster is drawn, so all rounds are one product of (rounds, clusters) with (clusters, sums).
Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapters 13 and 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

ROUNDS = 2000
SEED = 2017
LEVEL = 0.95

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value, its 95 % interval and the number of things it was measured on.

    `low` and `high` are NaN where fewer than two clusters were there to draw from: nothing
    can be said about other documents then. `value` is NaN where it is undefined (0 / 0).
    """

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class Resampling:
    """Draws of whole clusters, with repeats, as many as there are.

    cluster: for each of n items the row of its cluster, shape (n,).
    times: how often each cluster is drawn, shape (1 + rounds, clusters); row 0 is the sample
        itself (all ones), so that value and interval come out of one computation.
    """

    cluster: NDArray[np.intp]
    times: Floats

    @classmethod
    def of(cls, clusters: Sequence[str], rounds: int = ROUNDS, seed: int = SEED) -> Resampling:
        """A resampling of items, each of which belongs to the named cluster.

        Clusters are drawn in the order of their names, so the order of items does not matter.
        Raises ValueError where there are no items.
        """
        if not clusters:
            raise ValueError("nothing to resample")
        names, cluster = np.unique(np.asarray(clusters, dtype=np.str_), return_inverse=True)
        many = len(names)
        drawn = np.random.default_rng(seed).multinomial(many, np.full(many, 1 / many), rounds)
        times = np.vstack([np.ones((1, many)), drawn]).astype(np.float64)
        return cls(cluster.astype(np.intp), times)

    @property
    def clusters(self) -> int:
        """How many clusters there are."""
        return int(self.times.shape[1])

    def totals(self, values: ArrayLike) -> Floats:
        """Sums of `values` (n, ...) over each draw: shape (1 + rounds, ...)."""
        items = np.asarray(values, dtype=np.float64)
        sums = np.zeros((self.clusters, *items.shape[1:]))
        np.add.at(sums, self.cluster, items)
        flat = self.times @ sums.reshape(self.clusters, -1)
        totals: Floats = flat.reshape(len(self.times), *items.shape[1:])
        return totals

    def weights(self, items: NDArray[np.bool_] | None = None) -> Floats:
        """How often each item (or each of those picked) is drawn: shape (1 + rounds, items)."""
        cluster = self.cluster if items is None else self.cluster[items]
        weights: Floats = self.times[:, cluster]
        return weights

    def figure(self, statistic: Floats, n: int) -> Figure:
        """The figure of a statistic of each draw, shape (1 + rounds,).

        Rounds in which it is undefined are left out; where no round is left, or there is only
        one cluster, the interval is NaN.
        """
        value, rounds = float(statistic[0]), statistic[1:][np.isfinite(statistic[1:])]
        if self.clusters < 2 or not rounds.size or not np.isfinite(value):
            return Figure(value, float("nan"), float("nan"), n)
        tail = (1 - LEVEL) / 2
        low, high = np.quantile(rounds, [tail, 1 - tail])
        return Figure(value, float(low), float(high), n)

    def mean(self, values: ArrayLike) -> Figure:
        """The mean of `values` (n,); NaN values are left out and not counted in `n`."""
        items = np.asarray(values, dtype=np.float64)
        there = np.isfinite(items)
        sums = self.totals(np.stack([np.where(there, items, 0.0), there], axis=1))
        return self.figure(ratio(sums[:, 0], sums[:, 1]), int(there.sum()))

    def paired(self, first: ArrayLike, second: ArrayLike) -> Figure:
        """The mean of `first - second`, item by item: each draw takes both sides of an item.

        Where the interval does not hold 0, the difference is more than chance at 5 %.
        """
        return self.mean(np.asarray(first, np.float64) - np.asarray(second, np.float64))


def ratio(over: ArrayLike, under: ArrayLike) -> Floats:
    """`over / under`, NaN where `under` is 0."""
    top, bottom = np.broadcast_arrays(
        np.asarray(over, dtype=np.float64), np.asarray(under, dtype=np.float64)
    )
    undefined = np.full(bottom.shape, np.nan)
    result: Floats = np.divide(top, bottom, out=undefined, where=bottom != 0)
    return result
