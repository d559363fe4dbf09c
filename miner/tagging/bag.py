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
        self._idf = idf.tolist()
        # A row per term, so that a text's terms are gathered from few places.
        self._weights = np.ascontiguousarray(weights.T)

    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """What the models say of each text, without their biases: (len(texts), k)."""
        found = np.zeros((len(texts), self._weights.shape[1]), dtype=np.float32)
        for row, text in enumerate(texts):
            columns, values = self._row(text)
            if columns:
                found[row] = np.asarray(values, dtype=np.float32) @ self._weights[columns]
        return found

    def _row(self, text: str) -> tuple[list[int], list[float]]:
        columns, values = [], []
        for term, count in Counter(self._analyzer(text)).items():
            column = self.columns.get(term)
            if column is not None:
                columns.append(column)
                values.append((1.0 + math.log(count)) * self._idf[column])
        length = math.sqrt(sum(value * value for value in values)) or 1.0
        return columns, [value / length for value in values]
