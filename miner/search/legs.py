"""A query as the index is asked it: its meaning, its words and the concepts it is about.

The third leg is the query read by the tagging model itself: a passage ranks higher the more of
the query's concepts it carries, also where the two share no word.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from miner import lexical, spelling
from miner.index import Leg, Sparse
from miner.query import ChipKind, Interpretation
from miner.vocabulary import Vocabulary

# How many passages each leg proposes at least.
DEPTH = 120
_TAGS_DEPTH = 80
_LITERAL_MOST = 3000
# Below this a concept is one that the query does not speak of.
_LEAST = 0.02
# A concept that the query names outright counts at least this much.
_NAMED = 0.5
_STANCE = 0.3

# What a listing without words is ordered by.
_BINDING = {"commitment": 1.0, "in_place": 0.6, "descriptive": 0.2, "unknown": 0.1, "noise": 0.001}


def listing(depth: int) -> Leg:
    """A leg that every passage answers, the most binding ones first."""
    return Leg("tags", _sparse({f"stance.{n}": value for n, value in _BINDING.items()}), 1.0, depth)


def literal(
    reading: Interpretation, vocabulary: Vocabulary, languages: Collection[str]
) -> Leg | None:
    """What proposes passages that can hold the phrases in quotes; None where there are none.

    All passages that have the rarest word of the phrases, stemmed as in each of the languages,
    as long as these are no more than can be looked at; else those that have most of the words.
    """
    words = {found.group().lower() for found in lexical.WORD.finditer(" ".join(reading.phrases))}
    if not words:
        return None
    spoken = {"en", *languages}
    stems = {
        part: {stem for language in spoken for stem in lexical.roots(part, language)}
        for word in words
        for part in spelling.parted(word)
    }
    # A word that some language leaves out of the index proposes nothing there.
    kept = [w for w in stems if all(lexical.roots(w, language) for language in spoken)]
    counts = {
        word: vocabulary.frequency(stems[word], spoken)
        for word in kept
        if word.isalpha() and len(word) > 1
    }
    rarest = min(counts, key=lambda word: counts[word], default=None)
    if rarest is not None and counts[rarest] <= _LITERAL_MOST:
        asked = stems[rarest]
        return Leg("bm25", _ones(asked), 0.0, max(counts[rarest], DEPTH))
    if not kept:
        return replace(listing(_LITERAL_MOST), weight=0.0)
    return Leg("bm25", _ones({s for word in kept for s in stems[word]}), 0.0, _LITERAL_MOST)


def _ones(stems: Collection[str]) -> Sparse:
    return _sparse(dict.fromkeys(stems, 1.0))


def tag_query(
    reading: Interpretation, spoken: Mapping[str, float], without: tuple[str, ...] = ()
) -> Sparse:
    """The concepts and stances a query is about, as a query on the tags vector.

    Args:
        spoken: concept to the probability that the query's own words carry it.
        without: ids of chips switched off; their concepts do not count.
    """
    wanted = {concept: p for concept, p in spoken.items() if p >= _LEAST}
    for chip in reading.chips:
        if chip.kind is ChipKind.CONCEPT:
            wanted[chip.value] = max(wanted.get(chip.value, 0.0), _NAMED)
        elif chip.kind is ChipKind.STANCE:
            wanted[f"stance.{chip.value}"] = _STANCE
    for chip_id in without:
        wanted.pop(chip_id.removeprefix("concept:"), None)
    return _sparse(wanted)


def tags_depth(depth: int) -> int:
    """How many passages the tags may propose: many carry a concept, few answer the query."""
    return min(depth, _TAGS_DEPTH)


def _sparse(wanted: Mapping[str, float]) -> Sparse:
    kept = sorted((lexical.term(name), value) for name, value in wanted.items())
    return Sparse(tuple(i for i, _ in kept), tuple(v for _, v in kept))
