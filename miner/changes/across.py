"""Commitments of different countries that promise the same: pairs, and groups of them.

Source of the linkage: Sokal and Michener (1958), as scipy computes it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

from miner.changes.likeness import stem_table
from miner.changes.rule import Across
from miner.similar.background import Background

Floats = NDArray[np.float32]

_BLOCK = 512


def groups(
    gists: Floats,
    stems: Sequence[frozenset[str]],
    across: Across,
    beside: Background,
    least: float | None = None,
) -> list[tuple[list[int], NDArray[np.float64]]]:
    """Groups by average linkage on the logistic scale, cut at the probability `least`.

    Args:
        gists: vectors of what is promised, shape (n, d).
        stems: their stems.
        across: how likeness is told.
        beside: the background of gists.
        least: `across.same` without.

    Returns:
        For each group of two and more its positions in ascending order, and the logits of their
        pairs, shape (m, m).
    """
    cut = _logit(across.same if least is None else least)
    table = stem_table(stems)
    rows, columns = _near(gists, table, across, beside, cut)
    # The mean of a group's pairs never exceeds the highest of them: what no pair above the cut
    # ties together never joins, so that each part can be clustered alone.
    edges = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(stems), len(stems)))
    many, label = connected_components(edges, directed=False)
    sizes = np.bincount(label, minlength=many)
    found = []
    for part in np.flatnonzero(sizes > 1):
        members = np.flatnonzero(label == part)
        logits = _logits(gists[members], table[members], across, beside)
        found += [(members[g].tolist(), logits[np.ix_(g, g)]) for g in _cut(logits, cut)]
    return found


def _near(
    gists: Floats, table: csr_array, across: Across, beside: Background, cut: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs (row before column) whose logit is `cut` or more."""
    gist, words = across.weights
    sizes = np.asarray(table.sum(axis=1)).ravel()
    rows, columns = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for start in range(0, len(gists), _BLOCK):
        block = slice(start, start + _BLOCK)
        by_gist = gist * beside.alike(gists[block], gists) + across.bias
        # No pair shares more stems than the shorter of the two has.
        most = by_gist + words * np.minimum.outer(sizes[block], sizes)
        near, other = np.nonzero(most >= cut)
        ahead = other > near + start
        near, other = near[ahead], other[ahead]
        shared = np.asarray(table[near + start].multiply(table[other]).sum(axis=1)).ravel()
        kept = by_gist[near, other] + words * shared >= cut
        rows.append(near[kept] + start)
        columns.append(other[kept])
    return np.concatenate(rows), np.concatenate(columns)


def _logits(
    gists: Floats, table: csr_array, across: Across, beside: Background
) -> NDArray[np.float64]:
    gist, words = across.weights
    shared = (table @ table.T).toarray()
    logits = gist * beside.alike(gists, gists) + words * shared + across.bias
    return np.asarray((logits + logits.T) / 2, dtype=np.float64)


def _cut(logits: NDArray[np.float64], cut: float) -> list[list[int]]:
    top = float(logits.max())
    distances = squareform(np.maximum(top - logits, 0.0), checks=False)
    labels = fcluster(linkage(distances, "average"), top - cut, "distance")
    found: dict[int, list[int]] = {}
    for row, label in enumerate(labels.tolist()):
        found.setdefault(label, []).append(row)
    return [group for group in found.values() if len(group) > 1]


def _logit(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))
