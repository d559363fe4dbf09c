"""Passages of a document and of its translation that say the same, found without any model.

What no translator changes (numbers, acronyms, addresses, section numbers) is matched in order;
between two matches places correspond in proportion. A translated passage is used only where such
matches stand near it on both sides, so that its place in the original is sure.
Source: the idea of Melamed, Bitext Maps and Alignment via Pattern Recognition (1999).
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from miner.errors import InputError
from miner.parsing import parse
from miner.passages import Passage, split

_ANCHOR = re.compile(r"\d+(?:[.,/]\d+)*|\b[A-Z][A-Z0-9/-]{2,}\b|https?://\S+|[\w.]+@[\w.]+")
_RARE = 3
# How far, as a share of the text, two places of one anchor may lie from where they should be.
_STRAY = 0.2
_NEAR = 900
_OVERLAP = 0.5
# A stretch between two matches that one text tells twice as long as the other is none.
_STRETCH = (0.6, 1.9)
_FEWEST_WORDS = 25
_NOTE = re.compile(r"original: (\S+?\.txt)")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files of one corpus: a document and its English translation."""

    original: str
    translation: str


@dataclass(frozen=True, slots=True)
class Aligned:
    """A translated passage and the original passages (positions in `originals`) it lies in."""

    passage: Passage
    originals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Parallel:
    """One pair, read: the original's passages and the translated ones whose place is sure."""

    pair: Pair
    language: str
    originals: tuple[Passage, ...]
    aligned: tuple[Aligned, ...]


def pairs(corpus: Path) -> list[Pair]:
    """The pairs that the corpus's manifest names. Raises InputError where it cannot be read."""
    manifest = corpus / "manifest.tsv"
    try:
        rows = list(csv.DictReader(manifest.open(encoding="utf-8"), delimiter="\t"))
    except OSError as error:
        raise InputError(
            str(manifest), f"it cannot be read ({error.strerror})", "Give the corpus's folder."
        ) from error
    found = []
    for row in rows:
        named = _NOTE.search(row.get("notes") or "")
        if named and (corpus / named[1]).is_file() and (corpus / row["path"]).is_file():
            found.append(Pair(named[1], row["path"]))
    if not found:
        raise InputError(str(manifest), "it names no translations", "Give the shared corpus.")
    return found


def read(corpus: Path, pair: Pair) -> Parallel:
    """Both texts, split into passages and aligned."""
    original, translation = parse(corpus / pair.original), parse(corpus / pair.translation)
    places = _matches(translation.text, original.text)
    originals = tuple(
        passage
        for passage in split(original)
        if passage.language == original.language and _says(passage)
    )
    aligned = []
    for passage in split(translation):
        if passage.language != "en" or not _says(passage):
            continue
        start, end = _place(places, passage.start), _place(places, passage.end)
        if start is None or end is None or end <= start:
            continue
        inside = tuple(
            at for at, other in enumerate(originals) if _overlaps(other, start, end)
        )
        if inside:
            aligned.append(Aligned(passage, inside))
    return Parallel(pair, original.language, originals, tuple(aligned))


def _says(passage: Passage) -> bool:
    words = passage.text.split()
    return len(words) >= _FEWEST_WORDS and sum(map(str.isalpha, passage.text)) > len(words) * 3


def _overlaps(passage: Passage, start: float, end: float) -> bool:
    """Whether half of the passage, or of the span, is common to both."""
    shared = min(passage.end, end) - max(passage.start, start)
    return shared >= _OVERLAP * min(passage.end - passage.start, end - start)


def _matches(one: str, other: str) -> list[tuple[int, int]]:
    """Places of the same anchors in both texts, rising in both, with the two ends."""
    first, second = _rare(one), _rare(other)
    candidates = sorted(
        (at, there)
        for anchor in first.keys() & second.keys()
        for at in first[anchor]
        for there in second[anchor]
        if abs(at / len(one) - there / len(other)) <= _STRAY
    )
    return [(0, 0), *_rising(candidates), (len(one), len(other))]


def _rare(text: str) -> dict[str, list[int]]:
    """Places of anchors that stand at most three times in a text."""
    found = [(match.group().casefold(), match.start()) for match in _ANCHOR.finditer(text)]
    counts = Counter(anchor for anchor, _ in found)
    places: dict[str, list[int]] = {}
    for anchor, at in found:
        if counts[anchor] <= _RARE and len(anchor) > 1:
            places.setdefault(anchor, []).append(at)
    return places


def _rising(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest chain of points that rise in both coordinates."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, y) in enumerate(points):
        length = bisect_left(tails, y)
        before.append(ends[length - 1] if length else -1)
        if length == len(tails):
            tails.append(y)
            ends.append(number)
        else:
            tails[length], ends[length] = y, number
    chain, at = [], ends[-1] if ends else -1
    while at >= 0:
        chain.append(points[at])
        at = before[at]
    chain.reverse()
    return [p for p, q in zip(chain, [*chain[1:], None], strict=True) if q is None or q[0] > p[0]]


def _place(points: Sequence[tuple[int, int]], at: int) -> float | None:
    """Where a place of the translation lies in the original; None where no match is near."""
    after = bisect_right(points, (at, -1))
    low, high = points[max(after - 1, 0)], points[min(after, len(points) - 1)]
    if at - low[0] > _NEAR or high[0] - at > _NEAR or high[0] <= low[0]:
        return None
    slope = (high[1] - low[1]) / (high[0] - low[0])
    if not _STRETCH[0] <= slope <= _STRETCH[1]:
        return None
    return low[1] + (at - low[0]) * slope
