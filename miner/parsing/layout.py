"""Layout: words of one PDF page into Lines in reading order."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, pairwise
from statistics import median

from miner.parsing.characters import clean, join_spaced_letters, squeeze, undouble
from miner.parsing.columns import Fragment, fragments_of, regions
from miner.parsing.glyphs import Word
from miner.parsing.line import CELL, LINE_HYPHEN, Gap, Line
from miner.parsing.marks import is_label
from miner.parsing.rows import box_of, row_line, table_of
from miner.parsing.rules import Bounds


def lines_of(words: list[Word], number: int, tables: list[list[Bounds]]) -> list[Line]:
    """The page's lines in reading order; `tables` are the cells of its ruled tables."""
    upright = [word for word in words if word.upright]
    bold = _bold_from(upright)
    rows_of_tables: list[Fragment] = []
    for cells in tables:
        table, upright = table_of(cells, upright)
        if table is not None:
            rows_of_tables.append(table)
    pitch = 1.22
    lines: list[Line] = []
    for region in regions(fragments_of(upright) + rows_of_tables):
        found, pitch = _region_lines(region, number, pitch, bold)
        lines += found
    return lines + _sideways([word for word in words if not word.upright], number)


def _bold_from(words: list[Word]) -> int:
    """The weight that sets a line off: heavier than the page's own, 600 where that is normal."""
    counts: Counter[int] = Counter()
    for word in words:
        counts[word.weight] += len(word.text)
    body = counts.most_common(1)[0][0] if counts else 400
    return 600 if body >= 500 else body + 100


def _sideways(words: list[Word], number: int) -> list[Line]:
    """Turned text (margin stamps, turned tables): after the page's own, in the layer's order."""
    lines: list[Line] = []
    for _, group in groupby(words, key=lambda word: word.line):
        run = list(group)
        text = squeeze(clean(" ".join(word.text for word in run)))
        box = box_of(
            number,
            min(word.x0 for word in run),
            min(word.y0 for word in run),
            max(word.x1 for word in run),
            max(word.y1 for word in run),
        )
        gap = Gap.NONE if lines else Gap.REGION
        if text:
            lines.append(Line(text, number, gap, run[0].size, run[0].weight >= 600, box=box))
    return lines


def _region_lines(
    region: list[Fragment], number: int, pitch: float, bold: int
) -> tuple[list[Line], float]:
    left = min(item.x0 for item in region)
    right = max(item.x1 for item in region)
    width = max(right - left, 1.0)
    rows = _rows(region)
    distances = [
        (below[0].middle - above[0].middle) / max(below[0].size, 1.0)
        for above, below in pairwise(rows)
        if abs(above[0].size - below[0].size) < 0.6 and not above[0].rows and not below[0].rows
    ]
    close = sorted(value for value in distances if 0.8 < value < 3.0)
    if len(close) >= 4 or (len(close) >= 2 and close[-1] - close[0] < 0.08 and close[0] < 2.2):
        # The lower third: where most paragraphs are one line long, the median is their gap.
        pitch = close[len(close) // 3]
    lines: list[Line] = []
    before: list[Fragment] | None = None
    for row in rows:
        gap = _gap(before, row, pitch)
        before = row
        if row[0].rows:
            lines += [row_line(words, number) for words in row[0].rows]
        else:
            line = _line(row, number, gap, left, width, bold)
            if line is not None:
                lines.append(line)
    return lines, pitch


def _rows(region: list[Fragment]) -> list[list[Fragment]]:
    """Fragments of one baseline together, left to right, top to bottom."""
    rows: list[list[Fragment]] = []
    for item in sorted(region, key=lambda item: item.middle):
        row = rows[-1] if rows else None
        if row is not None and not item.rows and not row[0].rows and _same_line(row, item):
            row.append(item)
        else:
            rows.append([item])
    for row in rows:
        row.sort(key=lambda item: item.x0)
        if sum(_is_rtl(word.text) for item in row for word in item.words) * 2 > sum(
            len(item.words) for item in row
        ):
            row.reverse()
    return rows


def _same_line(row: list[Fragment], item: Fragment) -> bool:
    base = max(row, key=lambda one: one.x1 - one.x0)
    overlap = min(base.y1, item.y1) - max(base.y0, item.y0)
    if overlap < 0.5 * min(base.y1 - base.y0, item.y1 - item.y0):
        return False
    # Overprinted text is not one line with what it covers.
    return all(
        min(one.x1, item.x1) - max(one.x0, item.x0)
        < 0.5 * min(one.x1 - one.x0, item.x1 - item.x0) + 2
        for one in row
    )


def _is_rtl(text: str) -> bool:
    return any("\u0590" <= char <= "\u08ff" or "\ufb1d" <= char <= "\ufefc" for char in text)


def _gap(before: list[Fragment] | None, row: list[Fragment], pitch: float) -> Gap:
    if before is None:
        return Gap.REGION
    size = max(row[0].size, 1.0)
    distance = row[0].middle - before[0].middle
    if row[0].rows or before[0].rows:
        distance = row[0].y0 - before[0].y1 + size
    if distance < -0.5 * size:
        return Gap.REGION
    return Gap.SPACE if distance > max(pitch * 1.22, pitch + 0.22) * size else Gap.NONE


def _line(
    row: list[Fragment], number: int, gap: Gap, left: float, width: float, bold: int
) -> Line | None:
    size = max(item.size for item in row)
    text = _text(row[0])
    gapped = False
    for before, item in pairwise(row):
        if not before.words or _is_drop_cap(before, item):
            text += _text(item)
            continue
        wide = abs(item.x0 - before.x1) > 1.5 * size or item.x1 < before.x0
        gapped = gapped or (wide and not is_label(text))
        text += (CELL if wide and not is_label(text) else " ") + _text(item)
    text = undouble(text)
    if not text.strip(LINE_HYPHEN + " "):
        return None
    words = [word for item in row for word in item.words]
    letters = sum(len(word.text) for word in words) or 1
    main = max(row, key=lambda item: len(item.words))
    sizes: dict[float, int] = {}
    for word in words:
        sizes[word.size] = sizes.get(word.size, 0) + len(word.text)
    x0, y0 = min(item.x0 for item in row), min(item.y0 for item in row)
    x1, y1 = max(item.x1 for item in row), max(item.y1 for item in row)
    return Line(
        text=text,
        page=number,
        gap=gap,
        size=max(sizes, key=lambda key: sizes[key]),
        bold=sum(len(word.text) for word in words if word.weight >= bold) > 0.9 * letters,
        left=(x0 - left) / width,
        reach=(x1 - left) / width,
        em=main.size / width,
        gapped=gapped,
        box=box_of(number, x0, y0, x1, y1),
    )


def _is_drop_cap(cap: Fragment, item: Fragment) -> bool:
    text = cap.words[0].text
    return (
        len(cap.words) == 1
        and len(text) == 1
        and text.isupper()
        and cap.size > 1.5 * item.size
        and item.words[0].text[:1].islower()
    )


def _text(item: Fragment) -> str:
    return squeeze(join_spaced_letters(clean(_joined(item.words))))


def _joined(words: list[Word]) -> str:
    """Words with one space; two where the gap is wide enough to part letter-spaced words."""
    if not words:
        return ""
    if sum(len(word.text) == 1 for word in words) < 3:
        return " ".join(word.text for word in words)
    pairs = list(pairwise(words))
    gaps = [max(word.x0 - before.x1, before.x0 - word.x1) for before, word in pairs]
    wide = max(1.8 * median(gaps), 0.3 * words[0].size)
    text = words[0].text
    for (before, word), gap in zip(pairs, gaps, strict=True):
        single = len(word.text) == 1 and len(before.text) == 1
        text += ("  " if single and gap > wide else " ") + word.text
    return text
