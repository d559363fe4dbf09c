"""Drafts: blocks with their own text, before they have a place in the document's text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from miner.document import BlockType, Box


@dataclass(frozen=True, slots=True)
class Draft:
    """A block to be.

    turns: (offset within `text`, page) for each page on which it begins or goes on; the first
    entry is (0, page). style: what ranks a heading among headings: larger is higher; 0 unknown.
    tight: follows the block before it on the next line, without a blank line.
    """

    type: BlockType
    text: str
    turns: tuple[tuple[int, int], ...] = ((0, 1),)
    boxes: tuple[Box, ...] = ()
    level: int = 0
    tight: bool = False

    @property
    def page(self) -> int:
        """The page on which it begins."""
        return self.turns[0][1]

    def with_level(self, level: int) -> Draft:
        """The same heading on another level, 1 to 6."""
        return replace(self, level=max(1, min(6, level)))
