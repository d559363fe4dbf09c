"""Units of a passage: sentences and items, with their lead-in and the fields that follow them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from miner.commitments.deadline import is_time
from miner.commitments.forms import FINITE, form_of, infinitive
from miner.commitments.grammar import grammar
from miner.commitments.pieces import BULLET, OPENING, pieces
from miner.commitments.resource import resources
from miner.commitments.rows import Row, rows
from miner.commitments.unit import Span, Unit
from miner.modality.lexicon import lexicon

_LABEL = re.compile(r"[A-Z][^:.;|\n]{2,140}:\s+(?=[A-Z“‘\"]|[a-z]+ing\b)")
_FIELDS = (
    ("actor", r"lead|responsib\w+|owner|coordinator|performer|executor|implement\w+|accountable"),
    (
        "deadline",
        r"deadline|due(?:\s+date)?|time\s?(?:frame|line|scale|table|limit)|term|period|"
        r"implementatio ?n\s+(?:date|period)|target\s+date|schedule",
    ),
    ("resource", r"budget|cost|costs|funding|resources?|financing"),
)
_FIELD = re.compile(
    r"\s*(?:" + "|".join(rf"(?P<{name}>{words})" for name, words in _FIELDS) + r")\b"
    r"(?:\s+(?:part(?:y|ies)|actor\w*|agenc\w+|bod\w+|entit\w+|institution\w*|ministry|"
    r"for[\w\s]{0,20}))?"
    r"\s*:\s*(?P<value>[^|\n]{2,120}?)\s*(?:\.(?=\s|$)|;|\n|$)",
    re.I,
)
_ALONE = re.compile(
    r"\s*(?:" + "|".join(rf"(?P<{name}>{words})" for name, words in _FIELDS) + r")"
    r"(?:\s+(?:part(?:y|ies)|actor\w*|agenc\w+|bod\w+|entit\w+|institution\w*|ministry))?\s*",
    re.I,
)
_LONGEST_VALUE = 100
_VERB_NEXT = re.compile(r"\b(?:will|shall|must|should|could|may)(?:\s+also)?\s*:?$")
_LONGEST_LABEL = 9
_NUMBERED = re.compile(
    r"\b(?:objective|goal|action|measure|task|activity|step|priority)\s*\(?\d[\d.]*\)?\s*:\s*$",
    re.I,
)
_EXAMPLES = re.compile(r"\b(?:such as|for example|for instance|e\.g\.|namely)$")


@dataclass(frozen=True, slots=True)
class _Open:
    """The list that is open: the index of its lead-in, and whether its items promise nothing."""

    lead: int | None = None
    closed: bool = False


def units(text: str) -> list[Unit]:
    """The units of a passage, in order."""
    made: list[Unit] = []
    opened = _Open()
    table = rows(text)
    awaited: str | None = None
    for whole in pieces(text):
        row = next((one for one in table if one.whole[0] <= whole[0] < one.whole[1]), None)
        if row is not None:
            _add_cell(made, text, whole, row)
            opened, awaited = _Open(), None
            continue
        if awaited is not None and _answers(text, awaited, whole):
            made[-1] = replace(made[-1], fields={**made[-1].fields, awaited: whole})
            awaited = None
            continue
        awaited = _label_alone(text, whole) if made else None
        if awaited is not None:
            continue
        found = _FIELD.match(text, *whole)
        if made and found is not None:
            made[-1] = _with_field(made[-1], found)
            continue
        opening = OPENING.match(text, *whole)
        start = opening.end() if opening is not None else whole[0]
        if start < whole[1]:
            listed = start > whole[0] and BULLET.match(text, *whole) is not None
            opened = _add(made, text, start, whole, opened, listed)
    return made


def _add_cell(made: list[Unit], text: str, whole: Span, row: Row) -> None:
    """Add a cell of a table, with what the other cells of its row say of it."""
    if row.role(whole[0]) != "action":
        return
    opening = OPENING.match(text, *whole)
    start = opening.end() if opening is not None else whole[0]
    if start >= whole[1]:
        return
    form = form_of(text, start, whole[1], True)
    if form != "sentence":
        start = infinitive(text, start, whole[1])
    made.append(Unit(start, whole[1], row.whole, form, fields=dict(row.fields)))


def _label_alone(text: str, whole: Span) -> str | None:
    """The field that a line of its own announces: "Implementation period", without a colon."""
    found = _ALONE.fullmatch(text, *whole)
    return None if found is None else next(name for name, _ in _FIELDS if found[name])


def _answers(text: str, name: str, whole: Span) -> bool:
    """Whether a line is the value of the field announced above it."""
    words = text[slice(*whole)]
    if len(words) > _LONGEST_VALUE or words.endswith((".", ":")):
        return False
    if name == "deadline":
        return is_time(words) and form_of(text, *whole, False) == "sentence"
    if name == "resource":
        return next(resources(text, *whole), None) is not None
    return words[0].isupper() and lexicon().actor.search(words) is not None


def _add(
    made: list[Unit], text: str, start: int, whole: Span, opened: _Open, listed: bool
) -> _Open:
    """Add the units of a piece; gives the list that is open behind it."""
    end = whole[1]
    start, opened, labelled = _labels(made, text, start, whole, opened)
    form = form_of(text, start, end, listed or labelled)
    if text[end - 1] == ":":
        inner = form_of(text, start, end - 1, True)
        item = inner in ("imperative", "gerund") and opened.lead is not None
        if item:
            made.append(Unit(start, end - 1, whole, inner, opened.lead, opened.closed))
        made.append(Unit(start, end, whole, "lead", closed=item))
        return _Open(len(made) - 1, _closes(text, start, end - 1))
    if opened.lead is not None and listed and _wants_verb(text, made[opened.lead], start):
        form = "imperative"
    if not (listed or form != "sentence" or _loose(text, start, end)):
        opened = _Open(None, opened.closed and labelled)
    if form != "sentence":
        start = infinitive(text, start, end)
    closed = opened.closed and (labelled or opened.lead is not None)
    made.append(Unit(start, end, whole, form, opened.lead, closed))
    return _Open(opened.lead, closed)


def _labels(
    made: list[Unit], text: str, start: int, whole: Span, opened: _Open
) -> tuple[int, _Open, bool]:
    """Take "Label: " off the beginning, as a unit of its own where it says something."""
    labelled = False
    while (label := _LABEL.match(text, start, whole[1])) is not None:
        end = start + len(label.group().rstrip(": "))
        if FINITE.search(text, start, end):
            made.append(Unit(start, end + 1, whole, "lead"))
            opened = _Open(len(made) - 1)
        elif len(label.group().split()) > _LONGEST_LABEL and not _NUMBERED.search(label.group()):
            break
        elif form_of(text, start, end, True) == "imperative":
            made.append(Unit(start, end, whole, "imperative", opened.lead, opened.closed))
        opened = _Open(opened.lead, _closes(text, start, end))
        start, labelled = label.end(), True
    return start, opened, labelled


def _with_field(unit: Unit, found: re.Match[str]) -> Unit:
    name = next(one for one, _ in _FIELDS if found[one])
    if name == "deadline" and not is_time(found["value"]):
        return replace(unit, whole=(unit.whole[0], found.end()))  # "Deadline: ongoing"
    fields = {**unit.fields, name: found.span("value")}
    return replace(unit, whole=(unit.whole[0], found.end()), fields=fields)


def _wants_verb(text: str, lead: Unit, start: int) -> bool:
    """Whether an item must begin with a verb: its lead-in ends with "shall", or with "commits to"
    and the item with what may be one ("Plan for ...")."""
    if _VERB_NEXT.search(text, lead.start, lead.end) is not None:
        return True
    opens = lexicon().opens.match(text, start)
    ends_in_to = text[lead.start : lead.end].rstrip(": ").endswith(" to")
    return ends_in_to and opens is not None and bool(opens["verb"])


def _loose(text: str, start: int, end: int) -> bool:
    """Whether words are an item and no sentence: they begin small or end without a stop."""
    return text[start].islower() or text[end - 1] not in ".!?"


def _closes(text: str, start: int, end: int) -> bool:
    if _EXAMPLES.search(text[start:end].rstrip(": ")):
        return True
    return bool(grammar().closed & set(re.findall(r"[a-z]+", text[start:end].lower()[-60:])))
