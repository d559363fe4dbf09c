"""Which of two commitments binds more firmly, and by what words."""

from __future__ import annotations

from miner.changes.change import Kind
from miner.changes.pledge import Pledge

# "shall" and "will" are one band: which of them a text has is its style, or its translator's.
_BAND = {"aspiration": 0, "aim": 1, "plan": 2, "duty": 2}
_NAMED = {0: "an aspiration", 1: "an aim", 2: "a promise"}


def compared(older: Pledge, newer: Pledge) -> tuple[Kind, tuple[str, ...]]:
    """What became of a commitment, and why.

    It is firmer where an aspiration or aim became a promise, or where a deadline is named that
    was not before, and nothing was lost; the reverse is weaker. Only words that bind within the
    sentence itself are compared: an item of a list takes them from its lead-in, which is style.
    Measures in place are not compared with promises: a promise kept is no weaker one.
    """
    if not (older.promises and newer.promises):
        return "kept", ("one of them tells what is in place already",)
    gained: list[str] = []
    lost: list[str] = []
    one, other = _bound(older), _bound(newer)
    if one is not None and other is not None and one[0] != other[0]:
        change = f"from {_NAMED[one[0]]} to {_NAMED[other[0]]} (“{one[1]}” → “{other[1]}”)"
        (gained if other[0] > one[0] else lost).append(change)
    if _due(newer) and not _due(older):
        gained.append("a deadline is named")
    elif _due(older) and not _due(newer):
        lost.append("no deadline is named any more")
    if gained and not lost:
        return "strengthened", tuple(gained)
    if lost and not gained:
        return "weakened", tuple(lost)
    return "kept", (*gained, *lost) or ("both bind alike",)


def _bound(pledge: Pledge) -> tuple[int, str] | None:
    """How firmly its own words bind, and these words; None where there are none."""
    modal, sentence = pledge.commitment.modal, pledge.commitment.sentence
    if modal is None or not sentence.start <= modal.start < sentence.end:
        return None
    return _BAND[pledge.commitment.strength.modal], modal.quote


def _due(pledge: Pledge) -> bool:
    """Whether it has a deadline that was still to come when its document was written."""
    deadline, year = pledge.commitment.deadline, pledge.passage.metadata.year
    if deadline is None:
        return False
    return deadline.year is None or year is None or deadline.year >= year
