"""Cues: the words of each sentence that bind ("shall", "Establish ...") or tell of a measure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from miner.linguistics import sentences
from miner.modality.lexicon import Lexicon, ModalClass

MOST = 4000
"""Characters of a passage that are read."""

Cue = tuple[ModalClass, int, int]
"""The class of words that bind, and where they begin and end."""

_BULLET = r"[\s•●▪◦■□➢✓>*·–—-]*(?:\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-z]|[ivx]{1,5})[.)]\)?\s+)?"
_LABEL = (
    r"(?:(?:Action|Measure|Objective|Task|Activity|Step|Goal|Recommendation)\s+[\w.]{1,8}[.:]?\s+)?"
)
_BEFORE = re.compile(_BULLET + _LABEL + _BULLET)
_FIELD = re.compile(
    r"\s*(?:Lead|Responsib\w+|Owner|Coordinator|Implement\w+|Partners?|Deadline|Due|Time\s?\w*|"
    r"Budget|Funding|Resources?|Date|Term|Indicators?|Performer|Executor)\b[^.:\n]{0,30}:",
    re.I,
)
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*|['’]ll\b")
_GERUND = re.compile(r"(?:\w+ly\s+)?(?P<verb>(?!during|being|having)[A-Za-z]{2,}ing)\s+(?=[a-z])")
_RELATIVE = ("which ", " that ", " who ")


def units(text: str) -> Iterator[tuple[int, int]]:
    """Sentences; the fields of a row ("Lead: ...") belong to the sentence before them."""
    held: tuple[int, int] | None = None
    for start, end in sentences(text):
        if held is not None and _FIELD.match(text, start, end):
            held = (held[0], end)
            continue
        if held is not None:
            yield held
        held = (start, end)
    if held is not None:
        yield held


def opening(text: str, start: int, end: int, words: Lexicon) -> tuple[int, int] | None:
    """The word with which a unit begins as an item does: "Establish", "Establishment of",
    "- training"."""
    before = _BEFORE.match(text, start, end)
    at = before.end() if before else start
    if at > start and text[at : at + 3].lower() == "to ":
        at += 3
    opens = words.opens.match(text, at, end)
    if opens:
        return opens.span(opens.lastgroup or 0)
    gerund = _GERUND.match(text, at, end) if at > start else None
    return gerund.span("verb") if gerund else None


def cues_of(text: str, words: Lexicon) -> list[Cue]:
    """The words that bind, in order; none lies within another."""
    found: list[Cue] = []
    known, until = words.cues, -1
    for match in [one for one in _WORD.finditer(_lowered(text)) if one[0] in known]:
        if match.start() <= until:
            continue  # "should be required to" is as firm as "should"
        if text[max(match.start() - 6, 0) : match.start()].lower().endswith(_RELATIVE):
            continue
        for name, follow in known[match[0]]:
            rest = follow.match(text, match.end()) if follow else match
            if rest is not None:
                until = rest.end()
                found.append((name, match.start(), until))
                break
    return found


def _lowered(text: str) -> str:
    """Small letters, each in its place: "İ" alone has two of them."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text.replace("İ", "I").lower()


def strongest_cue(
    text: str, start: int, end: int, cues: list[Cue], words: Lexicon
) -> tuple[ModalClass | None, tuple[int, int]]:
    """The strongest class of the words that bind in a sentence, and where they stand."""
    best: tuple[ModalClass | None, tuple[int, int]] = (None, (start, start))
    for name, first, last in cues:
        if not start <= first < end:
            continue
        if name in ("duty", "plan"):
            if words.hedge.match(text, last, end):
                name = "aim"
            elif words.forecast.match(text, last, end) and not words.actor.search(
                text, start, first
            ):
                continue
        if best[0] is None or words.ranges[name] > words.ranges[best[0]]:
            best = (name, (first, last))
    return best
