"""A Line: one printed line of a page, the unit that every format hands to the block builder."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from miner.document import Box, PageStatus

LINE_HYPHEN = "\u00ad"
"""Stands at a line's end for a hyphen that may be only typographic."""

CELL = "\t"
"""Parts the cells of a gapped line."""


class Gap(IntEnum):
    """What lies between a line and the one before it."""

    NONE = 0
    SPACE = 1
    """More space than between the lines of a paragraph."""
    REGION = 2
    """A new column or page: the distance says nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text.

    size: points (0 where the format has none). left, reach: where the line begins and ends as
    a share of its column's width, 0 to 1; `reach` is 1 where it fills the column.
    em: the size as a share of that width, to measure indents with. gapped: it holds a wide
    inner gap, as rows of a table do. row: a row of a ruled table, cells parted by " | ".
    """

    text: str
    page: int
    gap: Gap = Gap.NONE
    size: float = 0.0
    bold: bool = False
    left: float = 0.0
    reach: float = 1.0
    em: float = 0.02
    gapped: bool = False
    row: bool = False
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as its reader leaves it: lines in reading order, running heads still in."""

    number: int
    lines: tuple[Line, ...] = ()
    width: float = 0.0
    height: float = 0.0
    status: PageStatus = "text"
    quality: float = 1.0
    repaired: bool = False
