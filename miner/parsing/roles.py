"""Roles: which paragraphs are headings, lists and references."""

from __future__ import annotations

import re

from miner.document import BlockType
from miner.parsing import marks
from miner.parsing.contents import is_contents_title
from miner.parsing.line import Gap
from miner.parsing.notes import mark_notes
from miner.parsing.paragraphs import Paragraph, Setting

_REFERENCES = re.compile(
    r"^(?:[\divx]+[.)]?\s+)?(?:references|bibliography|works cited|literature(?: cited)?|sources|"
    r"endnotes|notes|references cited|bibliographie|r[ée]f[ée]rences(?: bibliographiques)?|"
    r"literatur(?:verzeichnis)?|refer[êe]ncias(?: bibliogr[áa]ficas)?|referencias|bibliograf[íi]a|"
    r"literatura|библиография|литература|βιβλιογραφία|referenser)$",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"^\[\d{1,3}\]\s+\S.*(?:\b(?:19|20)\d\d\b|https?://)")
_MAX_HEADING_WORDS = 22


def assign(paragraphs: list[Paragraph], setting: Setting) -> None:
    """Sets type of each paragraph in place; the paragraphs are the document's, in order."""
    mark_notes(paragraphs, setting)
    prose = _numbers_prose(paragraphs)
    for index, paragraph in enumerate(paragraphs):
        if paragraph.type is not BlockType.BODY:
            continue
        if is_contents_title(paragraph.text):
            paragraph.type = BlockType.CONTENTS  # as a heading it would stand above chapter one
        elif _is_heading(paragraphs, index, setting):
            paragraph.type = BlockType.HEADING
        elif marks.is_item(paragraph.first.text):
            if not (_is_numbered(paragraph) and (prose or paragraph.words > 45)):
                paragraph.type = BlockType.LIST
        elif _ENTRY.match(paragraph.text):
            paragraph.type = BlockType.REFERENCE
    _demote_runs(paragraphs, setting)
    _references(paragraphs)


def _is_numbered(paragraph: Paragraph) -> bool:
    return paragraph.first.text.lstrip("(")[:1].isdigit()


def _numbers_prose(paragraphs: list[Paragraph]) -> bool:
    """Whether the document numbers its paragraphs, as laws and resolutions do."""
    lengths = sorted(
        paragraph.words
        for paragraph in paragraphs
        if paragraph.type is BlockType.BODY
        and marks.is_item(paragraph.first.text)
        and _is_numbered(paragraph)
    )
    return len(lengths) >= 8 and lengths[len(lengths) // 2] > 30


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
    if _REFERENCES.match(text.strip(" :.")):
        return True
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
