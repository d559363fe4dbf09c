"""Stand-ins for the models: they answer at once and are told what to say."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from miner.tagging.tag import StanceTag, Tag, TaggedPassage
from miner.taxonomy import Stance, codebook


def tagged(
    probabilities: Mapping[str, float] | None = None,
    stance: Stance = Stance.DESCRIPTIVE,
    abstained: str | None = None,
) -> TaggedPassage:
    """A tagged passage; concepts not named have probability 0, and 0.5 decides."""
    given = probabilities or {}
    tags = tuple(
        Tag(name, given.get(name, 0.0), given.get(name, 0.0) >= 0.5, "head") for name in codebook()
    )
    return TaggedPassage(tags, StanceTag(stance, 0.9), "fake", abstained)


class FakeTagger:
    """Says for a text what it was told to say; nothing for other texts."""

    def __init__(self, answers: Mapping[str, TaggedPassage], card: dict[str, Any]) -> None:
        self.id = "fake"
        self.card = card
        self.answers = answers

    def tag(
        self,
        texts: Sequence[str],
        languages: Sequence[str] | None = None,
    ) -> list[TaggedPassage]:
        assert languages is None or len(languages) == len(texts)
        return [self.answers.get(text, tagged()) for text in texts]


class FakeEncoder:
    """Unit vectors drawn from the text's own bytes; counts the texts it encodes."""

    id = "fake@00000000"
    dimension = 8

    def __init__(self) -> None:
        self.encoded = 0

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += len(texts)
        rows = [
            np.random.default_rng(list(text.encode())).normal(size=self.dimension) for text in texts
        ]
        vectors = np.array(rows).reshape(len(texts), self.dimension)
        unit: NDArray[np.float32] = (
            vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        ).astype(np.float32)
        return unit


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes rows (dicts, or lines as they are) to a file of JSON lines."""

    def write_rows(name: str, *rows: dict[str, Any] | str) -> Path:
        path = tmp_path / name
        text = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        path.write_text("\n".join(text) + "\n", "utf-8")
        return path

    return write_rows


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def make_tagger() -> type[FakeTagger]:
    return FakeTagger


@pytest.fixture
def make_tagged() -> Callable[..., TaggedPassage]:
    return tagged
