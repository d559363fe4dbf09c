"""Thresholds without labels: where the F1 that the probabilities promise is highest.

Source: Ye, Chai, Lee and Chieu, Optimizing F-measure: a tale of two approaches (2012).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

# Texts' worth of a threshold that is right for most concepts.
_USUAL, _USUAL_TEXTS = 0.3, 50.0


def expected(probabilities: NDArray[Any]) -> NDArray[np.float32]:
    """Per concept, from the probabilities of unlabelled texts, (n, K): thresholds (K,)."""
    size, many = probabilities.shape
    found = np.full(many, _USUAL)
    if size:
        ordered = np.sort(probabilities, axis=0)[::-1]
        hits = np.cumsum(ordered, axis=0)
        promised = 2 * hits / (np.arange(1, size + 1)[:, None] + ordered.sum(axis=0))
        found = ordered[promised.argmax(axis=0), np.arange(many)]
    trust = size / (size + _USUAL_TEXTS)
    return np.asarray(np.clip(trust * found + (1 - trust) * _USUAL, 0.02, 0.9), dtype=np.float32)
