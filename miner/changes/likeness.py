"""How likely it is that two commitments promise the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from miner import lexical
from miner.changes.pledge import Pledge
from miner.changes.rule import Rule
from miner.similar.background import Background

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


@dataclass(frozen=True, slots=True)
class Backgrounds:
    """What likeness is told from: see `miner.similar.background`."""

    gist: Background
    passage: Background


def features(one: Readings, other: Readings, beside: Backgrounds) -> NDArray[np.float64]:
    """What the probability is made of, shape (len(one), len(other), 3): see rule.FEATURES."""
    if not one.pledges or not other.pledges:
        return np.zeros((len(one.pledges), len(other.pledges), 3))
    return np.stack(
        [
            beside.gist.alike(one.gists, other.gists),
            beside.passage.alike(one.passages, other.passages),
            _shared(one.stems, other.stems),
        ],
        axis=2,
    ).astype(np.float64)


def likeness(alike: NDArray[np.float64], rule: Rule) -> NDArray[np.float64]:
    """Probabilities that they promise the same, shape (n, m), of features (n, m, 3)."""
    logits: NDArray[np.float64] = alike @ np.asarray(rule.weights) + rule.bias
    return 1 / (1 + np.exp(-logits))


def stem_table(texts: Sequence[frozenset[str]]) -> csr_array:
    """One row per text, one column per stem, 1 where the text has it."""
    return _tables(texts)[0]


def _shared(one: Sequence[frozenset[str]], other: Sequence[frozenset[str]]) -> Floats:
    """How many stems two gists share."""
    rows, columns = _tables(one, other)
    shared: Floats = (rows @ columns.T).toarray()
    return shared


def _tables(*several: Sequence[frozenset[str]]) -> list[csr_array]:
    known = frozenset().union(*(stems for texts in several for stems in texts))
    column = {stem: at for at, stem in enumerate(sorted(known))}
    found = []
    for texts in several:
        at = [(row, column[stem]) for row, stems in enumerate(texts) for stem in sorted(stems)]
        index = ([row for row, _ in at], [col for _, col in at])
        ones = np.ones(len(at), dtype=np.float32)
        found.append(csr_array((ones, index), shape=(len(texts), max(len(column), 1))))
    return found
