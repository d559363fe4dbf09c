"""The background: where an embedding model puts texts of policy that have nothing in common.

Models differ in how near unlike texts lie (0.1 with one, 0.8 with another), and all texts of one
subject share a direction. Taking the background's mean off and dividing by its spread makes
cosines of two models comparable, so that one threshold serves both.
Source: Mu and Viswanath, All-but-the-Top (2018), who take off the mean and more.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from miner.embedding import Encoder
from miner.linguistics import sentences
from miner.points import text_key
from miner.store import Store

Kind = Literal["passage", "sentence"]
Floats = NDArray[np.float32]

# Passages that the project wrote, on all concepts and in many voices, taken at even distances.
_TEXTS = 120


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """mean: of the background's vectors, shape (d,). spread: standard deviation of the cosines
    between them, the mean taken off."""

    mean: Floats
    spread: float

    @classmethod
    def of(cls, vectors: Floats) -> Background:
        """The background that these vectors (n, d) make up."""
        mean: Floats = vectors.mean(axis=0)
        unit = _unit(vectors - mean)
        cosines = (unit @ unit.T)[np.triu_indices(len(unit), 1)]
        return cls(mean, max(float(cosines.std()), 1e-6))

    def alike(self, one: Floats, other: Floats) -> Floats:
        """How alike vectors (n, d) and (m, d) are, shape (n, m): cosines in units of the spread.

        0 is what unlike texts have; 3 is rare between them.
        """
        found: Floats = _unit(one - self.mean) @ _unit(other - self.mean).T / self.spread
        return found


def background(store: Store, encoder: Encoder, kind: Kind) -> Background:
    """The background of an encoder; its vectors are kept in the store."""
    texts = _texts(kind)
    keys = [text_key(text) for text in texts]
    known = store.cached_vectors(keys)
    missing = [at for at, key in enumerate(keys) if key not in known]
    if missing:
        made = encoder.encode([texts[at] for at in missing])
        new = {keys[at]: row for at, row in zip(missing, made, strict=True)}
        store.cache_vectors(new)
        known = {**known, **new}
    return Background.of(np.stack([known[key] for key in keys]))


@cache
def _texts(kind: Kind) -> Sequence[str]:
    """The background's texts: whole passages, or the first sentence of each."""
    lines = (files("models") / "training" / "written.jsonl").read_text("utf-8").splitlines()
    some = lines[:: max(len(lines) // _TEXTS, 1)][:_TEXTS]
    texts = [str(json.loads(line)["text"]) for line in some]
    if kind == "passage":
        return tuple(dict.fromkeys(texts))
    return tuple(dict.fromkeys(text[slice(*sentences(text)[0])] for text in texts))


def _unit(rows: Floats) -> Floats:
    unit: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit
