"""Columns: the reading order of a page.

A region is cut at the vertical gutter that the fewest fragments cross; fragments that cross it
(full-width headings, tables) part the region into bands, and each band is read left column
first. Columns of a table without rules are told from columns of prose by the shape of their
lines, and are left in rows.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from statistics import median

from miner.parsing.glyphs import Word

_MAX_DEPTH = 6
_MIN_LINES = 3


@dataclass(slots=True)
class Fragment:
    """Neighbouring words on one line; `rows` where it stands for a whole ruled table."""

    words: list[Word]
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    rows: list[list[Word]] = field(default_factory=list)
    middle: float = 0.0

    def __post_init__(self) -> None:
        self.middle = (self.y0 + self.y1) / 2


def fragments_of(words: list[Word]) -> list[Fragment]:
    """Words joined along the text layer's own lines, parted at gaps wider than 1.2 em."""
    found: list[Fragment] = []
    line = -1
    for word in words:
        last = found[-1] if found else None
        if last is not None and word.line == line and _adjoins(last, word):
            last.words.append(word)
            last.x0, last.x1 = min(last.x0, word.x0), max(last.x1, word.x1)
            last.y0, last.y1 = min(last.y0, word.y0), max(last.y1, word.y1)
            last.size = max(last.size, word.size)
            last.middle = (last.y0 + last.y1) / 2
        else:
            found.append(Fragment([word], word.x0, word.y0, word.x1, word.y1, word.size))
        line = word.line
    return found


def _adjoins(fragment: Fragment, word: Word) -> bool:
    size = max(fragment.size, word.size, 4.0)
    gap = max(word.x0 - fragment.x1, fragment.x0 - word.x1)
    overlap = min(fragment.y1, word.y1) - max(fragment.y0, word.y0)
    return gap < 1.2 * size and overlap > 0.3 * min(fragment.y1 - fragment.y0, word.y1 - word.y0)


def regions(fragments: list[Fragment], depth: int = 0) -> list[list[Fragment]]:
    """Groups of fragments in reading order; each group is one column's stretch of lines."""
    if not fragments:
        return []
    gutter = _gutter(fragments) if depth < _MAX_DEPTH else None
    if gutter is None:
        return [sorted(fragments, key=lambda item: item.middle)]
    crossing = sorted(
        (item for item in fragments if item.x0 < gutter < item.x1), key=lambda item: item.middle
    )
    sides = [item for item in fragments if not item.x0 < gutter < item.x1]
    ordered: list[list[Fragment]] = []
    pending: list[Fragment] = []
    for bar in [*crossing, None]:
        band = [item for item in sides if bar is None or item.middle < bar.middle]
        if band:
            if pending:
                ordered.append(pending)
                pending = []
            left = [item for item in band if item.x1 <= gutter]
            right = [item for item in band if item.x1 > gutter]
            ordered += regions(left, depth + 1) + regions(right, depth + 1)
            taken = set(map(id, band))
            sides = [item for item in sides if id(item) not in taken]
        if bar is not None:
            pending.append(bar)
    if pending:
        ordered.append(pending)
    return ordered


def _gutter(fragments: list[Fragment]) -> float | None:
    """x of the white strip between two columns of prose, or None."""
    if len(fragments) < 2 * _MIN_LINES:
        return None
    x0 = min(item.x0 for item in fragments)
    x1 = max(item.x1 for item in fragments)
    size = median(item.size for item in fragments) or 10.0
    if x1 - x0 < 12 * size:
        return None
    best: tuple[float, float] | None = None
    for start, end, crossing in _strips(fragments, x0, x1):
        if end - start < 0.7 * size or crossing > 0.25 * len(fragments):
            continue
        x = (start + end) / 2
        score = crossing / len(fragments) - min(end - start, 3 * size) / (30 * size)
        if (best is None or score < best[0]) and _parts_prose(fragments, x):
            best = (score, x)
    return None if best is None else best[1]


def _strips(fragments: list[Fragment], x0: float, x1: float) -> list[tuple[float, float, int]]:
    """Maximal strips (start, end, fragments crossing) that are less crossed than both sides."""
    width = int(x1 - x0) + 2
    cover = [0] * (width + 1)
    for item in fragments:
        cover[max(0, int(item.x0 - x0))] += 1
        cover[min(width, int(item.x1 - x0) + 1)] -= 1
    counts, total = [], 0
    for step in cover[:width]:
        total += step
        counts.append(total)
    limit = 0.25 * len(fragments)
    strips: list[tuple[float, float, int]] = []
    index = 0
    while index < width:
        if counts[index] > limit:
            index += 1
            continue
        end = index
        while end < width and counts[end] <= limit:
            end += 1
        low = min(counts[index:end])
        # Narrow to the least crossed part: ragged line ends widen a strip at its left.
        cells = [i for i in range(index, end) if counts[i] <= low + 0.02 * len(fragments)]
        runs: list[list[int]] = []
        for cell in cells:
            if runs and cell == runs[-1][-1] + 1:
                runs[-1].append(cell)
            else:
                runs.append([cell])
        run = max(runs, key=len)
        strips.append((x0 + run[0], x0 + run[-1] + 1, max(counts[i] for i in run)))
        index = end
    return strips


def _parts_prose(fragments: list[Fragment], x: float) -> bool:
    left = [item for item in fragments if item.x1 <= x and not item.rows]
    right = [item for item in fragments if item.x0 >= x and not item.rows]
    if len(left) < _MIN_LINES or len(right) < _MIN_LINES:
        return False
    top = max(min(item.y0 for item in side) for side in (left, right))
    foot = min(max(item.y1 for item in side) for side in (left, right))
    near = [[i for i in side if top - 2 <= i.middle <= foot + 2] for side in (left, right)]
    if min(map(len, near)) < _MIN_LINES:
        return False
    return not _is_table(near[0], near[1])


def _is_table(left: list[Fragment], right: list[Fragment]) -> bool:
    """Whether two side-by-side groups are cells of rows rather than columns of prose."""
    shares = []
    for side in (left, right):
        # Not the side's own width: it may hold two columns more.
        widths = sorted(i.x1 - i.x0 for i in side)
        width = widths[int(0.9 * (len(widths) - 1))]
        full = sum(i.x1 - i.x0 > 0.6 * width for i in side)
        words = sum(len(i.words) for i in side) / len(side)
        shares.append((full / len(side), words))
    heights = sorted(item.middle for item in right)
    aligned = sum(_has_near(heights, item) for item in left) / len(left)
    prose = [full > 0.4 and words >= 3 for full, words in shares]
    if all(prose):
        # A narrow column of labels, each at the height of its paragraph, is a table.
        return len(left) < 0.45 * len(right) and aligned > 0.9 and shares[0][1] < 5
    return aligned > 0.5 or not any(prose)


def _has_near(heights: list[float], item: Fragment) -> bool:
    """Whether one of the sorted heights is the item's own, within 0.4 em."""
    slack = 0.4 * max(item.size, 4.0)
    at = bisect_left(heights, item.middle - slack)
    return at < len(heights) and heights[at] < item.middle + slack
