"""Rows: the words of ruled tables gathered into rows of cells."""

from __future__ import annotations

from statistics import median

from miner.document import Box
from miner.parsing.characters import clean, squeeze
from miner.parsing.columns import Fragment
from miner.parsing.glyphs import Word
from miner.parsing.line import LINE_HYPHEN, Gap, Line
from miner.parsing.rules import Bounds, fill

_BAR = Word("|", 0, 0, 0, 0, 0, 400, -1)


def table_of(cells: list[Bounds], words: list[Word]) -> tuple[Fragment | None, list[Word]]:
    """A ruled table as one fragment with rows, and the words left over; None if it is none."""
    x0, y0 = min(cell[0] for cell in cells), min(cell[1] for cell in cells)
    x1, y1 = max(cell[2] for cell in cells), max(cell[3] for cell in cells)
    inside: list[Word] = []
    outside: list[Word] = []
    for word in words:
        x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
        (inside if x0 <= x < x1 and y0 <= y < y1 else outside).append(word)
    rows = fill(cells, inside)
    if rows is None:
        return None, words
    placed = {id(word) for row in rows for cell in row for word in cell}
    outside += [word for word in inside if id(word) not in placed]
    fragment = Fragment([], x0, y0, x1, y1, median(word.size for word in inside))
    fragment.rows = [[word for cell in row for word in [*cell, _BAR]] for row in rows if any(row)]
    return fragment, outside


def row_line(words: list[Word], number: int) -> Line:
    """One row's words, cells parted by bars, as a Line."""
    cells: list[list[Word]] = [[]]
    for word in words:
        if word is _BAR:
            cells.append([])
        else:
            cells[-1].append(word)
    texts = [_cell_text(cell) for cell in cells]
    real = [word for cell in cells for word in cell]
    box = box_of(
        number,
        min(word.x0 for word in real),
        min(word.y0 for word in real),
        max(word.x1 for word in real),
        max(word.y1 for word in real),
    )
    size = median(word.size for word in real)
    return Line(
        " | ".join(text for text in texts if text), number, Gap.SPACE, size, row=True, box=box
    )


def _cell_text(cell: list[Word]) -> str:
    # A line-end hyphen inside a cell: the parts follow each other directly.
    text = squeeze(clean(" ".join(word.text + "\u2063" for word in cell).replace("\u2063", "")))
    return text.replace(LINE_HYPHEN + " ", "").rstrip(LINE_HYPHEN)


def box_of(number: int, x0: float, y0: float, x1: float, y1: float) -> Box:
    """A Box with coordinates in tenths of a point."""
    return Box(number, round(x0, 1), round(y0, 1), round(x1, 1), round(y1, 1))
