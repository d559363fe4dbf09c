"""Binding: the words that a passage's stance shows itself in."""

from __future__ import annotations

from miner.evidence import Evidence
from miner.modality.cues import MOST, cues_of, opening, strongest_cue, units
from miner.modality.lexicon import MEASURES, PROMISES, lexicon
from miner.taxonomy import Stance

_SAYS = {Stance.COMMITMENT: PROMISES, Stance.IN_PLACE: MEASURES}


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
    words, read = lexicon(), text[:MOST]
    cues = [cue for cue in cues_of(read, words) if cue[0] in wanted]
    found: list[Evidence] = []
    for unit in units(read):
        modal, (start, end) = strongest_cue(read, *unit, cues, words)
        if modal is None and stance is Stance.COMMITMENT:
            start, end = opening(read, *unit, words) or (start, end)
        if start < end:
            found.append(Evidence(start, end, text[start:end]))
    return tuple(found)
