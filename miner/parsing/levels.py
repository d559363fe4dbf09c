"""Levels: how deep each heading stands."""

from __future__ import annotations

from miner.document import BlockType
from miner.parsing import marks
from miner.parsing.paragraphs import Paragraph, Setting


def set_levels(paragraphs: list[Paragraph], setting: Setting) -> None:
    """Gives every heading a level from 1 to 6, in place.

    Where sizes are known they rank the headings, boldness and capitals within a size; the
    parts of a section number may only push a heading deeper than the one it counts on from.
    """
    headings = [one for one in paragraphs if one.type is BlockType.HEADING]
    if setting.boxes:
        _by_style(headings)
    else:
        _by_wording(headings)
    _by_number(headings)


def _style(heading: Paragraph) -> tuple[float, bool, bool]:
    size = max(line.size for line in heading.lines)
    # Sizes a point apart are one rank: layouts scale headings to fit.
    return round(size / 1.5), heading.first.bold, marks.is_caps(heading.text)


def _by_style(headings: list[Paragraph]) -> None:
    styles = sorted({_style(heading) for heading in headings}, reverse=True)
    ranks = {style: min(rank, 6) for rank, style in enumerate(styles, 1)}
    for heading in headings:
        heading.level = ranks[_style(heading)]


def _by_wording(headings: list[Paragraph]) -> None:
    last = 1
    for heading in headings:
        number = marks.number_of(heading.text)
        if number is not None:
            last = heading.level = min(6, number.count(".") + 1)
        elif marks.is_part(heading.text) or marks.is_caps(heading.text):
            last = heading.level = 1
        else:
            heading.level = min(6, last + 1)


def _by_number(headings: list[Paragraph]) -> None:
    seen: dict[str, int] = {}
    for heading in headings:
        number = marks.number_of(heading.text)
        if number is None:
            continue
        if "." not in number:
            seen = {}  # a new chapter, or another count
        else:
            above = seen.get(number.rsplit(".", 1)[0])
            if above is not None and heading.level <= above:
                heading.level = min(6, above + 1)
        seen[number] = heading.level
