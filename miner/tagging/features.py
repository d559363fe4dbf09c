"""What the heads see of a passage: its stems and stem pairs, its words and its shape.

Matrices are sparse, float32, one row per text. Weights are TF-IDF with logarithmic term
frequency and rows of unit length, so that long passages do not shout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from miner import lexical

_BROKEN = re.compile(r"(\w)[-­] (\w)")
_WORD = re.compile(r"[^\W_]+|[.…]{4,}|[•▪]|[?!]")


def healed(text: str) -> str:
    """The text without the line-end hyphens that PDF extraction leaves inside words."""
    return _BROKEN.sub(r"\1\2", text)


def topic_terms(text: str) -> list[str]:
    """Stems and pairs of neighbouring stems, stop words left out: what a passage is about."""
    found = lexical.stems(healed(text))
    return found + [f"{first} {second}" for first, second in pairwise(found)]


def manner_terms(text: str) -> list[str]:
    """Words, pairs and triples with all small words kept: how a passage speaks."""
    found = ["#" if word.isdigit() else word for word in _WORD.findall(healed(text).lower())]
    pairs = [f"{a} {b}" for a, b in pairwise(found)]
    triples = [f"{a} {b} {c}" for a, b, c in zip(found, found[1:], found[2:], strict=False)]
    opening = [f"^{word}" for word in found[:2]]
    return found + pairs + triples + opening


SHAPE_NAMES = (
    "digits", "capitals", "short words", "stops", "dots", "length", "sentences", "symbols",
)  # fmt: skip


def shape(texts: Sequence[str]) -> NDArray[np.float32]:
    """Shares that tell prose from contents lists, tables and garble: (n, 8), each 0 to 1."""
    rows = []
    for text in texts:
        size = max(len(text), 1)
        words = text.split() or [""]
        rows.append(
            (
                sum(c.isdigit() for c in text) / size,
                sum(c.isupper() for c in text) / size,
                sum(len(word) <= 2 for word in words) / len(words),
                sum(word in _STOPS for word in map(str.lower, words)) / len(words),
                min(text.count("..") / 10, 1.0),
                min(len(words) / 200, 1.0),
                min(len(re.findall(r"[a-z]{2}[.;:]\s", text)) / 8, 1.0),
                sum(not (c.isalnum() or c.isspace() or c in ".,;:()'’\"-") for c in text) / size,
            )
        )
    return np.asarray(rows, dtype=np.float32).reshape(len(texts), len(SHAPE_NAMES))


_STOPS = frozenset(
    "the|a|an|of|to|in|and|for|is|are|be|on|with|by|as|that|this|will|it|at".split("|")
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms with their inverse document frequency, fixed at training."""

    terms: tuple[str, ...]
    idf: NDArray[np.float32]
    analyzer: Callable[[str], list[str]]

    @classmethod
    def fit(
        cls, texts: Sequence[str], analyzer: Callable[[str], list[str]], min_df: int, most: int
    ) -> Vocabulary:
        """The terms that at least `min_df` texts hold, at most `most` of them."""
        made = TfidfVectorizer(analyzer=analyzer, min_df=min_df, max_features=most).fit(texts)
        return cls(
            tuple(made.get_feature_names_out().tolist()),
            made.idf_.astype(np.float32),
            analyzer,
        )

    def columns(self) -> Mapping[str, int]:
        """Term to column."""
        return {term: column for column, term in enumerate(self.terms)}

    def vectorizer(self) -> TfidfVectorizer:
        """The transformer of texts to (n, len(terms)) sparse rows."""
        made = TfidfVectorizer(
            analyzer=self.analyzer, vocabulary=self.columns(), sublinear_tf=True, dtype=np.float32
        )
        made.idf_ = self.idf
        return made


def embedded(vectors: NDArray[np.float32], weight: float) -> csr_matrix:
    """Dense vectors (n, d) as a sparse block, scaled so that they speak as loud as the terms."""
    return csr_matrix(vectors * np.float32(weight))
