"""Documents read and tagged, for figures on whole documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from miner.alignment.measure import Pair
from miner.alignment.reading import unread_share
from miner.document import Document
from miner.parsing import parse
from miner.passages import split
from miner.tagging.tagger import Tagger


@dataclass(frozen=True, slots=True)
class TaggedDocument:
    """A document with its passages and their tags."""

    source: str
    document: Document
    pairs: tuple[Pair, ...]

    @property
    def unread(self) -> float:
        """See `miner.alignment.reading.unread_share`."""
        return unread_share(self.document.pages)


def read_documents(corpus: Path, sources: Iterable[str], tagger: Tagger) -> list[TaggedDocument]:
    """Parse, split and tag files below `corpus`."""
    return [_read(corpus / source, source, tagger) for source in sources]


def _read(path: Path, source: str, tagger: Tagger) -> TaggedDocument:
    document = parse(path)
    passages = split(document)
    tagged = tagger.tag([p.text for p in passages], [p.language for p in passages])
    return TaggedDocument(source, document, tuple(zip(passages, tagged, strict=True)))
