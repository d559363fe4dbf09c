"""Similarity: how near each passage of a document is to each statement of another.

Five signals: the concepts that both carry (how much of the statement's the passage has, and the
cosine of both, rare concepts counting more), the statement's words that the passage has (rare
words counting more), the cosine of the statement's vector with that of the passage's nearest
sentence, both less the vector that policy texts have in common (without it, a statement of
general words lies near everything), and how much of the concepts the statement carries at all.
Source of the last step: Mu and Viswanath, All-but-the-Top, ICLR 2018.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from miner.alignment.corpus import shares
from miner.alignment.measure import Pair
from miner.alignment.rule import read_data
from miner.embedding import Encoder
from miner.lexical import stems
from miner.linguistics import sentences
from miner.tagging.tag import TaggedPassage
from miner.taxonomy import codebook

Floats = NDArray[np.float64]
SIGNALS = ("concepts", "concept_cosine", "words", "nearest_sentence", "carried")
# Passages per statement whose sentences are compared one by one.
_CLOSE = 8
_FEWEST_WORDS = 4
# What a few words that happen to be there are weighed down by, in a statement of few words.
_OTHER_WORDS = 5.0


@dataclass(frozen=True, slots=True)
class Similarity:
    """Signals of s statements and n passages, (s, n, 5), and of each pair the sentence of the
    passage that lies nearest, as (start, end) in the passage's text: (s, n, 2)."""

    signals: Floats
    sentence: NDArray[np.int64]


def similarity(
    texts: Sequence[str],
    tags: Sequence[TaggedPassage],
    pairs: Sequence[Pair],
    encoder: Encoder,
) -> Similarity:
    """Compare statements (their texts, tagged) with the passages of a document."""
    shape = (len(texts), len(pairs))
    if not all(shape):
        return Similarity(np.zeros((*shape, len(SIGNALS))), np.zeros((*shape, 2), np.int64))
    has, cosine, carried = _concepts(tags, [tagged for _, tagged in pairs])
    words = _words(texts, [passage.text for passage, _ in pairs])
    nearest, spans = _nearest(texts, pairs, encoder, words)
    return Similarity(np.stack([has, cosine, words, nearest, carried], axis=2), spans)


def _concepts(
    one: Sequence[TaggedPassage], other: Sequence[TaggedPassage]
) -> tuple[Floats, Floats, Floats]:
    rare = rarity()
    mine = np.array([[tag.probability for tag in tagged.tags] for tagged in one]) * rare
    theirs = np.array([[tag.probability for tag in tagged.tags] for tagged in other])
    whole = mine.sum(axis=1, keepdims=True)
    has = mine @ theirs.T / np.maximum(whole, 0.3)
    theirs = theirs * rare
    lengths = np.linalg.norm(mine, axis=1)[:, None] * np.linalg.norm(theirs, axis=1)[None]
    carried = np.repeat(np.log(0.1 + whole), len(other), axis=1)
    return has, mine @ theirs.T / np.maximum(lengths, 1e-6), carried


@cache
def rarity() -> Floats:
    """What a concept counts for: the less of their words strategies give to it, the more."""
    held = shares().concepts
    means = np.array([np.mean(held[concept]) for concept in codebook()])
    return np.asarray(np.log(1 + 1 / (0.01 + means)))


def _words(texts: Sequence[str], passages: Sequence[str]) -> Floats:
    found = [frozenset(stems(text)) for text in passages]
    held = Counter(stem for stems_of in found for stem in stems_of)
    size = len(passages)

    def weight(stem: str) -> float:
        return math.log(1 + size / (1 + held[stem]))

    rows = []
    for text in texts:
        own = frozenset(stems(text))
        whole = sum(map(weight, own)) + _OTHER_WORDS
        rows.append([sum(map(weight, own & there)) / whole for there in found])
    return np.array(rows)


def _nearest(
    texts: Sequence[str], pairs: Sequence[Pair], encoder: Encoder, words: Floats
) -> tuple[Floats, NDArray[np.int64]]:
    """Cosine with the nearest sentence of each passage that may be near at all."""
    common = _common(encoder, pairs)
    statements = _centred(encoder.encode(list(texts)), common)
    whole = statements @ _centred(encoder.encode([p.text for p, _ in pairs]), common).T
    spans = np.array([[(0, len(p.text)) for p, _ in pairs]] * len(texts), np.int64)
    close = _close(whole) | _close(words)
    cut = [
        (column, start, end)
        for column in map(int, np.flatnonzero(close.any(axis=0)))
        for start, end in sentences(pairs[column][0].text, pairs[column][0].language)
        if len(pairs[column][0].text[start:end].split()) >= _FEWEST_WORDS
    ]
    if not cut:
        return whole, spans
    vectors = encoder.encode([pairs[c][0].text[start:end] for c, start, end in cut])
    near = statements @ _centred(vectors, common).T
    owner = np.array([column for column, _, _ in cut])
    found = whole.copy()
    for column in np.unique(owner):
        held = np.flatnonzero(owner == column)
        best = near[:, held].argmax(axis=1)
        found[:, column] = near[:, held].max(axis=1)
        spans[:, column] = [cut[held[at]][1:] for at in best]
    return found, spans


def _close(values: Floats) -> NDArray[np.bool_]:
    """The `_CLOSE` highest of each row."""
    order = np.argsort(-values, axis=1)[:, :_CLOSE]
    marked = np.zeros(values.shape, bool)
    np.put_along_axis(marked, order, True, axis=1)
    return marked


def _common(encoder: Encoder, pairs: Sequence[Pair]) -> NDArray[np.float32]:
    """What vectors of policy texts share: measured for the shipped model, else taken from here."""
    known = read_data("background.json")
    if known["model"] == encoder.id:
        return np.array(known["mean"], np.float32)
    return np.asarray(encoder.encode([p.text for p, _ in pairs]).mean(axis=0))


def _centred(vectors: NDArray[np.float32], common: NDArray[np.float32]) -> Floats:
    moved = vectors.astype(np.float64) - common
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9))
