"""In which languages a query's words are looked for.

A passage's words are stored as its own language stems them ("stratégies" as "strateg" in French,
as it stands in English), so a French query must be stemmed as French. English is always tried:
names and acronyms are the same everywhere, and a wrong guess then costs nothing that was there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from miner import lexical
from miner.index import Sparse
from miner.parsing.language import likely
from miner.vocabulary import is_english

ENGLISH = "en"
_WORD = re.compile(r"[^\W\d_]+")
# A guess below this is none; of two near ones (Croatian, Bosnian) both are tried.
_SURE, _NEAR = 0.5, 0.5
# Few words do not tell these from one another; their stems seldom meet, so all are tried.
_ALIKE = (frozenset({"bs", "hr", "sr"}), frozenset({"ru", "sr", "uk", "bg", "mk"}))
# With a function word of the language a lower guess will do.
_HINTED = 0.25


def languages_of(text: str, held: Collection[str], asked: Sequence[str] = ()) -> tuple[str, ...]:
    """Languages (ISO 639-1) in which a query is stemmed, English first.

    Args:
        text: the words that are searched.
        held: languages of the store's passages.
        asked: languages that the caller or the query filters by; they are taken as they are.
    """
    if asked:
        return tuple(dict.fromkeys([ENGLISH, *asked]))
    others = frozenset(held) - {ENGLISH, "und"}
    return (ENGLISH, *_guessed(text.lower(), others)) if others else (ENGLISH,)


def stemmed(text: str, languages: Iterable[str]) -> Sparse:
    """The words of a query as each of the languages stems them; each root once."""
    weights: dict[int, float] = {}
    for language in languages:
        vector = lexical.query_vector(text, language)
        for index, value in zip(vector.indices, vector.values, strict=True):
            weights[index] = max(weights.get(index, 0.0), value)
    items = sorted(weights.items())
    return Sparse(tuple(index for index, _ in items), tuple(value for _, value in items))


@lru_cache(maxsize=4096)
def _guessed(text: str, others: frozenset[str]) -> tuple[str, ...]:
    """What a text is likely to be written in, of these languages; empty for English."""
    words = _WORD.findall(text)
    if not words:
        return ()
    chances = likely(text, {ENGLISH, *others})
    best = max((chances.get(name, 0.0) for name in others), default=0.0)
    if best <= chances.get(ENGLISH, 0.0):
        return ()
    hinted = _hints(words, others)
    strange = sum(not is_english(word) for word in words)
    # Half of the words of any European language stand in an English dictionary as well.
    if not hinted and 2 * strange < len(words):
        return ()
    near = {name: value for name, value in chances.items() if name in others}
    found = [
        name
        for name, value in sorted(near.items(), key=lambda item: (-item[1], item[0]))
        if value >= _NEAR * best and (value >= _SURE or (name in hinted and value >= _HINTED))
    ]
    alike = {one for group in _ALIKE if group & set(found) for one in group & others}
    return (*found, *sorted(alike - set(found)))


def _hints(words: Collection[str], languages: Iterable[str]) -> Mapping[str, int]:
    """How many words are function words of a language and none of English."""
    stop = lexical.stopwords()
    english = stop[ENGLISH]
    counts = {
        name: sum(word in stop.get(name, ()) and word not in english for word in words)
        for name in languages
    }
    return {name: count for name, count in counts.items() if count}
