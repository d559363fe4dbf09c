"""What a query rules out: places, words and phrases after "not", "without", "except" and a dash."""

from __future__ import annotations

from miner.catalogue.gazetteer import Named
from miner.catalogue.phrase import Match
from miner.query.chip import ChipKind
from miner.query.line import Line
from miner.query.words import (
    BRIDGES,
    CONTAINERS,
    FUNCTION,
    MEMBERS,
    NEGATORS,
    NO_NEGATION_BEFORE,
)

_JOINS = frozenset({"and", "or", "nor"})
_WORD_NEGATORS = frozenset({"not", "without", "minus"})
_WHOSE = frozenset({"in", "from", "by", "of", "those", "for"})


def claim_negations(line: Line) -> None:
    """Chips for what is ruled out."""
    position = 0
    while position < len(line.tokens):
        after = _negated(line, position)
        if after is None:
            label = line.labelled(position)
            position = label.last if label else position + 1
        else:
            position = after


def _negated(line: Line, position: int) -> int | None:
    """Claims what the word at `position` rules out; the position after it, None if nothing."""
    token = line.tokens[position]
    dash = line.query[token.start - 1 : token.start] == "-" and (
        token.start == 1 or line.query[token.start - 2].isspace()
    )
    start = target = position
    if not dash:
        if token.folded not in NEGATORS or line.labelled(position):
            return None
        if line.word(position - 1) == "or" or line.word(position + 1) in NO_NEGATION_BEFORE:
            return None
        target = position + 1
        while line.word(target) in BRIDGES:
            target += 1
    if target >= len(line.tokens) or not line.free(start, target + 1):
        return None
    name = line.place(target)
    if name is None or _is_subject(line, name, start, dash):
        label = line.labelled(target)
        last = name.last if name else label.last if label else target + 1
        word = " ".join(token.folded for token in line.tokens[target:last])
        if word in FUNCTION and not dash:
            return None
        shown = " ".join(token.raw for token in line.tokens[target:last])
        line.claim(ChipKind.NOT, word, f"not {shown}", start, last)
        return last
    last = target
    while name is not None:
        named = name.entry.value
        last = line.absorbed(name.last)
        while line.word(last) in MEMBERS:
            last += 1
        line.claim(ChipKind.NOT, named.id, f"not {named.label}", start, last, named=named)
        start = last
        target = last + (line.word(last) in _JOINS)
        between = line.query[line.tokens[last - 1].end :][:1]
        joined = target > last or between == ","
        target += joined and line.word(target) == "the"
        name = line.place(target) if joined else None
    return last


def _is_subject(line: Line, name: Match[Named], start: int, dash: bool) -> bool:
    """Whether a negated organisation is what passages speak of, not who wrote them.

    "cooperation NOT NATO" rules out a word; "not in NATO", "except the EU", "not EU members"
    and "not Germany or NATO" rule out documents.
    """
    if name.entry.value.kind != "organisation":
        return False
    if not dash:
        between = {line.word(at) for at in range(start + 1, name.first)}
        if line.word(start) not in _WORD_NEGATORS or between & _WHOSE:
            return False
    after = line.word(name.last)
    follows = name.last < len(line.tokens) and line.tokens[name.last].stem
    return not (after in _JOINS or after in MEMBERS or follows in CONTAINERS)
