"""How well two markings of the same passages agree: commitments, their class, their roles.

Two spans match where they share at least half of their words: F1 of the positions of their
words, 0.5 or more; for actors also where both have the same words elsewhere in the passage (a
name that is repeated). Two commitments are the same where their actions share a word, or where
action and object together share half of their words; each is paired once, best pairs first.

A role is right where both members of a pair have it and the spans match; one that only one side
has, that does not match, or that stands in a commitment without a pair, is a miss of one side
(or of both). So a role's precision and recall hold for whole passages, not for found pairs only.

Readers marked at most the first four commitments of a passage: where a side marked four, the
other side's commitments whose action begins behind that of the fourth are not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.bootstrap import Figure, Floats, Resampling, ratio
from evaluation.commitment_rows import ROLES, CommitmentRow, Marked, Span

MOST = 4
WHOLE = "commitment"
CLASS = "modal class"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class RoleFigures:
    """precision, recall, f1: of the second marking against the first; n of f1 is how many roles
    both sides have together, of precision and recall how many the side in question has."""

    precision: Figure
    recall: Figure
    f1: Figure


@dataclass(frozen=True, slots=True)
class Counts:
    """right, given (by the second side) and wanted (by the first), per role."""

    right: Mapping[str, int]
    given: Mapping[str, int]
    wanted: Mapping[str, int]


def compare(text: str, wanted: Sequence[Marked], given: Sequence[Marked]) -> Counts:
    """What of `given` is in `wanted`, for one passage."""
    wanted, given = _within(wanted, given), _within(given, wanted)
    pairs = _pairs(text, wanted, given)
    names = (WHOLE, CLASS, *ROLES)
    right = dict.fromkeys(names, 0)
    for first, second in pairs:
        right[WHOLE] += 1
        right[CLASS] += first.modal_class == second.modal_class
        for role in ROLES:
            one, other = first.spans.get(role), second.spans.get(role)
            if one is not None and other is not None:
                right[role] += _same(text, one, other, role)
    return Counts(right, _sizes(given), _sizes(wanted))


def figures(rows: Sequence[CommitmentRow], counts: Sequence[Counts]) -> dict[str, RoleFigures]:
    """Precision, recall and F1 per role with intervals: documents are drawn as a whole."""
    sample = Resampling.of([row.source for row in rows])
    return {role: _figures(sample, counts, role) for role in (WHOLE, CLASS, *ROLES)}


def _figures(sample: Resampling, counts: Sequence[Counts], role: str) -> RoleFigures:
    table = np.array(
        [[one.right[role], one.given[role], one.wanted[role]] for one in counts], dtype=np.float64
    )
    right, given, wanted = sample.totals(table).T
    own, other = int(table[:, 1].sum()), int(table[:, 2].sum())
    return RoleFigures(
        sample.figure(_ratio(right, given), own),
        sample.figure(_ratio(right, wanted), other),
        sample.figure(_ratio(2 * right, given + wanted), own + other),
    )


def _ratio(over: Floats, under: Floats) -> Floats:
    return ratio(over, under)


def _sizes(marks: Sequence[Marked]) -> dict[str, int]:
    sizes = {role: sum(role in one.spans for one in marks) for role in ROLES}
    return {WHOLE: len(marks), CLASS: len(marks), **sizes}


def _within(marks: Sequence[Marked], other: Sequence[Marked]) -> list[Marked]:
    """Those that the other side came to before its four were full."""
    if len(other) < MOST:
        return list(marks)
    last = max(_begin(one) for one in other[:MOST])
    return [one for one in marks if _begin(one) <= last]


def _begin(one: Marked) -> int:
    return min((span[0] for role, span in one.spans.items() if role == "action"), default=0)


def _pairs(
    text: str, wanted: Sequence[Marked], given: Sequence[Marked]
) -> list[tuple[Marked, Marked]]:
    scored = []
    for i, one in enumerate(wanted):
        for j, other in enumerate(given):
            score = _likeness(text, one, other)
            if score > 0:
                scored.append((-score, i, j))
    taken: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for _, i, j in sorted(scored):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            pairs.append((wanted[i], given[j]))
    return pairs


def _likeness(text: str, one: Marked, other: Marked) -> float:
    """0 where they are different commitments, else how alike they are."""
    first, second = _words(text, one, "action"), _words(text, other, "action")
    whole = _overlap(first | _words(text, one, "object"), second | _words(text, other, "object"))
    if first & second:
        return 1.0 + whole
    return whole if whole >= 0.5 else 0.0


def _words(text: str, one: Marked, role: str) -> frozenset[int]:
    span = one.spans.get(role)
    return frozenset() if span is None else _positions(text, span)


def _positions(text: str, span: Span) -> frozenset[int]:
    return frozenset(match.start() for match in _WORD.finditer(text, *span))


def _overlap(one: Iterable[int], other: Iterable[int]) -> float:
    """F1 of two sets of word positions."""
    first, second = frozenset(one), frozenset(other)
    return 2 * len(first & second) / max(len(first) + len(second), 1)


def _same(text: str, one: Span, other: Span, role: str) -> bool:
    if _overlap(_positions(text, one), _positions(text, other)) >= 0.5:
        return True
    same = text[slice(*one)].lower() == text[slice(*other)].lower()
    return role == "actor" and same
