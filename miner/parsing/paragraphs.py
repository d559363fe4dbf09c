"""Paragraphs: printed lines gathered into runs that belong together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from miner.document import BlockType
from miner.parsing import marks
from miner.parsing.line import Gap, Line, RawPage


@dataclass(slots=True)
class Paragraph:
    """A run of lines with one role. `level` counts for headings only."""

    lines: list[Line]
    type: BlockType = BlockType.BODY
    level: int = 0

    @property
    def text(self) -> str:
        """The lines with single spaces between them, hyphens not healed."""
        return " ".join(line.text for line in self.lines)

    @property
    def words(self) -> int:
        """How many words the lines hold."""
        return sum(len(line.text.split()) for line in self.lines)

    @property
    def first(self) -> Line:
        """The first line."""
        return self.lines[0]


@dataclass(frozen=True, slots=True)
class Setting:
    """How the document is set: its body size in points (0 if unknown) and whether it has boxes."""

    body: float
    boxes: bool
    heights: dict[int, float] = field(default_factory=dict)


def setting_of(pages: Iterable[RawPage]) -> Setting:
    """The size that most characters have, and the pages' heights."""
    sizes: Counter[float] = Counter()
    heights: dict[int, float] = {}
    for page in pages:
        heights[page.number] = page.height
        for line in page.lines:
            if not line.row:
                sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    return Setting(body, body > 0, heights)


def paragraphs_of(page: RawPage, contents: frozenset[int], setting: Setting) -> list[Paragraph]:
    """The page's paragraphs in order. `contents`: indexes of lines of a table of contents."""
    found: list[Paragraph] = []
    tabular = _tabular(page.lines, contents)
    for index, line in enumerate(page.lines):
        if index in contents:
            kind = BlockType.CONTENTS
        elif line.row or index in tabular:
            kind = BlockType.TABLE
        else:
            kind = BlockType.BODY
        last = found[-1] if found else None
        if (
            last is not None
            and last.type is kind
            and (kind is not BlockType.BODY or continues(last, line, setting))
        ):
            last.lines.append(line)
        else:
            found.append(Paragraph([line], kind))
    return found


def _tabular(lines: tuple[Line, ...], contents: frozenset[int]) -> set[int]:
    """Indexes of lines in runs of at least three gapped ones, one plain line between allowed."""
    found: set[int] = set()
    run: list[int] = []
    for index, line in enumerate([*lines, None]):
        if line is not None and line.gapped and index not in contents:
            run.append(index)
        elif line is None or not run or run[-1] != index - 1 or line.reach > 0.9:
            if len(run) >= 3:
                found.update(range(run[0], run[-1] + 1))
            run = []
    return found


def continues(paragraph: Paragraph, line: Line, setting: Setting) -> bool:
    """Whether `line` goes on with the paragraph, by space, style, indents and wording."""
    last, first = paragraph.lines[-1], paragraph.lines[0]
    if marks.is_label(last.text) and len(paragraph.lines) == 1 and not line.text[0].isdigit():
        return line.gap is not Gap.REGION or last.gap is not Gap.REGION
    if line.gap is Gap.REGION:
        return False
    if marks.ends_hyphen(last.text) and line.text[:1].islower():
        return True
    if _style_differs(last, line):
        return False
    if line.gap is Gap.SPACE:
        return _spills_over(last, line, setting)
    if _starts_new(last, line):
        return False
    if _is_heading_like(last, setting) and _is_heading_like(line, setting):
        return not marks.ends_sentence(last.text) and last.bold == line.bold
    return _flows(paragraph, first, last, line)


def _spills_over(last: Line, line: Line, setting: Setting) -> bool:
    """A sentence that goes on over a blank line, as in texts made page object by object."""
    if setting.boxes:
        return False
    return (
        marks.starts_lower(line.text)
        and not marks.ends_unit(last.text)
        and not marks.is_item(line.text)
        and last.reach > 0.5
    )


def _style_differs(last: Line, line: Line) -> bool:
    step = abs(last.size - line.size)
    if step > max(0.6, 0.07 * last.size):
        # Small capitals that run into the text are a point smaller than it.
        runs_in = step <= 0.15 * last.size and last.reach > 0.85 and not marks.ends_unit(last.text)
        return not (runs_in or len(last.text) < 4 or len(line.text) < 4)
    if last.bold == line.bold or (last.bold and last.text.endswith(":")):
        return False
    # Bold words within a paragraph: its lines are full and its sentence is not over.
    return last.reach < 0.85 or marks.ends_unit(last.text)


def _starts_new(last: Line, line: Line) -> bool:
    if marks.is_bullet(line.text):
        return not (line.text[0] in "-–—" and marks.starts_lower(line.text[1:].lstrip())
                    and not marks.ends_unit(last.text) and last.reach > 0.85
                    and not marks.is_bullet(last.text))  # fmt: skip
    if marks.is_item(line.text):
        # "in accordance with Article\n12. The" and "(a)" in mid sentence stay.
        if line.text[:1].isupper():
            return marks.ends_unit(last.text)  # "A." may be a person's initial
        if line.text[0] == "(":
            return marks.ends_item(last.text) or last.reach < 0.85
        return marks.ends_unit(last.text) or last.reach < 0.85
    if marks.has_deep_number(line.text):
        return marks.ends_unit(last.text) or last.reach < 0.8
    return marks.is_part(line.text) and last.reach < 0.8


def _is_heading_like(line: Line, setting: Setting) -> bool:
    larger = setting.boxes and line.size > 1.08 * setting.body
    return larger or line.bold or (marks.is_caps(line.text) and len(line.text) < 120)


def _flows(paragraph: Paragraph, first: Line, last: Line, line: Line) -> bool:
    shift = (line.left - last.left) / line.em
    if (
        shift > 0.6
        and marks.ends_unit(last.text)
        and (len(paragraph.lines) > 1 or last.reach < 0.9)
    ):
        return False
    if shift < -0.6 and len(paragraph.lines) > 1 and marks.ends_unit(last.text):
        return False
    if marks.ends_unit(last.text):
        # A line that could have held the next word and did not is a paragraph's last.
        room = 1.0 - last.reach - 0.01
        word = len(line.text.split(" ", 1)[0]) * line.em * 0.5
        if room > max(word, 0.04) and not marks.starts_lower(line.text):
            return room < 0.15 and not first.bold and last.left > 0.02 and line.left > 0.02
        return True
    if last.reach < 0.55 and not marks.starts_lower(line.text):
        return marks.is_item(first.text) and len(paragraph.lines) == 1 and last.reach > 0.4
    return True
