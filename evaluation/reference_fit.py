"""Fitting the model of a match on judged pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from evaluation.reference_rows import JudgedPair
from miner.alignment.reference.model import Logistic, MatchModel, strongest

Floats = NDArray[np.float64]
# The stronger penalty is for the few rows of documents, chosen beforehand.
_PASSAGES, _DOCUMENTS = 1.0, 0.3


def fit(pairs: Sequence[JudgedPair], tagger: str, encoder: str) -> MatchModel:
    """The model of these pairs.

    What the document is judged by is made for each document with passage models of the others,
    so that it looks as it will for documents that nobody judged.
    """
    names = sorted({pair.document for pair in pairs})
    rows: list[Floats] = []
    grades: list[int] = []
    for name in names:
        part, whole = _passage_models([pair for pair in pairs if pair.document != name])
        for pair in pairs:
            if pair.document == name:
                some = part.of(pair.signals)[None]
                every = np.minimum(whole.of(pair.signals)[None], some)
                rows.append(strongest(some, every)[0])
                grades.append(int(pair.grades.max(initial=0)))
    seen, true = np.stack(rows), np.array(grades)
    part, whole = _passage_models(pairs)
    return MatchModel(
        partly_passage=part,
        whole_passage=whole,
        partly_document=_logistic(seen, true >= 1, _DOCUMENTS),
        whole_document=_logistic(seen, true == 2, _DOCUMENTS),
        tagger=tagger,
        encoder=encoder,
    )


def _passage_models(pairs: Sequence[JudgedPair]) -> tuple[Logistic, Logistic]:
    signals = np.concatenate([pair.signals for pair in pairs])
    grades = np.concatenate([pair.grades for pair in pairs])
    return _logistic(signals, grades >= 1, _PASSAGES), _logistic(signals, grades == 2, _PASSAGES)


def _logistic(rows: Floats, wanted: NDArray[np.bool_], penalty: float) -> Logistic:
    """Logistic regression on standardised rows, its weights for the rows as they are."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    fitted = LogisticRegression(C=penalty, max_iter=2000).fit((rows - mean) / spread, wanted)
    weights = fitted.coef_[0] / spread
    bias = float(fitted.intercept_[0] - weights @ mean)
    return Logistic(tuple(round(float(w), 5) for w in weights), round(bias, 5))
