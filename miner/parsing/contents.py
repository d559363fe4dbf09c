"""Contents: tables of contents, told by leaders, page numbers and their title."""

from __future__ import annotations

import re

from miner.parsing import marks
from miner.parsing.line import RawPage

_CONTENTS = re.compile(
    r"^(?:table of )?contents?(?: page)?$|^index$|^table des mati[èe]res$|^sommaire$|^inhalt"
    r"(?:sverzeichnis)?$|^[íi]ndice$|^contenido$|^sum[áa]rio$|^cuprins$|^sadr[žz]aj$|^содержание$"
    r"|^оглавление$|^περιεχ[όο]μενα$|^inneh[åa]ll(?:sf[öo]rteckning)?$|^p[ëe]rmbajtja$|^садржај$"
    r"|^المحتويات$|^indice$|^obsah$|^list of (?:figures|tables|annexes|abbreviations)$",
    re.IGNORECASE,
)


def is_contents_title(text: str) -> bool:
    """Whether the text is a title as "Contents", in one of twelve languages."""
    return _CONTENTS.match(text.strip(" :.")) is not None


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
        above = run[0] - 1
        titled = above >= 0 and is_contents_title(page.lines[above].text)
        return {above, *run} if titled else set(run)
    return set()


def _under_heading(page: RawPage) -> set[int]:
    lines = page.lines
    start = next((i for i, line in enumerate(lines[:8]) if is_contents_title(line.text)), None)
    if start is None:
        return set()
    found: set[int] = {start}
    for index in range(start + 1, len(lines)):
        text = lines[index].text
        # Prose begins: a full line that ends a sentence, or two lines of a paragraph.
        if marks.ends_sentence(text.rstrip("0123456789 ")) and len(text) > 60:
            break
        found.add(index)
    return found if len(found) > 3 else set()
