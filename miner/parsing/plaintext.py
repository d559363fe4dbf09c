"""Plain text, mostly made from PDFs: pages, lines and gaps out of form feeds and blank lines."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from miner.document import PageStatus
from miner.parsing import marks
from miner.parsing.characters import clean, join_spaced_letters, squeeze, undouble
from miner.parsing.line import CELL, Gap, Line, RawPage
from miner.parsing.quality import is_garbled, quality

_MARKER = re.compile(
    r"^[\s\-–—=_]*(?:(?:page|seite|página|pagina|strana|p\.)\s*(\d{1,4})(?:\s*(?:of|/)\s*\d+)?"
    r"|(\d{1,4})/\d{1,4})[\s\-–—=_]*$",
    re.IGNORECASE,
)
_CELLS = re.compile(r"(?: {3,}|\t+ *)")
_UNWRAPPED = 200
"""Lines this long were not broken by a typesetter: each is a paragraph of its own."""


@dataclass(frozen=True, slots=True)
class _Measure:
    width: float
    unwrapped: bool


def pages_of(text: str) -> list[RawPage]:
    """The pages of a text: parted by form feeds, else by "Page 3" or "3/17" lines, else one."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n\n").replace("\x85", "\n")
    raw = text.split("\f")
    if len(raw) > 1 and not raw[-1].strip():
        raw.pop()
    if len(raw) == 1:
        raw = _at_markers(text)
    measure = _measure([line for page in raw for line in page.split("\n")])
    return [_page(page, number, measure) for number, page in enumerate(raw, 1)]


def _at_markers(text: str) -> list[str]:
    """Pages parted at lines that count pages; the lines themselves are left out."""
    lines = text.split("\n")
    marks = [(i, int(m.group(1) or m.group(2))) for i, line in enumerate(lines)
             if (m := _MARKER.match(line))]  # fmt: skip
    following = [*marks[1:], (len(lines), 10**6)]
    rising = [mark for mark, after in zip(marks, following, strict=False) if after[1] > mark[1]]
    if len(rising) < 3:
        return [text]
    first_text = next((i for i, line in enumerate(lines) if line.strip()), 0)
    leads = rising[0][0] <= first_text
    pages: list[str] = []
    start = 0
    for index, _ in rising:
        pages.append("\n".join(lines[start:index]))
        start = index + 1
    pages.append("\n".join(lines[start:]))
    if leads or not pages[-1].strip():
        pages.pop(0 if leads else -1)
    return pages


def _measure(lines: list[str]) -> _Measure:
    lengths = sorted(len(line.rstrip()) for line in lines if len(line.strip()) > 25)
    if not lengths:
        return _Measure(80.0, False)
    width = float(lengths[int(0.85 * (len(lengths) - 1))])
    return _Measure(max(width, 30.0), width > _UNWRAPPED)


def _page(text: str, number: int, measure: _Measure) -> RawPage:
    share = quality("\n".join(map(join_spaced_letters, text.split("\n"))))
    source = text.split("\n")
    double = _is_double_spaced(source, measure.width)
    lines: list[Line] = []
    blanks = owed = 0
    repaired = False
    for line in source:
        shown = clean(line.replace("\t", "    "))
        if not shown.strip():
            blanks += 1
            continue
        if not lines:
            gap = Gap.REGION
        elif measure.unwrapped or blanks > (1 if double else 0):
            gap = Gap.SPACE
        else:
            gap = Gap.NONE
        blanks = 0
        if marks.is_lone_bullet(shown):
            owed += 1
            blanks += 1
            continue
        if owed and (gap is not Gap.NONE or owed == 1):
            # Some makers set the bullets of a list first and its items after them.
            owed -= 1
            shown = f"• {shown.strip()}"
        made = _line(shown, number, gap, measure)
        repaired = repaired or made[1]
        lines.append(made[0])
    # Doubled print is bad text that can be mended: judge what came of it.
    if is_garbled(text, share) and is_garbled(" ".join(line.text for line in lines)):
        return RawPage(number, status="garbled", quality=share)
    status: PageStatus = "text" if lines else "empty"
    return RawPage(number, tuple(lines), status=status, quality=share, repaired=repaired)


def _line(shown: str, number: int, gap: Gap, measure: _Measure) -> tuple[Line, bool]:
    indent = len(shown) - len(shown.lstrip())
    cells = [squeeze(cell) for cell in _CELLS.split(join_spaced_letters(shown.strip()))]
    if len(cells) > 1 and marks.is_label(cells[0]):
        cells = [f"{cells[0]} {cells[1]}", *cells[2:]]
    plain = CELL.join(cells)
    text = CELL.join(map(undouble, cells))
    line = Line(
        text=text,
        page=number,
        gap=gap,
        left=indent / measure.width,
        reach=min(len(shown.rstrip()) / measure.width, 1.0),
        em=2 / measure.width,
        gapped=CELL in text,
    )
    return line, text != plain


def _is_double_spaced(lines: list[str], width: float) -> bool:
    """Whether blank lines stand between the lines of paragraphs, so that they say nothing."""
    filled = [index for index, line in enumerate(lines) if line.strip()]
    cases = blank = 0
    for here, after in itertools.pairwise(filled):
        line = lines[here].rstrip()
        if len(line) > 0.7 * width and not marks.ends_unit(line):
            cases += 1
            blank += after > here + 1
    return cases >= 4 and blank > 0.5 * cases
