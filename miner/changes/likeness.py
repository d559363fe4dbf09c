"""How likely it is that two commitments promise the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from miner import lexical
from miner.changes.pledge import Pledge
from miner.changes.rule import Means, Rule

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """Pledges with their vectors: `gists` and `passages`, shape (n, d), of unit length."""

    pledges: Sequence[Pledge]
    gists: Floats
    passages: Floats

    @property
    def stems(self) -> list[frozenset[str]]:
        """The stems of each gist, without stop words."""
        return [frozenset(lexical.stems(pledge.gist)) for pledge in self.pledges]

    def and_(self, other: Readings) -> Readings:
        """Both, one after the other."""
        return Readings(
            [*self.pledges, *other.pledges],
            np.vstack([self.gists, other.gists]),
            np.vstack([self.passages, other.passages]),
        )


def features(one: Readings, other: Readings, means: Means | None) -> NDArray[np.float64]:
    """What the probability is made of, shape (len(one), len(other), 3): see rule.FEATURES.

    What all commitments share ("cyber security", the country) tells none from another, so the
    mean is taken off the vectors: that of the measured corpus where `means` has it, else that of
    these two.
    """
    gist = means.gist if means else np.vstack([one.gists, other.gists]).mean(axis=0)
    passage = means.passage if means else np.vstack([one.passages, other.passages]).mean(axis=0)
    return np.stack(
        [
            _unit(one.gists - gist) @ _unit(other.gists - gist).T,
            _unit(one.passages - passage) @ _unit(other.passages - passage).T,
            _shared(one.stems, other.stems),
        ],
        axis=2,
    ).astype(np.float64)


def likeness(
    one: Readings, other: Readings, rule: Rule, means: Means | None
) -> NDArray[np.float64]:
    """Probabilities that they promise the same, shape (len(one), len(other))."""
    if not one.pledges or not other.pledges:
        return np.zeros((len(one.pledges), len(other.pledges)))
    logits: NDArray[np.float64] = features(one, other, means) @ np.asarray(rule.weights) + rule.bias
    return 1 / (1 + np.exp(-logits))


def _unit(rows: Floats) -> Floats:
    unit: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit


def _shared(one: Sequence[frozenset[str]], other: Sequence[frozenset[str]]) -> Floats:
    """How many stems two gists share."""
    column = {stem: at for at, stem in enumerate(sorted(frozenset().union(*one, *other)))}

    def rows(texts: Sequence[frozenset[str]]) -> csr_array:
        at = [(row, column[stem]) for row, stems in enumerate(texts) for stem in sorted(stems)]
        index = ([row for row, _ in at], [col for _, col in at])
        ones = np.ones(len(at), dtype=np.float32)
        return csr_array((ones, index), shape=(len(texts), max(len(column), 1)))

    shared: Floats = (rows(one) @ rows(other).T).toarray()
    return shared
