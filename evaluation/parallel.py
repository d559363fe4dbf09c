"""Passages of a document and of its translation that say the same, found without any model.

Sentences are aligned by their lengths (Gale and Church, A Program for Aligning Sentences in
Bilingual Corpora, 1993), helped by what no translator changes: numbers, acronyms, addresses. Where
a text's sentences do not go one by one with its translation's, places are guesses: such pairs are
left out, and so are such passages.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from miner.errors import InputError
from miner.linguistics import sentences
from miner.parsing import parse
from miner.passages import Passage, split

_ANCHOR = re.compile(r"\d+(?:[.,/]\d+)*|\b[A-Z][A-Z0-9/-]{2,}\b|https?://\S+|[\w.]+@[\w.]+")
# Kinds of links, (sentences of the one, of the other), with the chance that the source gives.
_LINKS = {(1, 1): 0.89, (1, 0): 0.005, (0, 1): 0.005, (2, 1): 0.045, (1, 2): 0.045, (2, 2): 0.01}
_VARIANCE = 6.8
_ANCHOR_GAIN = 2.5
# Share of the longer side that a sentence may lie away from the diagonal.
_BAND = 0.12
_FEWEST_WORDS = 25
# Share of links that are one to one, from which a pair of texts, and a passage, is used.
_STRAIGHT = 0.5
# So much of the smaller one is common to a translated passage and an original one it lies in.
_TOGETHER = 0.5
_NOTE = re.compile(r"original: (\S+?\.txt)")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files of one corpus: a document and its English translation."""

    original: str
    translation: str


@dataclass(frozen=True, slots=True)
class Aligned:
    """A translated passage, and the original passages (positions in `originals`) that hold at
    least half of what is aligned to it, or half of whose own text is."""

    passage: Passage
    originals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Parallel:
    """One pair, read: the original's passages and the translated ones whose place is sure.

    straight: share of links that are one sentence to one; below a half nothing is `aligned`.
    """

    pair: Pair
    language: str
    originals: tuple[Passage, ...]
    aligned: tuple[Aligned, ...]
    straight: float


@dataclass(frozen=True, slots=True)
class _Sentence:
    passage: int
    length: int
    anchors: frozenset[str]


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
    """Both texts, split into passages and aligned. Raises what refuses a file."""
    original, translation = parse(corpus / pair.original), parse(corpus / pair.translation)
    theirs = [p for p in split(original) if p.language == original.language]
    ours = [p for p in split(translation) if p.language == "en"]
    found, straight = aligned(ours, theirs, original.language)
    return Parallel(pair, original.language, tuple(theirs), tuple(found), straight)


def aligned(
    ours: Sequence[Passage], theirs: Sequence[Passage], language: str
) -> tuple[list[Aligned], float]:
    """The passages of a translation (English) whose place among the original's is sure, and the
    share of all links that are one sentence to one."""
    one, other = _sentences(ours, "en"), _sentences(theirs, language)
    links = [link for link in _links(one, other) if link[0] or link[1]]
    straight = sum(len(a) == len(b) == 1 for a, b in links) / max(len(links), 1)
    if straight < _STRAIGHT:
        return [], straight
    shared: list[Counter[int]] = [Counter() for _ in ours]
    one_to_one: Counter[int] = Counter()
    for left, right in links:
        for sentence in left:
            one_to_one[sentence.passage] += len(left) == len(right) == 1
            for there in right:
                part = sentence.length * there.length / sum(s.length for s in right)
                shared[sentence.passage][there.passage] += round(part)
    sizes = Counter(s.passage for s in one)
    lengths: Counter[int] = Counter()
    for sentence in one:
        lengths[sentence.passage] += sentence.length
    ratio = sum(s.length for s in other) / max(sum(s.length for s in one), 1)
    found = []
    for at, passage in enumerate(ours):
        if len(passage.text.split()) < _FEWEST_WORDS or one_to_one[at] < _STRAIGHT * sizes[at]:
            continue
        places = tuple(
            there
            for there, common in sorted(shared[at].items())
            if common >= _TOGETHER * min(lengths[at], len(theirs[there].text) / ratio)
        )
        if places:
            found.append(Aligned(passage, places))
    return found, straight


def _sentences(passages: Sequence[Passage], language: str) -> list[_Sentence]:
    found = []
    for at, passage in enumerate(passages):
        for start, end in sentences(passage.text, language):
            text = passage.text[start:end]
            anchors = frozenset(a.casefold() for a in _ANCHOR.findall(text) if len(a) > 1)
            found.append(_Sentence(at, len(text), anchors))
    return found


def _links(
    one: Sequence[_Sentence], other: Sequence[_Sentence]
) -> list[tuple[Sequence[_Sentence], Sequence[_Sentence]]]:
    """The cheapest chain of links over both sequences, by dynamic programming in a band."""
    rows, columns = len(one), len(other)
    if not rows or not columns:
        return []
    ratio = sum(s.length for s in other) / max(sum(s.length for s in one), 1)
    prior = {link: -math.log(chance) for link, chance in _LINKS.items()}
    band = max(int(_BAND * max(rows, columns)), 12)
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for i in range(rows + 1):
        middle = i * columns // rows
        for j in range(max(middle - band, 0), min(middle + band, columns) + 1):
            found: tuple[float, tuple[int, int]] | None = best.get((i, j))
            for (a, b), cost in prior.items():
                if a > i or b > j or (i - a, j - b) not in best:
                    continue
                total = (
                    best[i - a, j - b][0] + cost + _cost(one[i - a : i], other[j - b : j], ratio)
                )
                if found is None or total < found[0]:
                    found = (total, (a, b))
            if found is not None:
                best[i, j] = found
    links, i, j = [], rows, columns
    while (i, j) != (0, 0) and (i, j) in best:
        a, b = best[i, j][1]
        links.append((one[i - a : i], other[j - b : j]))
        i, j = i - a, j - b
    links.reverse()
    return links


def _cost(left: Sequence[_Sentence], right: Sequence[_Sentence], ratio: float) -> float:
    here, there = sum(s.length for s in left) * ratio, sum(s.length for s in right)
    if not left or not right:
        return (here + there) / 40
    delta = (there - here) / math.sqrt(max((here + there) / 2, 1) * _VARIANCE)
    unlikely = -math.log(max(math.erfc(abs(delta) / math.sqrt(2)), 1e-12))
    ours: frozenset[str] = frozenset().union(*(s.anchors for s in left))
    theirs: frozenset[str] = frozenset().union(*(s.anchors for s in right))
    return unlikely - _ANCHOR_GAIN * min(len(ours & theirs), 4)
