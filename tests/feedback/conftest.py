"""A store of small documents with tags that are easy to foretell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from feedback_helpers import DIMENSION, MODEL, Put, document

from miner.points import points, text_key
from miner.settings import Settings
from miner.store import Store
from miner.tagging.tag import TaggedPassage


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(Settings(store=tmp_path / "store"), MODEL, DIMENSION) as opened:
        yield opened


@pytest.fixture
def put(store: Store) -> Put:
    """Stores a document: pairs of words and tags. As `miner.ingest` does it."""

    def putting(source: str, *pairs: tuple[str, TaggedPassage]) -> str:
        made, passages = document(source, *(words for words, _ in pairs))
        vectors = np.eye(DIMENSION, dtype=np.float32)[: len(passages)]
        store.cache_vectors(
            {text_key(p.text): vector for p, vector in zip(passages, vectors, strict=True)}
        )
        held = list(zip(passages, (tags for _, tags in pairs), strict=True))
        judged = store.judgements.over(held)
        store.put(made, f"r-{made.id}", held, points(made, f"r-{made.id}", judged, vectors))
        store.note_source(source, made.id, "reading:tagger-old:content")
        return made.id

    return putting
