"""What stands around a labelled passage in its document: words before and after, headings above.

A passage is found by its letters and digits alone, as readers' copies and the parser differ in
white space, hyphens and ligatures; where even those differ, by the first and last that agree.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

from miner.document import BlockType, Document

WORDS = 100
# Letters that tell a place, looked for at every few letters of a passage's halves: the parser may
# have put aside a running head or a footnote that stands in it.
_ANCHOR = 30
_STEP = 10
_NO_CONTEXT = frozenset({BlockType.HEADER_FOOTER, BlockType.CONTENTS})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """before, after: about `WORDS` words each, fewer at the document's ends, without running
    heads and contents. headings: those above the passage's first word, outermost first."""

    before: str
    after: str
    headings: tuple[str, ...]


class Searched:
    """A document made ready: its letters, and where each stands in its text."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._places = [at for at, character in enumerate(document.text) for _ in _plain(character)]
        self._letters = "".join(map(_plain, document.text))
        self._pages = {page.number: page.start for page in document.pages}

    def around(self, passage: str, page: int | None = None) -> Surroundings | None:
        """What is around `passage`; None where it is not found. Of several places the one nearest
        to the start of `page` counts."""
        near = bisect_left(self._places, self._pages.get(page or 1, 0))
        span = self._span("".join(map(_plain, passage)), near)
        if span is None:
            return None
        start, end = self._places[span[0]], self._places[span[1] - 1] + 1
        text, blocks = self._document.text, self._document.blocks
        while end < len(text) and not text[end].isspace():
            end += 1  # the stop after the last letter
        at = bisect_right([block.start for block in blocks], start) - 1
        return Surroundings(
            " ".join(self._words(0, start)[-WORDS:]),
            " ".join(self._words(end, len(text))[:WORDS]),
            blocks[at].heading_path if at >= 0 else (),
        )

    def _span(self, wanted: str, near: int) -> tuple[int, int] | None:
        if not wanted:
            return None
        start = self._nearest(wanted, near)
        if start is not None:
            return start, start + len(wanted)
        steps = range(0, len(wanted) // 2 - _ANCHOR, _STEP)
        heads = (self._nearest(wanted[at : at + _ANCHOR], near) for at in steps)
        start = next((place for place in heads if place is not None), None)
        if start is None:
            return None
        cuts = (len(wanted) - at for at in steps)
        tails = (self._letters.find(wanted[at - _ANCHOR : at], start) for at in cuts)
        end = next((place + _ANCHOR for place in tails if place >= 0), start)
        return (start, end) if len(wanted) / 2 <= end - start <= 2 * len(wanted) else None

    def _nearest(self, wanted: str, near: int) -> int | None:
        found, at = [], self._letters.find(wanted)
        while at >= 0:
            found.append(at)
            at = self._letters.find(wanted, at + 1)
        return min(found, key=lambda place: abs(place - near), default=None)

    def _words(self, start: int, end: int) -> list[str]:
        text = self._document.text
        return [
            word
            for block in self._document.blocks
            if block.type not in _NO_CONTEXT and block.start < end and block.end > start
            for word in text[max(block.start, start) : min(block.end, end)].split()
        ]


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """Its letters and digits in their plain form, lower case; nothing for all else."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", character).lower()))
