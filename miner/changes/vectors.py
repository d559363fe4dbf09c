"""Vectors of what is compared: of texts, kept in the store, and of stored passages."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from miner.embedding import Encoder
from miner.errors import NotYet
from miner.index import Filter
from miner.points import text_key
from miner.store import Store, StoredPassage

_BATCH = 256


def of_texts(
    store: Store, encoder: Encoder, texts: Sequence[str], patience: float | None = None
) -> NDArray[np.float32]:
    """Vectors of texts, shape (n, d); the store keeps them, for texts are compared again.

    Raises NotYet where patience (seconds) ran out; what was encoded is kept.
    """
    keys = [text_key(text) for text in texts]
    known = dict(store.cached_vectors(list(dict.fromkeys(keys))))
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    names, begun = list(missing), time.monotonic()
    for start in range(0, len(names), _BATCH):
        if patience is not None and start and time.monotonic() - begun > patience:
            raise NotYet(
                "commitments",
                f"{len(names) - start} of {len(keys)} are still to be embedded",
                "Ask again in a minute, or narrow the filters.",
            )
        some = names[start : start + _BATCH]
        made = encoder.encode([missing[key] for key in some])
        new = dict(zip(some, made, strict=True))
        store.cache_vectors(new)
        known.update(new)
    rows = [known[key] for key in keys]
    return np.stack(rows) if rows else np.zeros((0, encoder.dimension), np.float32)


def of_passages(
    store: Store, dimension: int, passages: Sequence[StoredPassage]
) -> NDArray[np.float32]:
    """The passages' vectors, shape (n, d); of one that the index lost, zeros."""
    ids = list(dict.fromkeys(stored.passage.id for stored in passages))
    held = store.read(lambda live: store.index.vectors(ids, live), Filter())
    rows = np.zeros((len(passages), dimension), dtype=np.float32)
    for at, stored in enumerate(passages):
        vector = held.get(stored.passage.id)
        if vector is not None:
            rows[at] = vector
    return rows
