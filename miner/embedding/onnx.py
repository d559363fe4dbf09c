"""The fast engine: the exported model on onnxruntime, without torch or transformers."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from miner.embedding.weights import Weights
from miner.errors import ModelUnavailable

if TYPE_CHECKING:
    from tokenizers import Tokenizer

INPUTS = ("input_ids", "attention_mask")
OUTPUT = "embedding"
_ERRORS_ONLY = 3


class OnnxEncoder:
    """An Encoder over a graph of `miner.embedding.export`, which pools and normalises inside.

    Args:
        graph: the .onnx file: (batch, tokens) int64 ids and mask to (batch, d) unit vectors.
        weights: the model it was exported from, for its id, tokenizer and limits.
        threads: threads to compute with; 0 for as many as there are processors.

    Raises:
        ModelUnavailable: onnxruntime or tokenizers is missing, or takes not the files.
    """

    def __init__(self, graph: Path, weights: Weights, threads: int = 0) -> None:
        self.id = weights.id
        self.dimension = weights.dimension
        number = threads or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(number, "encoder") if number > 1 else None
        try:
            self._tokenizer = _tokenizer(weights)
            self._session = _session(graph)
        except Exception as error:  # both libraries have errors of their own, and plain ones
            raise ModelUnavailable(
                f"{weights.id} on onnx",
                f"it cannot be loaded ({error})",
                "Install onnxruntime and tokenizers, or use the engine torch.",
            ) from error

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Encoder.encode`. Texts are computed one by one, on as many threads as are set.

        A batch would be padded, and spread over threads that wait for each other: it takes a
        quarter more of the processor's time. Alone, a text's vector depends on no other, also
        where activations are scaled to 8 bits as they come. A text is cut at the model's limit
        of tokens. Threads may call this at the same time.
        """
        # One by one as well: the tokenizer's own threads ignore our setting and make a later
        # fork complain. It takes a hundredth of the model's time.
        tokens = [np.array([self._tokenizer.encode(text).ids], dtype=np.int64) for text in texts]
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        if len(tokens) < 2 or self._pool is None:
            for row, ids in enumerate(tokens):
                vectors[row] = self._run(ids)
            return vectors
        # The longest first, so that no thread is left with one at the end.
        order = sorted(range(len(tokens)), key=lambda row: -tokens[row].shape[1])
        computed = self._pool.map(self._run, (tokens[row] for row in order))
        for row, vector in zip(order, computed, strict=True):
            vectors[row] = vector
        return vectors

    def _run(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        (vectors,) = self._session.run(
            [OUTPUT], dict(zip(INPUTS, (ids, np.ones_like(ids)), strict=True))
        )
        return np.asarray(vectors[0], dtype=np.float32)


def _tokenizer(weights: Weights) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(weights.folder / "tokenizer.json"))
    # The file asks for 128 tokens and padding to 128; sentence-transformers overrides both.
    tokenizer.enable_truncation(weights.max_tokens)
    tokenizer.no_padding()
    return tokenizer


def _session(graph: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # The caller's thread computes; see `encode`.
    options.intra_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
