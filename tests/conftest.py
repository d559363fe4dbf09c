"""What many tests need: a fast deterministic encoder, the shared real data where it lies."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from miner import lexical


class HashingEncoder:
    """Bag of hashed stems, 384 numbers: no model, yet similar texts are near each other."""

    id = "hashing@test"
    dimension = 384

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for stem in lexical.stems(text):
                vectors[row, lexical.term(stem) % self.dimension] += 1
            vectors[row, 0] += 0.01
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-9)


@pytest.fixture(scope="session")
def encoder() -> HashingEncoder:
    return HashingEncoder()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents and labels; tests that need it are skipped without it."""
    named = os.environ.get("MINER_SHARED")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared"
    if not (folder / "corpus" / "manifest.tsv").is_file():
        pytest.skip("the shared corpus is not here")
    return folder
