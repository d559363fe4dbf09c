"""Rows of tables: which cell says what is done, which by whom, by when and with what.

Parsers write a row of a table as one line, its cells parted by " | " (empty ones are left out). A
row of headings above says what its columns hold; without one, and where a row has another number
of cells, a cell is read by its content: a date, a sum, the name of a body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from miner.commitments.deadline import is_time
from miner.commitments.forms import form_of
from miner.commitments.resource import resources
from miner.commitments.unit import Span
from miner.modality.lexicon import lexicon

Role = Literal["action", "actor", "deadline", "resource", "other"]

_BAR = re.compile(r"\s\|(?:\s|$)")
# In this order: "implementation period" is a time, and "lead agency for the action" a body.
_HEADINGS: tuple[tuple[Role, str], ...] = (
    ("other", r"indicator|outcome|result|kpi|status|risk|partner|support|comment|note|remark"),
    (
        "deadline",
        r"dead\s?line|\bdue\b|\btime|\bwhen\b|\bdates?\b|\bperiod|schedul|\bterm\b|completion|"
        r"\byears?\b|start",
    ),
    ("resource", r"budget|\bcosts?\b|fund|resource|financ"),
    (
        "actor",
        r"\blead|responsib|\bowner|\bwho\b|implement\w* (?:by|agenc|bod|entit|institution)|"
        r"\bagenc|institution|\bactors?\b|coordinat|ministr|\bbod(?:y|ies)\b|\bentit|"
        r"department|execut|perform|accountable|organi[sz]ation",
    ),
    (
        "action",
        r"\bactions?\b|activit|measure|\btasks?\b|initiative|\bprojects?\b|deliverable|"
        r"\bwhat\b|commitment|\bsteps?\b|recommendation",
    ),
)
_NUMBER = re.compile(r"\W*(?:\d{1,3}(?:\.\d{1,3}){0,4}|[A-Za-z]|[IVX]{1,5}|[A-Z]\d{1,2})?\W*")
_MOST_CELLS = 20
_LONGEST_HEADING = 7
_LONGEST_NAME = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its span, its cells with what they hold, and the fields that its actions take."""

    whole: Span
    cells: Sequence[tuple[Span, Role]]
    fields: Mapping[str, Span] = field(default_factory=dict)

    def role(self, at: int) -> Role:
        """What the cell holds that the place is in; between cells it is `other`."""
        for (start, end), role in self.cells:
            if start <= at < end:
                return role
        return "other"


def rows(text: str) -> list[Row]:
    """The rows of a passage that say more than one line of text would, in order."""
    found = []
    headings: list[Role] | None = None
    at = 0
    for line in text.splitlines(keepends=True):
        cells = list(_cells(text, at, at + len(line.rstrip())))
        at += len(line)
        if not 2 <= len(cells) <= _MOST_CELLS:
            headings = None if line.strip() else headings
            continue
        named = _headings(text, cells)
        if named is not None:
            headings = named
            found.append(Row((cells[0][0], cells[-1][1]), [(cell, "other") for cell in cells]))
            continue
        row = _row(text, cells, headings)
        if row is not None:
            found.append(row)
    return found


def _cells(text: str, start: int, end: int) -> Iterator[Span]:
    if text.find(" |", start, end) < 0:
        return
    cuts = [match.span() for match in _BAR.finditer(text, start, end)]
    edges = [start, *(place for cut in cuts for place in cut), end]
    for number, (first, last) in enumerate(pairwise(edges)):
        words = text[first:last]
        if number % 2 == 0 and words.strip(" |"):
            first += len(words) - len(words.lstrip(" |"))
            yield first, first + len(words.strip(" |"))


def _headings(text: str, cells: Sequence[Span]) -> list[Role] | None:
    """The roles of the columns, where a row is one of headings: one for what is done and one for
    who, when or with what. Of several columns of actions the last is the most detailed."""
    named: list[Role] = []
    for start, end in cells:
        words = text[start:end]
        if len(words.split()) > _LONGEST_HEADING or words.endswith("."):
            return None
        found = (role for role, pattern in _HEADINGS if re.search(pattern, words, re.I))
        named.append(next(found, "other"))
    if "action" not in named or not {"actor", "deadline", "resource"} & set(named):
        return None
    return named


def _row(text: str, cells: Sequence[Span], headings: Sequence[Role] | None) -> Row | None:
    if headings is not None and len(headings) == len(cells):
        roles: list[Role] = list(headings)
    else:
        roles = [_by_content(text, *cell) for cell in cells]
        acts = [
            form_of(text, *cell, True) != "sentence"
            for cell, role in zip(cells, roles, strict=True)
            if role == "action"
        ]
        if not any(acts) or not {"actor", "deadline", "resource"} & set(roles):
            return None
    fields: dict[str, Span] = {}
    for cell, role in zip(cells, roles, strict=True):
        if role == "deadline" and not is_time(text[slice(*cell)]):
            continue  # "ongoing", "permanent"
        if role in ("actor", "deadline", "resource") and text[slice(*cell)].strip(" -–—."):
            fields.setdefault(role, cell)
    whole = cells[0][0], cells[-1][1]
    return Row(whole, list(zip(cells, roles, strict=True)), fields)


def _by_content(text: str, start: int, end: int) -> Role:
    words = text[start:end]
    if _NUMBER.fullmatch(words):
        return "other"
    if is_time(words) and len(words.split()) <= 5:
        return "deadline"
    money = next(resources(text, start, end), None)
    if money is not None and money[1] - money[0] >= 0.6 * len(words):
        return "resource"
    if form_of(text, start, end, True) == "sentence" and _is_name(words):
        return "actor"
    return "action"


def _is_name(words: str) -> bool:
    """Whether a cell names bodies and says nothing of them: "Ministry of Justice, GovCERT"."""
    parts = words.split()
    if len(parts) > _LONGEST_NAME or not words[0].isupper() or words.endswith("."):
        return False
    small = [one for one in parts if one[0].islower() and len(one) > 3]
    return len(small) <= 1 and lexicon().actor.search(words) is not None
