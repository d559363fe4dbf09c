"""The shipped tagging model over an encoder that needs no weights."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import as_file, files

import pytest

from miner.embedding import Encoder
from miner.tagging.heads import Heads
from miner.tagging.tagger import Tagger


@pytest.fixture(scope="session")
def shipped(encoder: Encoder) -> Heads:
    """The shipped heads, told that the test's encoder is theirs: they would load their own."""
    with as_file(files("models") / "tagger") as folder:
        return replace(Heads.load(folder), encoder=encoder.id)


@pytest.fixture(scope="session")
def tagger(shipped: Heads, encoder: Encoder) -> Tagger:
    """Goes by words alone: vectors of another model say nothing to the heads."""
    return Tagger(replace(shipped, embedding_weight=0.0), "heads-words", encoder)
