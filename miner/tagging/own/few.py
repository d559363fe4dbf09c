"""Few-shot: one logistic head per concept on words and vectors, beside the zero-shot log odds.

Log odds = trust * zero-shot + weights * [vector, words] + bias. Priors hold the weights near 0
and the trust near 0.8, and the background takes part as if it were labelled by zero-shot, with
the weight of fifty texts in all: with few examples little moves, with many they decide. How
common each concept is comes from the background too, for examples are picked and not drawn:
they are weighed so that they look like it (raking; Deville and Sarndal, Calibration estimators
in survey sampling, 1992), and zero-shot's own rate counts like four hundred texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from miner import lexical
from miner.tagging.heads import sigmoid

if TYPE_CHECKING:
    # Slow to import, and not needed before somebody brings a framework of their own.
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]

_MOST_TERMS = 8_000
_VECTOR_SCALE = 1.5
_TRUST, _TRUST_FIRMNESS = 0.8, 10.0
_WEIGHT_FIRMNESS = 1.0
_BACKGROUND_WEIGHT = 50.0
_RATE_TEXTS = 400.0
_RAKE_FIRMNESS = 0.02


@dataclass(frozen=True, slots=True)
class Terms:
    """Stems and pairs of stems with their inverse document frequency."""

    terms: tuple[str, ...]
    idf: NDArray[np.float32]

    @classmethod
    def fit(cls, texts: Sequence[str]) -> Terms:
        """The terms that at least two texts hold; none where there are none."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        made = TfidfVectorizer(analyzer=_terms, min_df=2, max_features=_MOST_TERMS)
        try:
            made.fit(texts)
        except ValueError:  # no term is held twice
            return cls((), np.zeros(0, dtype=np.float32))
        return cls(tuple(made.get_feature_names_out().tolist()), made.idf_.astype(np.float32))

    def rows(self, texts: Sequence[str]) -> csr_matrix:
        """TF-IDF rows of unit length: (n, terms)."""
        from scipy.sparse import csr_matrix
        from sklearn.feature_extraction.text import TfidfVectorizer

        if not self.terms:
            return csr_matrix((len(texts), 0))
        columns = {term: column for column, term in enumerate(self.terms)}
        made = TfidfVectorizer(analyzer=_terms, vocabulary=columns, sublinear_tf=True)
        made.idf_ = self.idf.astype(np.float64)
        return made.transform(texts)


def _terms(text: str) -> list[str]:
    found = lexical.stems(text)
    return found + [f"{first} {second}" for first, second in pairwise(found)]


@dataclass(frozen=True, slots=True)
class Head:
    """vectors: (d, K); words: (terms, K); trust, bias: (K,)."""

    terms: Terms
    vectors: NDArray[np.float32]
    words: NDArray[np.float32]
    trust: NDArray[np.float32]
    bias: NDArray[np.float32]

    def log_odds(self, texts: Sequence[str], vectors: NDArray[Any], zero: Floats) -> Floats:
        """Log odds of n texts: (n, K)."""
        words = self.terms.rows(texts) @ self.words
        return np.asarray(vectors @ self.vectors + words + zero * self.trust + self.bias)


@dataclass(frozen=True, slots=True)
class Labels:
    """Labelled rows. wanted: (n, K), 1 for, 0 against. counts: (n, K), their weights (0 for
    what the readers left undecided)."""

    texts: Sequence[str]
    vectors: NDArray[Any]
    zero: Floats
    wanted: Floats
    counts: Floats


def fit(labels: Labels, texts: Sequence[str], vectors: NDArray[Any], zero: Floats) -> Head:
    """A head from labelled rows and the background's texts, vectors and zero-shot log odds."""
    terms = Terms.fit([*labels.texts, *texts])
    believed = sigmoid(zero)
    each = _BACKGROUND_WEIGHT / max(len(texts), 1)
    rows = _Rows(
        np.vstack([labels.vectors, vectors]) * _VECTOR_SCALE,
        terms.rows([*labels.texts, *texts]),
        np.vstack([labels.zero, zero]),
        np.vstack([labels.wanted, believed]),
        np.vstack([labels.counts, np.full(believed.shape, each)]),
    )
    # Threads gain nothing on matrices of this size, and on a busy machine cost ten times the time.
    with threadpool_limits(1, user_api="blas"):
        weights, words, trust, bias = _solve(rows)
    seen = (rows.wanted * rows.counts).sum(axis=0) / np.maximum(rows.counts.sum(axis=0), 1e-9)
    moved = _odds(_rates(labels, believed)) - _odds(seen)
    return Head(
        terms,
        (weights * _VECTOR_SCALE).astype(np.float32),
        words.astype(np.float32),
        trust.astype(np.float32),
        (bias + moved).astype(np.float32),
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    vectors: Floats
    words: csr_matrix
    zero: Floats
    wanted: Floats
    counts: Floats


def _solve(rows: _Rows) -> tuple[Floats, Floats, Floats, Floats]:
    """Weights of vectors (d, K) and words (terms, K), trust (K,) and bias (K,)."""
    across = rows.words.T.tocsr()
    found = [_solve_one(rows, across, column) for column in range(rows.zero.shape[1])]
    ends = np.cumsum([rows.vectors.shape[1], rows.words.shape[1], 1])
    weights, words, trust, bias = np.split(np.stack(found, axis=1), ends)
    return weights, words, trust[0], bias[0]


def _solve_one(rows: _Rows, across: csr_matrix, column: int) -> Floats:
    """One concept's weights of vectors and words, its trust and its bias, in a row."""
    d, size = rows.vectors.shape[1], rows.vectors.shape[1] + rows.words.shape[1]
    counted = rows.counts[:, column]
    wanted, zero = rows.wanted[:, column], rows.zero[:, column]

    def loss(point: Floats) -> tuple[float, Floats]:
        weights, words, trust, bias = point[:d], point[d:size], point[size], point[size + 1]
        odds = rows.vectors @ weights + rows.words @ words + zero * trust + bias
        miss = counted * (sigmoid(odds) - wanted)
        value = (counted * (np.logaddexp(0, odds) - wanted * odds)).sum()
        value += 0.5 * _WEIGHT_FIRMNESS * float(point[:size] @ point[:size])
        value += 0.5 * _TRUST_FIRMNESS * (trust - _TRUST) ** 2
        slope = (
            rows.vectors.T @ miss + _WEIGHT_FIRMNESS * weights,
            across @ miss + _WEIGHT_FIRMNESS * words,
            [float(miss @ zero) + _TRUST_FIRMNESS * (trust - _TRUST), float(miss.sum())],
        )
        return float(value), np.concatenate(slope)

    start = np.zeros(size + 2)
    start[size] = _TRUST
    from scipy.optimize import minimize

    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200, "ftol": 1e-6}
    )
    return np.asarray(found.x)


def _rates(labels: Labels, believed: Floats) -> Floats:
    """How common each concept is, (K,)."""
    usual = believed.mean(axis=0)
    weights = _raked(sigmoid(labels.zero), believed)
    counted = weights[:, None] * (labels.counts > 0)
    rate = (counted * labels.wanted).sum(axis=0) / np.maximum(counted.sum(axis=0), 1e-9)
    effective = 1.0 / (weights**2).sum()
    return np.asarray((effective * rate + _RATE_TEXTS * usual) / (effective + _RATE_TEXTS))


def _raked(picked: Floats, believed: Floats) -> Floats:
    """Weights (n,) that sum to 1 and give picked texts the background's mean probabilities."""
    mean = believed.mean(axis=0)
    apart = (picked - mean) / (np.sqrt(mean * (1 - mean)) + 1e-3)

    def dual(point: Floats) -> tuple[float, Floats]:
        tilt = apart @ point
        weights = np.exp(tilt - tilt.max())
        total = weights.sum()
        value = tilt.max() + np.log(total) + 0.5 * _RAKE_FIRMNESS * (point @ point)
        return float(value), apart.T @ (weights / total) + _RAKE_FIRMNESS * point

    from scipy.optimize import minimize

    found = minimize(dual, np.zeros(apart.shape[1]), jac=True, method="L-BFGS-B")
    tilt = apart @ np.asarray(found.x)
    weights = np.exp(tilt - tilt.max())
    return np.asarray(weights / weights.sum())


def _odds(rate: Floats) -> Floats:
    kept = np.clip(rate, 1e-3, 0.9)
    return np.asarray(np.log(kept / (1 - kept)))
