"""The strength of a passage from its words alone: no parse, a fraction of a millisecond.

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
from miner.commitments.resource import resources
from miner.modality.cues import MOST, cues_of, opening, strongest_cue, units
from miner.modality.lexicon import Lexicon, ModalClass, lexicon
from miner.taxonomy import Stance

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
    return strongest(_graded(text[:MOST], words), stance)


def _graded(text: str, words: Lexicon) -> Iterator[Strength]:
    dates = [(one.start, one.end) for one in deadlines(text)]
    means = list(resources(text))
    cues = cues_of(text, words)
    lead: tuple[ModalClass, bool, bool] | None = None
    for start, end in units(text):
        modal, cue = strongest_cue(text, start, end, cues, words)
        dated = _within(dates, start, end)
        weak = modal is None or words.ranges[modal] <= words.ranges["plan"]
        opens = weak and opening(text, start, end, words) is not None
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


def _within(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(start <= first < end for first, _ in spans)


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
