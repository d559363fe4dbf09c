"""Furniture: running heads, running feet and page numbers, told by their return."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from miner.parsing.line import Gap, Line, RawPage

_DIGITS = re.compile(r"\d+")
_NUMBER_ONLY = re.compile(
    r"^[\s\-–—|·•.\[(]*(?:(?:page|seite|página|pagina|pág\.?|p\.|s\.|str\.?)\s*)?"
    r"(?:\d{1,4}|[ivxl]{1,7})(?:\s*(?:/|of|de|von|sur|из)\s*\d{1,4})?[\s\-–—|·•.\])]*$",
    re.IGNORECASE,
)
_DEPTH = 4
"""Lines looked at from each end of a page."""
_MAX_LENGTH = 160
_MIN_PAGES = 3


def without_furniture(pages: list[RawPage]) -> list[RawPage]:
    """The pages without lines that return at the top or the foot of three pages or more.

    Lines are compared modulo digits; where the digits change they must count the pages, so that
    "Article 12" at the top of a page stays. Lone page numbers go too.
    """
    drop: dict[int, set[int]] = defaultdict(set)
    for _ in range(_DEPTH):
        found = _outermost(pages, drop)
        if not found:
            break
        for page, index in found:
            drop[page].add(index)
    return [_without(page, drop[at]) if drop[at] else page for at, page in enumerate(pages)]


def _outermost(pages: list[RawPage], drop: dict[int, set[int]]) -> list[tuple[int, int]]:
    """(page index, line index) of repeated lines that are now the outermost of their page."""
    tops: dict[str, list[tuple[int, int]]] = defaultdict(list)
    feet: dict[str, list[tuple[int, int]]] = defaultdict(list)
    found: list[tuple[int, int]] = []
    for at, page in enumerate(pages):
        order = [index for index in _by_height(page) if index not in drop[at]]
        # Two lines deep: a page number often stands inside the running head or beside it.
        for group, chosen in ((tops, order[:2]), (feet, order[-2:])):
            for index in chosen:
                text = page.lines[index].text
                if len(text) <= _MAX_LENGTH and not page.lines[index].row:
                    group[_key(text)].append((at, index))
        if len(pages) > 1:
            ends = {*order[:1], *order[-1:]}
            found += [(at, i) for i in ends if _NUMBER_ONLY.match(page.lines[i].text)]
    for group in (tops, feet):
        for places in group.values():
            if len({at for at, _ in places}) >= _MIN_PAGES and _counts(pages, places):
                found += places
    return found


def _by_height(page: RawPage) -> list[int]:
    """Line indexes from top to bottom: reading order may put a running head anywhere."""
    indexes = list(range(len(page.lines)))
    boxes = [line.box for line in page.lines]
    if page.height and all(box is not None for box in boxes):
        indexes.sort(key=lambda i: (box.y0 + box.y1) if (box := boxes[i]) else 0.0)
    return indexes


def _key(text: str) -> str:
    return re.sub(r"\s+", "", _DIGITS.sub("#", text)).casefold()


def _counts(pages: list[RawPage], places: list[tuple[int, int]]) -> bool:
    """Whether the lines' numbers stay the same or run with the pages."""
    numbers = [
        (at, [int(n) for n in _DIGITS.findall(pages[at].lines[index].text)]) for at, index in places
    ]
    slots = len(numbers[0][1])
    if slots == 0:
        return True
    same = len({tuple(values) for _, values in numbers}) <= 1 + len(numbers) // 3
    if same:
        return True
    for slot in range(slots):
        offsets = [values[slot] - at for at, values in numbers]
        commonest = max(offsets.count(value) for value in set(offsets))
        if commonest >= 0.6 * len(offsets):
            return True
    return False


def _without(page: RawPage, drop: set[int]) -> RawPage:
    lines: list[Line] = []
    for index, line in enumerate(page.lines):
        if index in drop:
            continue
        # What now begins the page must not be taken for the running head's next line.
        lines.append(line if lines else replace(line, gap=Gap.REGION))
    return replace(page, lines=tuple(lines))
