"""What a measured tagger must do; `miner.tagging.tagger.Tagger` does it, and so does a fake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from miner.tagging.tag import TaggedPassage


class TextTagger(Protocol):
    """Tags texts; see `miner.tagging.tagger.Tagger.tag`."""

    def tag(
        self, texts: Sequence[str], languages: Sequence[str] | None = None
    ) -> list[TaggedPassage]: ...


class CardedTagger(TextTagger, Protocol):
    """A tagger with an id and a model card."""

    @property
    def id(self) -> str: ...

    @property
    def card(self) -> dict[str, Any]: ...
