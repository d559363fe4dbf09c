"""Notes: footnotes, told by size, place on the page and the run of their numbers."""

from __future__ import annotations

import re

from miner.document import BlockType
from miner.parsing import marks
from miner.parsing.paragraphs import Paragraph, Setting

_NOTE = re.compile(r"^(?:(\d{1,3})(?:[\s.)]\s*|(?=[A-Z“\"]))|[*†‡§]{1,3}\s*)(?=[^\W\d_]|[\"“‘(<«])")
_NOTE_WORDS = re.compile(
    r"https?://|www\.|\bibid\b|\bsee\b|\bsource\b|\bop\. ?cit|\bpp?\.\s?\d|\bOJ [LC]\b"
    r"|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)


def mark_notes(paragraphs: list[Paragraph], setting: Setting) -> None:
    """Footnotes: numbered runs at a page's foot, smaller than the body where sizes are known."""
    by_page: dict[int, list[Paragraph]] = {}
    for paragraph in paragraphs:
        by_page.setdefault(paragraph.first.page, []).append(paragraph)
    expected = 1
    for page in by_page.values():
        expected = _page_notes(page, setting, expected)


def _page_notes(page: list[Paragraph], setting: Setting, expected: int) -> int:
    if setting.boxes:
        noted = False
        for paragraph in page:
            small = 0 < max(line.size for line in paragraph.lines) <= setting.body - 0.9
            box = paragraph.first.box
            low = box is not None and box.y0 > 0.4 * setting.heights.get(box.page, 0.0)
            if paragraph.type is not BlockType.BODY or not small or not low:
                noted = noted and paragraph.type is not BlockType.BODY
            elif noted or _NOTE.match(paragraph.text):
                paragraph.type = BlockType.FOOTNOTE
                noted = True
        return expected
    start = None
    for index in range(len(page) - 1, max(-1, len(page) - 16), -1):
        match = _NOTE.match(page[index].text)
        number = int(match.group(1)) if match and match.group(1) else None
        if number in (expected, 1) and page[index].type is BlockType.BODY:
            note = _NOTE_WORDS.search(page[index].text) or marks.ends_sentence(page[index].text)
            if note and index > 0 and not re.match(r"^\d+[.)]", page[index].text):
                start, first = index, number
            break
    if start is None:
        return expected
    number = first or 1
    for paragraph in page[start:]:
        if paragraph.type is BlockType.BODY:
            paragraph.type = BlockType.FOOTNOTE
            match = _NOTE.match(paragraph.text)
            if match and match.group(1):
                number = int(match.group(1))
    return number + 1
