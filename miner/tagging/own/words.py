"""Labels of a framework's concepts, found in texts as runs of stems.

A negative label cancels the labels that it overlaps; where it stands and no other label of its
concept does, the concept is vetoed. Labels in capitals (AI, ICT) are matched as they are
written, for their stems are other words or none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from miner import lexical
from miner.taxonomy import Concept

Kind = Literal["alt", "hidden", "negative"]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_LONGEST_ACRONYM = 6


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text that is no stop word: `text[start:end]`."""

    stem: str
    written: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """A label of a concept (by its column) at `text[start:end]`."""

    column: int
    kind: Kind
    label: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Label:
    column: int
    kind: Kind
    stems: tuple[str, ...]


def words(text: str) -> list[Word]:
    """The words of a text, in order, without stop words."""
    found = []
    for match in _WORD.finditer(text):
        written = match.group()
        stem = _stem(written.lower())
        if stem or _is_acronym(written):
            found.append(Word(stem, written, match.start(), match.end()))
    return found


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    """The stem of a lower-case word; "" for a stop word."""
    found = lexical.stems(word)
    return found[0] if found else ""


def _is_acronym(written: str) -> bool:
    return written.isupper() and 2 <= len(written) <= _LONGEST_ACRONYM


class Lexicon:
    """All labels of a framework's concepts, ready to be looked for."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self._by_stem: dict[str, list[_Label]] = {}
        self._by_acronym: dict[str, list[_Label]] = {}
        for column, concept in enumerate(concepts):
            for kind, labels in _labels(concept).items():
                for label in labels:
                    self._add(column, kind, label)

    def _add(self, column: int, kind: Kind, label: str) -> None:
        if _is_acronym(label):
            held = self._by_acronym.setdefault(label, [])
            found = _Label(column, kind, (label,))
        else:
            stems = tuple(word.stem for word in words(label) if word.stem)
            if not stems:
                return
            held = self._by_stem.setdefault(stems[0], [])
            found = _Label(column, kind, stems)
        if found not in held:
            held.append(found)

    def find(self, text: str) -> tuple[Found, ...]:
        """The labels in a text, cancelled ones left out and negative ones kept, in order."""
        found = list(self._all(words(text)))
        barred: dict[int, list[tuple[int, int]]] = {}
        for item in found:
            if item.kind == "negative":
                barred.setdefault(item.column, []).append((item.start, item.end))
        return tuple(
            item
            for item in found
            if item.kind == "negative"
            or not any(s < item.end and item.start < e for s, e in barred.get(item.column, ()))
        )

    def _all(self, text: Sequence[Word]) -> Iterator[Found]:
        stems = [word.stem for word in text]
        for at, word in enumerate(text):
            for label in self._by_acronym.get(word.written, ()):
                yield Found(label.column, label.kind, label.stems, word.start, word.end)
            for label in self._by_stem.get(word.stem, ()):
                end = at + len(label.stems)
                if tuple(stems[at:end]) == label.stems:
                    last = text[end - 1].end
                    yield Found(label.column, label.kind, label.stems, word.start, last)


def _labels(concept: Concept) -> Mapping[Kind, tuple[str, ...]]:
    return {
        "alt": (concept.label, *concept.labels),
        "hidden": concept.hidden,
        "negative": concept.negative,
    }
