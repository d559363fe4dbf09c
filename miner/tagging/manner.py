"""How a passage speaks: words with their stop words, and the shape of the text.

The stance lies in `will`, `has been` and in what is no prose at all (contents, endnotes, tables),
which the stems of the concept heads do not show. A linear model over both can be blended with the
tuned encoder's stance; whether it earns a share is measured by `evaluation ablation`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from miner.tagging.bag import Bag

_TERMS = 40_000
_PENALTY = 3.0
# The shape counts as much as some words do, not as all of them together.
_SHAPE_WEIGHT = 0.25

_TOKEN = re.compile(r"[a-z']+|\d+|[•;:.()%]")
_DIGITS = re.compile(r"\d+")
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|shall|must|should|may|can|could|would|does|do"
    r"|aims?|includes?|provides?|ensures?|requires?)\b"
)
_LEADERS = re.compile(r"\.{4,}|(?:\. ){4,}")
_NUMBERED = re.compile(r"(?:^|[.\s])\d{1,3}[.)]? (?=[A-Z])")
_SOURCES = re.compile(
    r"https?:|www\.|ibid|op\. cit|\bpp?\. ?\d|Source:|Figure \d|Table \d|©|ISBN", re.IGNORECASE
)
_ENDS = re.compile(r"[.!?](?:\s|$)")
_SINGLE = re.compile(r"\b\w\b")
_DOUBLED = re.compile(r"([A-Za-z])\1([A-Za-z])\2")
_NOTES = re.compile(
    r"\b(?:see|reference is made|note \d|quoted|cited|available at)\b", re.IGNORECASE
)
_FIRM = re.compile(r"\b(?:will|shall)\b", re.IGNORECASE)
_DUTY = re.compile(r"\b(?:must|should|need to)\b", re.IGNORECASE)
_DONE = re.compile(r"\b(?:has|have) (?:been|already|\w+ed)\b", re.IGNORECASE)
_EVERYBODY = re.compile(r"\b(?:States|Participants|Members|Parties) (?:should|must|shall)\b")


def words(text: str) -> list[str]:
    """Words, pairs and triples in order, stop words and marks included; numbers are `0`."""
    found = _TOKEN.findall(_DIGITS.sub("0", text.lower()))
    pairs = [f"{first} {second}" for first, second in pairwise(found)]
    triples = [f"{pair} {third}" for pair, third in zip(pairs, found[2:], strict=False)]
    return found + pairs + triples


def shape(text: str) -> list[float]:
    """Twenty numbers: capitals, digits, verbs, leaders, footnote numbers, modals and the like."""
    split = text.split()
    size = max(len(split), 1)
    capitals = sum([word[0].isupper() for word in split]) / size
    digits = sum([_DIGITS.search(word) is not None for word in split if not word.isalpha()]) / size
    verbs = len(_VERB.findall(text))

    def often(pattern: re.Pattern[str], scale: float) -> float:
        return len(pattern.findall(text)) / size * scale

    return [
        capitals,
        float(capitals > 0.35),
        float(capitals > 0.5),
        digits,
        float(digits > 0.12),
        verbs / size * 10,
        float(verbs == 0),
        float(bool(_LEADERS.search(text))),
        often(_NUMBERED, 20),
        float(len(_SOURCES.findall(text))),
        often(_ENDS, 20),
        often(_SINGLE, 5),
        float(len(_DOUBLED.findall(text))),
        text.count("•") / size * 20,
        float(text[:1].islower()),
        float(len(_NOTES.findall(text))),
        often(_FIRM, 30),
        often(_DUTY, 30),
        often(_DONE, 30),
        float(len(_EVERYBODY.findall(text))),
    ]


@dataclass(frozen=True, slots=True)
class Manner:
    """The linear model of the stance.

    terms, idf: its words. mean, spread: of the shape's numbers, (20,). weights: (4, terms + 20).
    bias: (4,).
    """

    terms: tuple[str, ...]
    idf: NDArray[np.float32]
    mean: NDArray[np.float32]
    spread: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    @classmethod
    def fit(
        cls, texts: Sequence[str], stances: Sequence[int], weight: Sequence[float], kinds: int
    ) -> Manner:
        """Fit on texts with a stance each (0 to kinds - 1). Deterministic."""
        from scipy.sparse import csr_matrix, hstack
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        made = TfidfVectorizer(analyzer=words, min_df=3, max_features=_TERMS, sublinear_tf=True)
        rows = made.fit_transform(texts)
        shapes = np.array([shape(text) for text in texts])
        mean, spread = shapes.mean(axis=0), shapes.std(axis=0) + 1e-6
        both = hstack([rows, csr_matrix(_SHAPE_WEIGHT * (shapes - mean) / spread)]).tocsr()
        head = LogisticRegression(C=_PENALTY, max_iter=3000, class_weight="balanced")
        head.fit(both, stances, sample_weight=weight)
        weights = np.zeros((kinds, both.shape[1]), dtype=np.float32)
        bias = np.full(kinds, -8.0, dtype=np.float32)
        if len(head.classes_) > 2:
            weights[head.classes_], bias[head.classes_] = head.coef_, head.intercept_
        return cls(
            tuple(made.get_feature_names_out().tolist()),
            made.idf_.astype(np.float32),
            mean.astype(np.float32),
            spread.astype(np.float32),
            weights,
            bias,
        )

    def bag(self) -> Bag:
        """The words with their weights, made ready to read texts."""
        return Bag(words, self.terms, self.idf, self.weights[:, : len(self.terms)])

    def logits(self, texts: Sequence[str], bag: Bag) -> NDArray[Any]:
        """Logits of the stances, (n, 4)."""
        shapes = (np.array([shape(text) for text in texts]) - self.mean) / self.spread
        of_shape = _SHAPE_WEIGHT * shapes @ self.weights[:, len(self.terms) :].T
        return np.asarray(bag.logits(texts) + of_shape + self.bias)
