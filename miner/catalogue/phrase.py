"""Known phrases in running text: a dictionary over token n-grams, longest match first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Generic, TypeVar

from miner.catalogue.name import fold
from miner.spelling import base

T = TypeVar("T")

# A combining accent belongs to the letter before it. "cybercrime" and "cyber crime" are one.
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_PREFIX = re.compile(r"(cyber|multi)(?=[^\W_]{4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """A word `text[start:end]`: as written, folded, and without plural and spelling variants."""

    raw: str
    start: int
    end: int
    folded: str
    stem: str


def tokens(text: str) -> tuple[Token, ...]:
    """The words of `text` in order; hyphens and punctuation part them."""
    found: list[Token] = []
    for word in _WORD.finditer(text):
        start, end = word.span()
        prefix = _PREFIX.match(word[0])
        cuts = (start, start + prefix.end(), end) if prefix else (start, end)
        for first, last in pairwise(cuts):
            raw = text[first:last]
            folded = fold(raw)
            found.append(Token(raw, first, last, folded, base(folded)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """A phrase that points to `value`; `accepts` has a last look at how it is written."""

    phrase: str
    value: T
    accepts: Callable[[Sequence[Token]], bool] | None = None


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """`tokens[first:last]` is the phrase of `entry`."""

    entry: Entry[T]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class PhraseBook(Generic[T]):
    """Phrases by their tokens. Of equal phrases the first stays."""

    key: Callable[[Token], str]
    _phrases: dict[tuple[str, ...], Entry[T]] = field(default_factory=dict)
    _lengths: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry[T]], key: Callable[[Token], str]) -> PhraseBook[T]:
        """A book of `entries`; `key` says which side of a token is compared."""
        book = cls(key)
        for entry in entries:
            words = tuple(key(token) for token in tokens(entry.phrase))
            if words and words not in book._phrases:
                book._phrases[words] = entry
                lengths = book._lengths.setdefault(words[0], [])
                if len(words) not in lengths:
                    lengths.append(len(words))
                    lengths.sort(reverse=True)
        return book

    @property
    def entries(self) -> tuple[Entry[T], ...]:
        """All entries, in the order in which they came."""
        return tuple(self._phrases.values())

    @property
    def words(self) -> frozenset[str]:
        """Every word of every phrase."""
        return frozenset(word for words in self._phrases for word in words)

    def at(
        self, line: Sequence[Token], first: int, spelt: Mapping[int, str] | None = None
    ) -> Match[T] | None:
        """The longest phrase that begins at `line[first]`; `spelt` corrects words by position."""
        corrected = spelt or {}

        def word(position: int) -> str:
            return corrected.get(position) or self.key(line[position])

        for length in self._lengths.get(word(first), ()):
            last = first + length
            if last > len(line):
                continue
            entry = self._phrases.get(tuple(word(position) for position in range(first, last)))
            if entry and (entry.accepts is None or entry.accepts(line[first:last])):
                return Match(entry, first, last)
        return None

    def matches(self, line: Sequence[Token]) -> Iterator[Match[T]]:
        """All matches from left to right, without overlap."""
        position = 0
        while position < len(line):
            match = self.at(line, position)
            if match:
                yield match
            position = match.last if match else position + 1
