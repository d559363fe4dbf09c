"""From two documents' pledges to Changes: matched, or without a like on the other side."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from miner.changes.change import Change, Kind
from miner.changes.firmness import compared
from miner.changes.likeness import Backgrounds, Readings, features, likeness
from miner.changes.pledge import Pledge, whole
from miner.changes.rule import FEATURES, Rule
from miner.changes.words import covered, special
from miner.store import StoredPassage
from miner.taxonomy import Stance

_GIST = FEATURES.index("gist")


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A document as it is compared: all its passages, and its pledges with their vectors."""

    passages: Sequence[StoredPassage]
    readings: Readings


def changes_of(
    older: Read, newer: Read, rule: Rule, beside: Backgrounds
) -> tuple[list[Change], tuple[int, int]]:
    """The changes, those that tell most first, and how many pledges of either document are left
    of which nothing can be said."""
    alike = features(older.readings, newer.readings, beside)
    likely = likeness(alike, rule)
    matched = _matched(older.readings.pledges, newer.readings.pledges, likely, alike, rule)
    dropped, left = _lonely("dropped", older, newer, likely, rule, beside)
    added, new_left = _lonely("added", newer, older, likely.T, rule, beside)
    found = [*added, *dropped, *matched]
    return found, (left, new_left)


def _matched(
    older: Sequence[Pledge],
    newer: Sequence[Pledge],
    likely: NDArray[np.float64],
    alike: NDArray[np.float64],
    rule: Rule,
) -> list[Change]:
    """Pledges that are tied by pairs that promise the same, each group one change."""
    old, new = np.nonzero(likely >= rule.same)
    size = len(older) + len(newer)
    edges = csr_array((np.ones(len(old)), (old, new + len(older))), shape=(size, size))
    _, label = connected_components(edges, directed=False)
    groups: dict[int, list[tuple[int, int]]] = {}
    for i, j in zip(old.tolist(), new.tolist(), strict=True):
        # What both tell as a fact is no commitment that was kept.
        if older[i].promises or newer[j].promises:
            groups.setdefault(int(label[i]), []).append((i, j))
    found = []
    for pairs in groups.values():
        # The nearest pair leads: it is what the others are tied to, and what can be compared.
        here, there = max(pairs, key=lambda pair: (likely[pair], -pair[0], -pair[1]))
        rows = _first(here, [i for i, _ in pairs], likely[:, there])
        columns = _first(there, [j for _, j in pairs], likely[here])
        sides = [older[at] for at in rows], [newer[at] for at in columns]
        kind: Kind = "kept"
        reasons: tuple[str, ...] = ("alike, but not surely the same: firmness is not compared",)
        if alike[here, there, _GIST] >= rule.surely:
            kind, reasons = _settled(*sides)
        best = float(likely[here, there])
        found.append(_change(kind, *sides, best, reasons))
    return sorted(found, key=lambda change: (-change.likeness, change.id))


def _first(lead: int, others: Sequence[int], likely: NDArray[np.float64]) -> list[int]:
    """The lead, then the others, the most alike first."""
    return [lead, *sorted({*others} - {lead}, key=lambda at: (-likely[at], at))]


def _settled(older: Sequence[Pledge], newer: Sequence[Pledge]) -> tuple[Kind, tuple[str, ...]]:
    """What became of a commitment that either document may make more than once."""
    first, last = older[0], newer[0]
    if not (whole(first.commitment) and whole(last.commitment)):
        return "kept", ("one of them is no whole sentence: firmness is not compared",)
    kind, reasons = compared(first, last)
    rivals = {
        "strengthened": [compared(one, last)[0] for one in older],
        "weakened": [compared(first, one)[0] for one in newer],
    }.get(kind, [])
    if any(rival != kind for rival in rivals):
        return "kept", ("said more than once, and not each time more or less firmly",)
    return kind, reasons


def _lonely(
    kind: Kind,
    here: Read,
    there: Read,
    likely: NDArray[np.float64],
    rule: Rule,
    beside: Backgrounds,
) -> tuple[list[Change], int]:
    """Promises of one document that the other has nothing like, and how many are unsure."""
    stems, pledges = here.readings.stems, here.readings.pledges
    best = likely.max(axis=1, initial=0.0)
    prose = [p for p in there.passages if _says(p)]
    shares = covered(stems, prose) if prose else np.zeros((len(pledges), 0))
    most = shares.max(axis=1, initial=0.0)
    sure, left = [], 0
    for at, pledge in enumerate(pledges):
        if best[at] >= rule.same or not pledge.firm:
            continue
        if (
            best[at] <= rule.other
            and most[at] <= rule.covered
            and special(stems[at]) >= rule.special
        ):
            sure.append(at)
        else:
            left += 1
    sure.sort(key=lambda at: (most[at] - special(stems[at]) / 10, at))
    found = []
    for group in _together(sure, here.readings, beside, rule):
        first = group[0]
        side = tuple(pledges[at] for at in group)
        near = there.readings.pledges[int(likely[first].argmax())] if likely.shape[1] else None
        passage = prose[int(shares[first].argmax())] if prose else None
        words = round(100 * float(most[first]))
        reasons = (
            f"no commitment like it was found (the nearest is alike with {best[first]:.2f}), and "
            f"no passage holds more than {words} % of its telling words",
        )
        older, newer = (side, ()) if kind == "dropped" else ((), side)
        found.append(_change(kind, older, newer, float(best[first]), reasons, near, passage))
    return found, left


def _together(
    sure: Sequence[int], readings: Readings, beside: Backgrounds, rule: Rule
) -> list[list[int]]:
    """What one document says twice, in one sentence or in two, is one change."""
    alike = beside.gist.alike(readings.gists, readings.gists) if sure else None
    groups: list[list[int]] = []
    for at in sure:
        for group in groups:
            lead = group[0]
            same = readings.pledges[lead].quote == readings.pledges[at].quote
            if same or (alike is not None and float(alike[lead, at]) >= rule.repeated):
                group.append(at)
                break
        else:
            groups.append([at])
    return groups


def _says(stored: StoredPassage) -> bool:
    return stored.tagged.stance.label is not Stance.NOISE


def _change(
    kind: Kind,
    older: Sequence[Pledge],
    newer: Sequence[Pledge],
    likely: float,
    reasons: tuple[str, ...],
    nearest: Pledge | None = None,
    passage: StoredPassage | None = None,
) -> Change:
    parts = [
        f"{p.passage.passage.document}:{p.quote.start}:{p.quote.end}:{p.gist}"
        for p in (*older, *newer)
    ]
    digest = hashlib.sha256("\n".join([kind, *parts]).encode()).hexdigest()[:16]
    return Change(
        digest, kind, tuple(older), tuple(newer), round(likely, 4), reasons, nearest, passage
    )
