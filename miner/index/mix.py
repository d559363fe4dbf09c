"""One score out of several: the weighted sum of what the legs say of each point.

The cosine counts as it is, BM25 as a share of the best candidate's, and the tags by the sum of
the concept probabilities that query and passage share. Reciprocal ranks would throw away how far
apart two passages lie, and let one leg rule out what another is sure of.
Source of the comparison: Bruch, Gai and Ingber, An Analysis of Fusion Functions for Hybrid
Retrieval (2023).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from miner.index.schema import Leg


def mixed(
    scores: NDArray[np.float64], legs: Sequence[Leg], mix: Mapping[str, float]
) -> NDArray[Any]:
    """Scores of shape (n, legs) as one of shape (n,); legs of weight 0 only proposed."""
    weights = np.zeros(len(legs))
    for number, leg in enumerate(legs):
        best = scores[:, number].max(initial=0.0) if leg.using == "bm25" else 1.0
        if leg.weight and best > 0:
            weights[number] = mix.get(leg.using, 0.0) / best
    return np.asarray(scores @ weights)
