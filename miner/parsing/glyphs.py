"""Glyphs: the words of a PDF page with their boxes, sizes and weights.

pypdfium2's raw calls are used word by word (first and last character), not character by
character: that is five times fewer calls, and words are all that the layout needs.
"""

from __future__ import annotations

import ctypes
import math
import re
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_WORD = re.compile(r"[^\s\x00-\x01\x03-\x1f\u2028\u2029]+")
_BOLD = re.compile(r"bold|black|heavy|demi|-bd|,b\b", re.IGNORECASE)
_MEDIUM = re.compile(r"medium|-md", re.IGNORECASE)
_LIGHT = re.compile(r"light|thin|-lt", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its box in points from the page's top left, font size and weight (300 to 700).

    line: rank of the text layer's own line, by which words in one run stay together.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    weight: int
    line: int
    upright: bool = True


@dataclass(frozen=True, slots=True)
class Frame:
    """Maps PDF user space to points from the top left of the page as it is shown."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """The rectangle of two corners, as (left, top, right, bottom)."""
        ax, ay = self.a * x0 + self.c * y0 + self.e, self.b * x0 + self.d * y0 + self.f
        bx, by = self.a * x1 + self.c * y1 + self.e, self.b * x1 + self.d * y1 + self.f
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def keeps_level(self, x: float, y: float) -> bool:
        """Whether the direction (x, y) is nearer to level than to upright when shown."""
        return abs(self.a * x + self.c * y) >= abs(self.b * x + self.d * y)


def frame_of(page: pdfium.PdfPage) -> Frame:
    """The page's frame, with its rotation and crop box taken in."""
    scale = 64  # the call answers in whole pixels
    width, height = (round(side * scale) for side in page.get_size())
    x, y = ctypes.c_int(), ctypes.c_int()

    def shown(px: float, py: float) -> tuple[float, float]:
        raw.FPDF_PageToDevice(page, 0, 0, width, height, 0, px, py, x, y)
        return x.value / scale, y.value / scale

    (e, f), (ax, ay), (cx, cy) = shown(0, 0), shown(1000, 0), shown(0, 1000)
    return Frame((ax - e) / 1000, (ay - f) / 1000, (cx - e) / 1000, (cy - f) / 1000, e, f)


@dataclass(slots=True)
class _Styles:
    """Sizes and weights by text object; fonts are asked for their names once."""

    textpage: pdfium.PdfTextPage
    frame: Frame
    objects: dict[int, tuple[float, int, bool]] = field(default_factory=dict)
    fonts: dict[int, int] = field(default_factory=dict)
    matrix: raw.FS_MATRIX = field(default_factory=raw.FS_MATRIX)
    buffer: ctypes.Array[ctypes.c_char] = field(
        default_factory=lambda: ctypes.create_string_buffer(256)
    )

    def at(self, index: int) -> tuple[float, int, bool]:
        """Size in points, weight, and upright (not turned as margin stamps are)."""
        handle = raw.FPDFText_GetTextObject(self.textpage, index)
        key = ctypes.addressof(handle.contents) if handle else 0
        style = self.objects.get(key)
        if style is None:
            size = raw.FPDFText_GetFontSize(self.textpage, index)
            upright = True
            if raw.FPDFText_GetMatrix(self.textpage, index, self.matrix):
                size *= math.hypot(self.matrix.c, self.matrix.d)
                upright = self.frame.keeps_level(self.matrix.a, self.matrix.b)
            style = (round(size * 2) / 2, self._weight(handle) if key else 400, upright)
            self.objects[key] = style
        return style

    def _weight(self, handle: Any) -> int:
        """300, 400, 500 or 700, by the font's name: pdfium's own figure is often a guess."""
        font = raw.FPDFTextObj_GetFont(handle)
        key = ctypes.addressof(font.contents) if font else 0
        weight = self.fonts.get(key)
        if weight is None:
            raw.FPDFFont_GetBaseFontName(font, self.buffer, 256)
            name = self.buffer.value.decode("utf-8", "replace")
            if _BOLD.search(name) or (font and raw.FPDFFont_GetWeight(font) >= 650):
                weight = 700
            elif _MEDIUM.search(name):
                weight = 500
            else:
                weight = 300 if _LIGHT.search(name) else 400
            self.fonts[key] = weight
        return weight


def words_of(page: pdfium.PdfPage, frame: Frame) -> list[Word]:
    """The page's words in the text layer's order; no text layer gives an empty list."""
    textpage = page.get_textpage()
    try:
        count = raw.FPDFText_CountChars(textpage)
        if count <= 0:
            return []
        text = _text(textpage, count)
        return _words(textpage, text, frame)
    finally:
        textpage.close()


def _text(textpage: pdfium.PdfTextPage, count: int) -> str:
    """The text layer with one character for each of pdfium's, so that indexes agree."""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(textpage, 0, count, buffer)
    text = bytes(buffer)[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
    if len(text) != count:
        codes = (raw.FPDFText_GetUnicode(textpage, index) for index in range(count))
        text = "".join(chr(code) if 0 < code < 0x110000 else " " for code in codes)
    return text


def _words(textpage: pdfium.PdfTextPage, text: str, frame: Frame) -> list[Word]:
    styles = _Styles(textpage, frame)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    rect = raw.FS_RECTF()
    char_box, loose_box = raw.FPDFText_GetCharBox, raw.FPDFText_GetLooseCharBox
    words: list[Word] = []
    line = 0
    last_end = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        if "\n" in text[last_end:start]:
            line += 1
        last_end = end
        for piece_start, piece_end in _at_hyphens(text, start, end):
            char_box(textpage, piece_start, left, right, bottom, top)
            first = (left.value, bottom.value, right.value, top.value)
            char_box(textpage, max(piece_start, _visible_end(text, piece_end)), left, right,
                     bottom, top)  # fmt: skip
            loose_box(textpage, piece_start, rect)
            size, weight, upright = styles.at(piece_start)
            low = min(rect.bottom, first[1], bottom.value)
            high = max(rect.top, first[3], top.value)
            x0, x1 = min(first[0], left.value), max(first[2], right.value)
            box = frame.box(x0, low, x1, high)
            words.append(Word(text[piece_start:piece_end], *box, size, weight, line, upright))
            if text[piece_end - 1] in "\x02\ufffe":
                line += 1
    return words


def _visible_end(text: str, end: int) -> int:
    return end - 2 if text[end - 1] in "\x02\ufffe" else end - 1


def _at_hyphens(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The word's parts: the text layer glues two lines at a line-end hyphen (U+FFFE)."""
    if "\ufffe" not in text[start:end] and "\x02" not in text[start:end]:
        return [(start, end)]
    parts, begin = [], start
    for index in range(start, end):
        if text[index] in "\x02\ufffe":
            parts.append((begin, index + 1))
            begin = index + 1
    if begin < end:
        parts.append((begin, end))
    return parts
