"""Build: pages of lines into drafts: furniture off, paragraphs joined, roles and levels given."""

from __future__ import annotations

from miner.document import BlockType, Box
from miner.parsing import marks
from miner.parsing.contents import contents_lines
from miner.parsing.drafts import Draft
from miner.parsing.furniture import without_furniture
from miner.parsing.hyphens import Vocabulary, join, vocabulary_of
from miner.parsing.levels import set_levels
from miner.parsing.line import CELL, LINE_HYPHEN, Gap, Line, RawPage
from miner.parsing.paragraphs import Paragraph, Setting, paragraphs_of, setting_of
from miner.parsing.roles import assign

_FLOW = (BlockType.BODY, BlockType.LIST)
_ASIDE = (BlockType.FOOTNOTE, BlockType.TABLE)
_BY_LINE = (BlockType.TABLE, BlockType.CONTENTS)


def drafts_of(pages: list[RawPage]) -> list[Draft]:
    """The blocks of a document, in reading order."""
    pages = without_furniture(pages)
    setting = setting_of(pages)
    vocabulary = vocabulary_of(line.text for page in pages for line in page.lines)
    paragraphs: list[Paragraph] = []
    for page in pages:
        paragraphs += paragraphs_of(page, contents_lines(page), setting)
    assign(paragraphs, setting)
    paragraphs = _over_pages(_with_titles(paragraphs), setting)
    set_levels(paragraphs, setting)
    return [draft for p in paragraphs if (draft := _draft(p, vocabulary)).text]


def _with_titles(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """ "Pillar I" or "Article 12" and the title on the next line made one heading."""
    done: list[Paragraph] = []
    for paragraph in paragraphs:
        before = done[-1] if done else None
        if (
            before is not None
            and before.type is paragraph.type is BlockType.HEADING
            and before.first.page == paragraph.first.page
            and before.words <= 3
            and marks.is_part(before.text)
            and not marks.is_part(paragraph.text)
        ):
            before.lines += paragraph.lines
        else:
            done.append(paragraph)
    return done


def _over_pages(paragraphs: list[Paragraph], setting: Setting) -> list[Paragraph]:
    """Paragraphs that break at a column's or page's end made whole.

    Footnotes between the two halves go before the paragraph, so that offsets rise with pages.
    """
    done: list[Paragraph] = []
    for paragraph in paragraphs:
        at = len(done) - 1
        while at >= 0 and done[at].type in _ASIDE and at > len(done) - 12:
            at -= 1
        before = done[at] if at >= 0 else None
        if before is None or not _goes_on(before, paragraph, setting):
            done.append(paragraph)
            continue
        before.lines += paragraph.lines
        if at < len(done) - 1:
            done.append(done.pop(at))
    return done


def _goes_on(before: Paragraph, paragraph: Paragraph, setting: Setting) -> bool:
    if before.type not in _FLOW or paragraph.type not in _FLOW:
        return False
    last, line = before.lines[-1], paragraph.first
    if line.gap is not Gap.REGION or line.page - last.page > 1:
        return False
    if setting.boxes and abs(last.size - line.size) > 0.6:
        return False
    if marks.ends_hyphen(last.text):
        return line.text[:1].islower() or last.text.endswith(LINE_HYPHEN)
    if paragraph.type is BlockType.LIST or marks.ends_unit(last.text):
        return False
    return marks.starts_lower(line.text) or (last.reach > 0.85 and last.text[-1:] not in "!?.")


def _draft(paragraph: Paragraph, vocabulary: Vocabulary) -> Draft:
    text = ""
    turns: list[tuple[int, int]] = []
    boxes: list[Box] = []
    for line in paragraph.lines:
        by_line = paragraph.type in _BY_LINE
        if by_line:
            shown = line.text.replace(CELL, " | " if paragraph.type is BlockType.TABLE else " ")
            longer = f"{text}\n{shown}" if text else shown
        else:
            longer = join(text, line.text.replace(CELL, " "), vocabulary)
        if not turns or turns[-1][1] != line.page:
            turns.append((_begin(text, longer, line) if turns else 0, line.page))
        text = longer
        if line.box is not None:
            boxes.append(line.box)
    text = text.rstrip(LINE_HYPHEN)
    return Draft(
        paragraph.type,
        text,
        tuple((min(at, len(text)), page) for at, page in turns),
        tuple(boxes),
        paragraph.level,
        tight=paragraph.type is BlockType.LIST,
    )


def _begin(text: str, longer: str, line: Line) -> int:
    """Where the next line's text begins in the joined text."""
    at = len(longer) - len(line.text)
    return max(at, 0) if longer.endswith(line.text) else len(text)
