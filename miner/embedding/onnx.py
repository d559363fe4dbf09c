"""The fast engine: the exported model on onnxruntime, without torch or transformers."""

from __future__ import annotations

from collections.abc import Sequence
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
# Least computing of 8, 16 and 32 (2.3, 2.8, 2.9 s for 100 passages on one thread).
_BATCH = 8
_ERRORS_ONLY = 3


class OnnxEncoder:
    """An Encoder over a graph of `miner.embedding.export`, which pools and normalises inside.

    Args:
        graph: the .onnx file: (batch, tokens) int64 ids and mask to (batch, d) unit vectors.
        weights: the model it was exported from, for its id, tokenizer and limits.
        threads: threads to compute with; 0 leaves it to onnxruntime.

    Raises:
        ModelUnavailable: onnxruntime or tokenizers is missing, or takes not the files.
    """

    def __init__(self, graph: Path, weights: Weights, threads: int = 0) -> None:
        self.id = weights.id
        self.dimension = weights.dimension
        try:
            self._tokenizer = _tokenizer(weights)
            self._session = _session(graph, threads)
        except Exception as error:  # both libraries have errors of their own, and plain ones
            raise ModelUnavailable(
                f"{weights.id} on onnx",
                f"it cannot be loaded ({error})",
                "Install onnxruntime and tokenizers, or use the engine torch.",
            ) from error

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Encoder.encode`; texts of like length share a batch, so little is padded.

        A text is cut at the model's limit of tokens. Threads may call this at the same time.
        """
        # One by one: a batch would start the tokenizer's own threads, which ignore our setting
        # and make a later fork complain, and it takes no less time beside the model's (1 : 100).
        tokens = [np.array(self._tokenizer.encode(text).ids, dtype=np.int64) for text in texts]
        order = np.argsort([len(ids) for ids in tokens], kind="stable")
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            vectors[rows] = self._run([tokens[row] for row in rows])
        return vectors

    def _run(self, tokens: Sequence[NDArray[np.int64]]) -> NDArray[np.float32]:
        ids = np.zeros((len(tokens), max(map(len, tokens))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, found in enumerate(tokens):
            ids[row, : len(found)] = found
            mask[row, : len(found)] = 1
        (vectors,) = self._session.run([OUTPUT], dict(zip(INPUTS, (ids, mask), strict=True)))
        return np.asarray(vectors, dtype=np.float32)


def _tokenizer(weights: Weights) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(weights.folder / "tokenizer.json"))
    # The file asks for 128 tokens and padding to 128; sentence-transformers overrides both.
    tokenizer.enable_truncation(weights.max_tokens)
    tokenizer.no_padding()
    return tokenizer


def _session(graph: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Threads that spin while they wait cost up to 40 % more computing and a third of the speed
    # where other programs use the cores too, and gained nothing elsewhere.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = _ERRORS_ONLY
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
