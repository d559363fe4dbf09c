"""Roles: which paragraphs are headings, lists, footnotes, contents pages and references."""

from __future__ import annotations

import re

from miner.document import BlockType
from miner.parsing import marks
from miner.parsing.line import Gap, RawPage
from miner.parsing.paragraphs import Paragraph, Setting

_CONTENTS = re.compile(
    r"^(?:table of )?contents?(?: page)?$|^index$|^table des mati[èe]res$|^sommaire$|^inhalt"
    r"(?:sverzeichnis)?$|^[íi]ndice$|^contenido$|^sum[áa]rio$|^cuprins$|^sadr[žz]aj$|^содержание$"
    r"|^оглавление$|^περιεχ[όο]μενα$|^inneh[åa]ll(?:sf[öo]rteckning)?$|^p[ëe]rmbajtja$|^садржај$"
    r"|^المحتويات$|^indice$|^obsah$|^list of (?:figures|tables|annexes|abbreviations)$",
    re.IGNORECASE,
)
_REFERENCES = re.compile(
    r"^(?:[\divx]+[.)]?\s+)?(?:references|bibliography|works cited|literature(?: cited)?|sources|"
    r"endnotes|notes|references cited|bibliographie|r[ée]f[ée]rences(?: bibliographiques)?|"
    r"literatur(?:verzeichnis)?|refer[êe]ncias(?: bibliogr[áa]ficas)?|referencias|bibliograf[íi]a|"
    r"literatura|библиография|литература|βιβλιογραφία|referenser)$",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"^\[\d{1,3}\]\s+\S.*(?:\b(?:19|20)\d\d\b|https?://)")
_NOTE = re.compile(r"^(?:(\d{1,3})(?:[\s.)]\s*|(?=[A-Z“\"]))|[*†‡§]{1,3}\s*)(?=[^\W\d_]|[\"“‘(<«])")
_NOTE_WORDS = re.compile(
    r"https?://|www\.|\bibid\b|\bsee\b|\bsource\b|\bop\. ?cit|\bpp?\.\s?\d|\bOJ [LC]\b|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_MAX_HEADING_WORDS = 22


def contents_lines(page: RawPage) -> frozenset[int]:
    """Indexes of the page's lines that belong to a table of contents.

    Such are runs of three or more lines with dot leaders or rising page numbers at their ends,
    and what follows a heading "Contents" up to the first line of prose.
    """
    lines = page.lines
    marked: set[int] = set()
    run: list[int] = []
    last_number = -1
    misses = 0
    for index, line in enumerate(lines):
        leaders = marks.has_leaders(line.text)
        number = marks.ends_in_page(line.text)
        rises = number is not None and len(line.text) < 130 and (
            leaders or number == 0 or last_number <= number <= last_number + 40
        )  # fmt: skip
        if leaders or (rises and not marks.ends_sentence(line.text.rstrip("0123456789"))):
            if run and misses:
                run += range(run[-1] + 1, index)
            run.append(index)
            last_number = number or last_number
            misses = 0
        elif run and misses < 2 and len(line.text) < 110 and not marks.ends_sentence(line.text):
            misses += 1
        else:
            marked |= _kept(run, page)
            run, misses, last_number = [], 0, -1
    marked |= _kept(run, page)
    return frozenset(marked | _under_heading(page))


def _kept(run: list[int], page: RawPage) -> set[int]:
    leaders = sum(marks.has_leaders(page.lines[index].text) for index in run)
    numbers = [marks.ends_in_page(page.lines[index].text) for index in run]
    real = [number for number in numbers if number is not None]
    if len(run) >= 3 and (leaders >= 3 or (len(real) >= 4 and len(set(real)) > 2)):
        return set(run)
    return set()


def _under_heading(page: RawPage) -> set[int]:
    lines = page.lines
    start = next(
        (i for i, line in enumerate(lines[:8]) if _CONTENTS.match(line.text.strip(" :."))), None
    )
    if start is None:
        return set()
    found: set[int] = set()
    for index in range(start + 1, len(lines)):
        text = lines[index].text
        # Prose begins: a full line that ends a sentence, or two lines of a paragraph.
        if marks.ends_sentence(text.rstrip("0123456789 ")) and len(text) > 60:
            break
        found.add(index)
    return found if len(found) >= 3 else set()


def assign(paragraphs: list[Paragraph], setting: Setting) -> None:
    """Sets type of each paragraph in place; the paragraphs are the document's, in order."""
    _notes(paragraphs, setting)
    for index, paragraph in enumerate(paragraphs):
        if paragraph.type is not BlockType.BODY:
            continue
        if _is_heading(paragraphs, index, setting):
            paragraph.type = BlockType.HEADING
        elif marks.is_item(paragraph.first.text):
            # Recitals and the numbered paragraphs of resolutions are prose.
            numbered = paragraph.first.text.lstrip("(")[:1].isdigit()
            if not numbered or paragraph.words <= 45:
                paragraph.type = BlockType.LIST
        elif _ENTRY.match(paragraph.text):
            paragraph.type = BlockType.REFERENCE
    _demote_runs(paragraphs, setting)
    _references(paragraphs)


def _is_heading(paragraphs: list[Paragraph], index: int, setting: Setting) -> bool:
    paragraph = paragraphs[index]
    text = paragraph.text
    words = paragraph.words
    letters = sum(char.isalpha() for char in text)
    if words > _MAX_HEADING_WORDS or letters < 3 or letters < 0.5 * len(text.replace(" ", "")):
        return False
    if sum(len(word) > 2 for word in text.split()) * 2 < words:
        return False  # scattered letters of a seal or a chart
    if marks.is_bullet(text) or marks.starts_lower(text) or text.endswith((",", ";", "…")):
        return False
    if index + 1 == len(paragraphs) or "@" in text or "://" in text:
        return False
    part = marks.is_part(text)
    if marks.ends_sentence(text) and not (part and words < 14) and text[-1] not in "!?":
        return False
    if setting.boxes:
        return _is_set_off(paragraph, setting, part)
    return _stands_alone(paragraphs, index, part)


def _is_set_off(paragraph: Paragraph, setting: Setting, part: bool) -> bool:
    """Heading by style, in formats that tell sizes."""
    size = max(line.size for line in paragraph.lines)
    if size >= 1.12 * setting.body and size >= setting.body + 1:
        return True
    if size < 0.85 * setting.body or paragraph.text.endswith(":"):
        return False
    if all(line.bold for line in paragraph.lines) and paragraph.words <= 18:
        return True
    short = len(paragraph.lines) <= 2 and paragraph.lines[-1].reach < 0.85
    if not short or paragraph.first.gap is Gap.NONE:
        return False
    return (
        part
        or (marks.is_caps(paragraph.text) and paragraph.words >= 2)
        or (marks.has_deep_number(paragraph.text) and paragraph.words <= 14)
    )


def _stands_alone(paragraphs: list[Paragraph], index: int, part: bool) -> bool:
    """Heading by wording and by the space around it, in plain text."""
    paragraph = paragraphs[index]
    text, words = paragraph.text, paragraph.words
    if len(paragraph.lines) > 2 or len(text) > 110 or "\t" in text:
        return False
    if part and words <= 14:
        return True
    if marks.is_caps(text) and words <= 14 and not text.endswith(":"):
        return words >= 2 or len(text) > 5
    numbered = marks.number_of(text) is not None or re.match(r"^\d{1,2}\.\s*[^\W\d_]", text)
    if text.endswith(":") or words > (14 if numbered else 11):
        return False
    before = paragraphs[index - 1] if index else None
    after = paragraphs[index + 1]
    alone = paragraph.first.gap is not Gap.NONE and after.first.gap is not Gap.NONE
    follows = (
        before is None
        or marks.ends_unit(before.text)
        or before.type is not BlockType.BODY
        or paragraph.first.gap is Gap.REGION
        or before.words < 8
    )
    if numbered:
        return marks.has_deep_number(text) or (alone and follows and after.words > 8)
    prose = after.words > 14 or marks.is_item(after.first.text)
    if not text[0].isupper() or not prose or not follows:
        return False
    return alone or (paragraph.lines[-1].reach < 0.6 and words <= 9)


def _notes(paragraphs: list[Paragraph], setting: Setting) -> None:
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


def _demote_runs(paragraphs: list[Paragraph], setting: Setting) -> None:
    """Four headings in a row and more are a cover, a list of names or cells of a table."""
    run: list[Paragraph] = []
    for paragraph in [*paragraphs, None]:
        if paragraph is not None and paragraph.type is BlockType.HEADING:
            run.append(paragraph)
            continue
        sized = setting.boxes and len({max(x.size for x in p.lines) for p in run}) > 1
        if len(run) >= (6 if sized else 4):
            for one in run[:-1]:
                if not (marks.has_deep_number(one.text) or marks.is_part(one.text)):
                    one.type = BlockType.BODY
        run = []


def _references(paragraphs: list[Paragraph]) -> None:
    """What stands under "References" up to the next heading that is not a part of it."""
    inside = False
    for paragraph in paragraphs:
        if paragraph.type is BlockType.HEADING:
            inside = _REFERENCES.match(paragraph.text.strip(" :.")) is not None
        elif inside and paragraph.type in (BlockType.BODY, BlockType.LIST):
            paragraph.type = BlockType.REFERENCE
