"""Pieces: a passage cut into sentences, items, rows and cells, with broken lines joined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from miner.commitments.unit import Span
from miner.linguistics import sentences

_MARK = "•●▪◦■□➢✓✔*·>–—-"
NUMBER = (
    r"(?:\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-z]|[ivx]{1,5}|[a-z]\.\d{1,2})[.)]\)?(?=\s)\s*"
    r"|\d{1,3}(?:\.\d{1,3}){1,4}\s+(?=[A-Z]))"
)
_KIND = (
    r"(?:(?:action|measure|objective|task|activity|step|goal|recommendation|policy statement|"
    r"mechanism|initiative|priority|project|strategy)s?\s*(?:[A-Z]?\d[\w.]{0,6}|[A-Z])?\s*[.:–-]\s+)"
)
OPENING = re.compile(rf"(?:[\s{_MARK}]|{NUMBER}|(?i:{_KIND}))*")
BULLET = re.compile(rf"\s*(?:[{_MARK}]\s|{NUMBER})")
_INLINE = re.compile(
    r"(?<=[\w;:.,)])\s+(?=[•●▪◦■□➢✓✔>]\s+\w)"
    rf"|(?<=[;:])\s+(?:and\s+|or\s+)?(?={NUMBER}\w)"
)
# Items whose bullets were lost: "Increasing exports Raising the number of ..."
_RUN_ON_FIRST = re.compile(rf"(?:[\s{_MARK}]|{NUMBER})*[A-Z][a-z]+ing\s+[a-z]")
_RUN_ON = re.compile(
    r"(?<=[a-z0-9%)])\s+(?=(?!Including|During|Being)[A-Z][a-z]{2,}ing\s+(?:the|an?|[a-z]{3,})\s)"
)
_OPEN_END = frozenset(
    "a an the of to for in on and or with by their its this that which from at as be is are will "
    "shall must should not into between including national".split()
)
_AND = re.compile(r"(?:and|or|as well as)\s+")
_DECIMAL = re.compile(r"\d[.,]\d{1,3}$")


def pieces(text: str) -> Iterator[Span]:
    """Sentences, items, rows and cells; lines that were broken within a sentence are joined."""
    held: Span | None = None
    for start, end in sentences(text):
        if held is not None and _goes_on(text, held, start):
            held = (held[0], end)
            continue
        if held is not None:
            yield from _split(text, *held)
        held = (start, end)
    if held is not None:
        yield from _split(text, *held)


def _goes_on(text: str, before: Span, start: int) -> bool:
    broken = "\n" in text[before[1] : start]
    if not broken:
        return _DECIMAL.search(text, before[0], before[1]) is not None
    if text[before[1] - 1] in ".;:!?|":
        return False
    words = text[before[0] : before[1]].lower().split()
    last = words[-1].strip('(“"')
    line = text.rfind("\n", before[0], before[1]) + 1
    # A word on a line of its own is what is left of a broken column.
    whole = len(words) >= 4 and len(text[max(line, before[0]) : before[1]].split()) >= 2
    if (last.endswith("-") and text[start].islower()) or (last in _OPEN_END and whole):
        return True
    return text[start].islower() and not BULLET.match(text, start)


def _split(text: str, start: int, end: int) -> Iterator[Span]:
    """A sentence cut at bullets within it, at cells, and a list after a colon at semicolons."""
    if " | " in text[start:end]:
        cuts = [m.end() for m in re.finditer(r"\s\|\s", text[start:end])]
        edges = [0, *cuts, end - start]
        for first, last in pairwise(edges):
            cell = text[start + first : start + last].rstrip(" |")
            if cell.strip(" |"):
                yield from _split(text, start + first, start + first + len(cell))
        return
    cuts = [match.end() for match in _INLINE.finditer(text, start, end)]
    if not cuts and _RUN_ON_FIRST.match(text, start, end):
        cuts = [match.end() for match in _RUN_ON.finditer(text, start, end)]
    colon = text.find(": ", start, end)
    if not cuts and colon > 0 and text.find("; ", colon, end) > 0:
        cuts = [colon + 2]
        at = text.find("; ", colon, end)
        while at > 0:
            after = at + 2
            joined = _AND.match(text, after, end)
            cuts.append(joined.end() if joined else after)
            at = text.find("; ", after, end)
    edges = [start, *cuts, end]
    for first, last in pairwise(edges):
        while last > first and text[last - 1].isspace():
            last -= 1
        if last > first:
            yield first, last
