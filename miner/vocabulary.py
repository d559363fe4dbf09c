"""The words of a store: which there are, and what a misspelt one most likely stands for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from miner import lexical, spelling

SHORTEST = 5
"""Shorter words have too many neighbours to be corrected."""
_TWO_SLIPS = 8
# A word that this few passages hold may be a slip of theirs, where another is this much commoner.
COMMON, _COMMONER = 4, 50
# Forms of a word begin alike.
_STUMP = 3
_PART = 4
# English words that the dictionary does not have yet.
_YOUNGER = frozenset(
    "botnet botnets cyber cyberattack cybercrime cyberspace cybersecurity malware"
    " ransomware".split()
)
_WORD = re.compile(r"[^\W\d_]{2,30}")

Rows = Callable[[str, Sequence[object]], Iterable[Sequence[object]]]


def words_of(texts: Iterable[str]) -> Counter[str]:
    """How many of the texts hold each word (lower case; "cybersecurity" is two)."""
    found: Counter[str] = Counter()
    for text in texts:
        lower = set(_WORD.findall(text.lower()))
        found.update({part for word in lower for part in spelling.parted(word)})
    return found


def changes(texts: Iterable[str], sign: int) -> tuple[str, list[tuple[str, int]]]:
    """What to execute many times where passages come (`sign` 1) or go (-1)."""
    statement = (
        "INSERT INTO words VALUES(?, ?) ON CONFLICT(word)"
        " DO UPDATE SET passages = passages + excluded.passages"
    )
    return statement, [(word, sign * count) for word, count in words_of(texts).items()]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A store's words; `rows` runs a query on its table `words`."""

    rows: Rows

    def passages(self, words: Iterable[str]) -> dict[str, int]:
        """In how many passages each of the lower-case words stands; 0 where in none."""
        wanted = list(dict.fromkeys(words))[:500]
        marks = ",".join("?" * len(wanted))
        sql = f"SELECT word, passages FROM words WHERE word IN ({marks})"
        held = {str(word): int(str(count)) for word, count in self.rows(sql, wanted)}
        return {word: held.get(word, 0) for word in wanted}

    def frequency(self, stems: Collection[str], languages: Collection[str] = ("en",)) -> int:
        """How many passages at most hold a word that one of the languages stems so."""
        found: dict[str, int] = {}
        for stump in {stem[:_STUMP] for stem in stems}:
            sql = "SELECT word, passages FROM words WHERE word >= ? AND word < ? AND passages > 0"
            rows = self.rows(sql, (stump, f"{stump}\U0010ffff"))
            found.update((str(word), int(str(count))) for word, count in rows)
        wanted = set(stems)
        return sum(
            count
            for word, count in found.items()
            if any(wanted.intersection(lexical.roots(word, language)) for language in languages)
        )

    def holds(self, word: str) -> bool:
        """Whether a passage has the lower-case word or one that BM25 takes for the same."""
        return bool(self.passages([word])[word]) or self.frequency(lexical.roots(word)) > 0

    def correction(self, word: str) -> str | None:
        """The word of the store that a lower-case word was most likely meant to be.

        None where the word is a right one (here or in English) or nothing is near. Near is one
        letter added, left out, changed or swapped with its neighbour; two of these in a word of
        eight letters or more whose first letter is right.
        """
        if len(word) < SHORTEST or not word.isalpha():
            return None
        own = self.passages([word])[word]
        # What comes after looks at every word of the store.
        if own >= COMMON or is_english(word):
            return None
        slips = 2 if len(word) >= _TWO_SLIPS else 1
        sql = (
            "SELECT word, passages FROM words WHERE length(word) BETWEEN ? AND ? AND passages >= ?"
        )
        least = max(2, own * _COMMONER)
        bounds = (len(word) - slips, len(word) + slips, least)
        held = {str(other): int(str(count)) for other, count in self.rows(sql, bounds)}
        held.pop(word, None)
        near = process.extract(word, list(held), scorer=OSA.distance, score_cutoff=slips, limit=50)
        ranked = sorted(
            (int(distance) + (other[0] != word[0]), -held[other], other)
            for other, distance, _ in near
        )
        if not ranked or ranked[0][0] > slips:
            return None
        if any(_inflected(word, other) for _, _, other in ranked):
            return None
        return ranked[0][2]


def _inflected(word: str, other: str) -> bool:
    """Whether they are forms of one word rather than one of them a slip."""
    if word.startswith(other) or other.startswith(word):
        return True
    return spelling.base(word) == spelling.base(other)


def is_english(word: str) -> bool:
    """Whether a lower-case word is in an English dictionary, in either spelling."""
    right = _dictionary()
    if word in right or word in _YOUNGER:
        return True
    return spelling.one_spelling(word) in _in_one_spelling()


def is_compound(word: str) -> bool:
    """Whether a lower-case word is two English ones put together ("cryptojacking")."""
    cuts = range(_PART, len(word) - _PART + 1)
    return any(is_english(word[:cut]) and is_english(word[cut:]) for cut in cuts)


@cache
def _dictionary() -> Mapping[str, int]:
    # 160,000 words with how common they are; loaded (0.1 s) when the first word is in doubt.
    from spellchecker import SpellChecker

    words: Mapping[str, int] = SpellChecker(language="en").word_frequency.dictionary
    return words


@cache
def _in_one_spelling() -> frozenset[str]:
    return frozenset(map(spelling.one_spelling, _dictionary()))
