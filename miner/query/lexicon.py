"""The names and labels that a query is read with, and what their misspellings stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from weakref import WeakKeyDictionary

import yaml

from miner.catalogue.gazetteer import Named, book
from miner.catalogue.geography import Geography
from miner.catalogue.language import english_names
from miner.catalogue.phrase import Entry, PhraseBook, Token, tokens
from miner.query.words import (
    BRIDGES,
    CONTAINERS,
    FUNCTION,
    MODIFIERS,
    NEGATORS,
    NOT_MISSPELT,
    STANCES,
)
from miner.spelling import base
from miner.taxonomy import Concept

SHORTEST = 6
"""Shorter words have too many neighbours to be corrected."""


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Names by folded words, labels by stems, and the words that count as spelt rightly."""

    names: PhraseBook[Named]
    labels: PhraseBook[Concept]
    languages: Mapping[str, str]
    known: frozenset[str]
    _near: Mapping[str, tuple[str, ...]]
    concepts: tuple[Concept, ...]

    def corrected(self, word: str) -> str | None:
        """The one name or label word within one edit of a folded word that is not known.

        An edit is a letter added, left out, changed, or changed places with its neighbour.
        """
        if len(word) < SHORTEST or word in self.known or base(word) in self.known:
            return None
        found = {
            right
            for gap in _gaps(word)
            for right in self._near.get(gap, ())
            if _one_edit_apart(word, right)
        }
        # A letter left out is the commonest slip: "Austrlia" is Australia before it is Austria.
        longer = {right for right in found if len(right) > len(word)}
        best = longer if len(longer) == 1 else found
        return best.pop() if len(best) == 1 else None


_CACHE: WeakKeyDictionary[Geography, dict[tuple[int, ...], Lexicon]] = WeakKeyDictionary()


def lexicon(geography: Geography, concepts: Mapping[str, Concept]) -> Lexicon:
    """The lexicon of a geography and some concepts (built once, in about 50 ms)."""
    # A lexicon keeps its concepts alive, so that their ids stay theirs.
    held = _CACHE.setdefault(geography, {})
    key = tuple(map(id, concepts.values()))
    if key not in held:
        if len(held) > 8:
            held.clear()
        held[key] = _build(geography, tuple(concepts.values()))
    return held[key]


def _build(geography: Geography, concepts: tuple[Concept, ...]) -> Lexicon:
    names = book(geography, strict=False)
    names = PhraseBook.of(
        (*names.entries, *_regions(names), *_peoples(geography, names)), names.key
    )
    labels = PhraseBook.of(_labels(concepts), _stem)
    right = {token.folded for name in _corrigible(geography, concepts) for token in tokens(name)}
    near: dict[str, list[str]] = {}
    for word in right:
        for gap in _gaps(word) if len(word) >= SHORTEST else ():
            near.setdefault(gap, []).append(word)
    return Lexicon(
        names=names,
        labels=labels,
        languages=english_names(),
        known=frozenset(_known_words(concepts)) | names.words | labels.words,
        _near={gap: tuple(words) for gap, words in near.items()},
        concepts=concepts,
    )


def _regions(names: PhraseBook[Named]) -> Iterator[Entry[Named]]:
    """What queries call the members of an organisation: "African countries"."""
    known = {e.value.id: e.value for e in names.entries if e.value.kind == "organisation"}
    for organisation, phrases in _table("regions")["members"].items():
        if organisation in known:
            yield from (Entry(phrase, known[organisation]) for phrase in phrases)


def _peoples(geography: Geography, names: PhraseBook[Named]) -> Iterator[Entry[Named]]:
    """What the people of a country are called ("Germans"), from the demonyms."""
    known = {e.value.id: e.value for e in names.entries if e.value.kind == "country"}
    irregular = _table("regions")["peoples"]
    for country in geography.countries:
        regular = [f"{d}s" for d in country.demonyms if not d.endswith(("s", "e", "h", "."))]
        for people in (*regular, *irregular.get(country.code, ())):
            yield Entry(people, known[country.code], _is_capitalised)


def _is_capitalised(line: Sequence[Token]) -> bool:
    return line[0].raw[:1].isupper()


def acronyms() -> Mapping[str, str]:
    """What acronyms (in capitals) stand for."""
    table: Mapping[str, str] = _table("acronyms")
    return table


@cache
def _table(name: str) -> Any:
    return yaml.safe_load((files("models") / "lexicon" / f"{name}.yaml").read_text("utf-8"))


def _corrigible(geography: Geography, concepts: Iterable[Concept]) -> Iterator[str]:
    # Not the names in other languages: their neighbours are English words ("inland": Finland).
    for country in geography.countries:
        yield from (country.name, country.common_name, *country.demonyms)
    for organisation in geography.organisations:
        yield from (organisation.name, *organisation.aliases)
    for concept in concepts:
        yield from (concept.label, *concept.labels)


def _labels(concepts: Iterable[Concept]) -> Iterator[Entry[Concept]]:
    for concept in concepts:
        for label in (concept.label, *concept.labels):
            yield Entry(label, concept, _is_acronym if label in _WORDS_IN_CAPITALS else None)


# FIRST is a forum; first is not.
_WORDS_IN_CAPITALS = frozenset({"FIRST"})


def _is_acronym(line: Iterable[Token]) -> bool:
    return all(token.raw.isupper() for token in line)


def _stem(token: Token) -> str:
    return token.stem


def _known_words(concepts: Iterable[Concept]) -> Iterator[str]:
    yield from (*FUNCTION, *CONTAINERS, *MODIFIERS, *NEGATORS, *BRIDGES, *NOT_MISSPELT)
    yield from (word for pattern, _ in STANCES for words in pattern for word in words)
    yield from english_names()
    for concept in concepts:
        texts = (concept.definition, *concept.include, *concept.exclude, *concept.hidden)
        for text in (*texts, *concept.negative):
            for token in tokens(text):
                yield token.folded
                yield token.stem


def _gaps(word: str) -> set[str]:
    """The word, and the word with each one letter left out."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _one_edit_apart(one: str, other: str) -> bool:
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1 or one == other:
        return False
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return swapped or one[at + 1 :] == other[at + 1 :]
