"""A Bag: texts as weighed terms, times the weights of linear models.

The same numbers as scikit-learn's TfidfVectorizer with logarithmic term frequency and rows of
unit length, followed by a product; scikit-learn, which takes a second to import, is needed to
train only, and one text takes a tenth of the time.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray


class Bag:
    """Terms, their inverse document frequencies (n,), and weights (k, n) of k models."""

    def __init__(
        self,
        analyzer: Callable[[str], Sequence[str]],
        terms: Sequence[str],
        idf: NDArray[np.float32],
        weights: NDArray[np.float32],
    ) -> None:
        self.columns = {term: column for column, term in enumerate(terms)}
        self._analyzer = analyzer
        self._idf = idf.astype(np.float64)
        # A row per term, so that a text's terms are gathered from few places.
        self._weights = np.ascontiguousarray(weights.T)

    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """What the models say of each text, without their biases: (len(texts), k)."""
        found = np.zeros((len(texts), self._weights.shape[1]), dtype=np.float32)
        for row, text in enumerate(texts):
            columns, values = self._row(text)
            if columns:
                found[row] = values @ self._weights[columns]
        return found

    def _row(self, text: str) -> tuple[list[int], NDArray[np.float32]]:
        known = self.columns
        counts = Counter([term for term in self._analyzer(text) if term in known])
        columns = [known[term] for term in counts]
        often = np.fromiter(counts.values(), dtype=np.float64, count=len(columns))
        values = (1.0 + np.log(often)) * self._idf[columns]
        length = math.sqrt(float(values @ values)) or 1.0
        return columns, (values / length).astype(np.float32)
