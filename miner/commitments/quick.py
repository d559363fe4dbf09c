"""The strength of a passage, and the words that bind, from its words alone: no parse, a fraction
of a millisecond.

Sentences are graded one by one and the strongest counts. An item takes the modal of its lead-in
("The Ministry will:"), and a table row the fields that follow it ("Deadline: March 2020.").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from miner.catalogue.geography import Geography
from miner.commitments.deadline import deadlines
from miner.commitments.grade import Strength, grade, strongest
from miner.commitments.lexicon import MEASURES, PROMISES, Lexicon, ModalClass, lexicon
from miner.commitments.resource import resources
from miner.evidence import Evidence
from miner.linguistics import sentences
from miner.taxonomy import Stance

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
_LEAD = re.compile(
    r"\b(?:Lead|Responsib\w+|Owner|Coordinator|Performer|Executor|Implement\w+)\b[^.:\n]{0,30}:\s*\S",
    re.I,
)
_PASSIVE = re.compile(
    r"\s+(?:\w+ly\s+|also\s+)?be(?:ing|en)?\s+(?:\w+ly\s+|also\s+)?(?:\w{2,}ed|set|made|built|put|"
    r"given|taken|drawn|held|kept|brought|undertaken|sought|begun|led|run)\b",
    re.I,
)
# "was adopted", "has been set up", "is being built": what the measure's own words say.
_DONE_TO = re.compile(r"(?:was|were)\b|\w+\s+(?:\w+\s+)?be(?:en|ing)\b", re.I)
_BY = re.compile(r"\bby\s+(?:the\s+)?((?:[\w-]+\s+){0,3}[\w-]+)")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*|['’]ll\b")
_GERUND = re.compile(r"(?:\w+ly\s+)?(?P<verb>(?!during|being|having)[A-Za-z]{2,}ing)\s+(?=[a-z])")
_RELATIVE = ("which ", " that ", " who ")
_LONGEST = 4000

_Cue = tuple[ModalClass, int, int]
_SAYS = {Stance.COMMITMENT: PROMISES, Stance.IN_PLACE: MEASURES}


def strength(text: str, stance: Stance) -> Strength:
    """How firmly a passage binds: the strength of its strongest sentence.

    Args:
        text: the passage (English). Words past 4,000 characters are not read.
        stance: what the passage does. Descriptive text and noise have strength 0; measures
            count for text of the stance in_place, and for a commitment where it promises
            nothing.
    """
    words = lexicon()
    if stance not in (Stance.COMMITMENT, Stance.IN_PLACE):
        return Strength(0.0, "none", rule=words.version)
    return strongest(_graded(text[:_LONGEST], words), stance)


def binding(text: str, stance: Stance) -> tuple[Evidence, ...]:
    """The words by which a passage does what its stance says, one span a sentence at most.

    Args:
        text: the passage (English). Words past 4,000 characters are not read.
        stance: of a commitment, words that promise ("shall", or the "Establish" of an item), of
            what is in place, words of measures ("has adopted"); of others none.
    """
    wanted = _SAYS.get(stance, ())
    if not wanted:
        return ()
    words, read = lexicon(), text[:_LONGEST]
    cues = [cue for cue in _cues(read, words) if cue[0] in wanted]
    found: list[Evidence] = []
    for start, end in _units(read):
        modal, span = _modal(read, start, end, cues, words)
        if modal is None and stance is Stance.COMMITMENT:
            span = _opening(read, start, end, words) or span
        if span[0] < span[1]:
            found.append(Evidence(*span, text[slice(*span)]))
    return tuple(found)


def _graded(text: str, words: Lexicon) -> Iterator[Strength]:
    dates = [(one.start, one.end) for one in deadlines(text)]
    means = list(resources(text))
    cues = _cues(text, words)
    lead: tuple[ModalClass, bool, bool] | None = None
    for start, end in _units(text):
        modal, cue = _modal(text, start, end, cues, words)
        dated = _within(dates, start, end)
        weak = modal is None or words.ranges[modal] <= words.ranges["plan"]
        opens = weak and _opening(text, start, end, words) is not None
        if opens and modal not in (None, "plan"):
            cue = (start, start)  # a modal within an item is not the item's
        actor = (modal is not None or opens) and _names_actor(text, (start, end), cue, words)
        if lead is not None and (modal is None or opens) and (opens or text[start].islower()):
            modal, actor, dated = lead[0], actor or lead[1], dated or lead[2]
        elif opens:
            modal = "plan"
        if text[end - 1] == ":":
            lead = (modal, bool(actor), dated) if modal else None
        if modal is not None:
            yield grade(modal, actor=actor, deadline=dated, resource=_within(means, start, end))


def _opening(text: str, start: int, end: int, words: Lexicon) -> tuple[int, int] | None:
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


def _within(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(start <= first < end for first, _ in spans)


def _units(text: str) -> Iterator[tuple[int, int]]:
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


def _cues(text: str, words: Lexicon) -> list[_Cue]:
    """The words that bind, in order; none lies within another."""
    found: list[_Cue] = []
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


def _modal(
    text: str, start: int, end: int, cues: list[_Cue], words: Lexicon
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


def _is_country(words: str) -> bool:
    """Whether words end with the name of a country: "Canada also"."""
    last = [word for word in words.split()[-2:] if word[0].isupper()]
    return any(word.strip(",") in _country_ends() for word in last)


@cache
def _country_ends() -> frozenset[str]:
    """The last words of the names of countries."""
    return frozenset(country.name.split()[-1] for country in Geography.shipped().countries)


def _names_actor(text: str, span: tuple[int, int], cue: tuple[int, int], words: Lexicon) -> bool:
    """Whether somebody is named before the modal, after "by", or in a field.

    What stands before a passive ("a team will be set up") is not who acts.
    """
    start, end = span
    first, last = cue
    done_to = _DONE_TO.match(text, first, last) or _PASSIVE.match(text, last, end)
    if not done_to and (words.actor.search(text, start, first) or _is_country(text[start:first])):
        return True
    if ":" in text[start:end] and _LEAD.search(text, start, end):
        return True
    return any(words.actor.search(match[1]) for match in _BY.finditer(text, first, end))
