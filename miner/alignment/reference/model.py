"""The model of a match: from signals to the probability that a document says a statement.

Numbers from models/alignment/reference_model.json, which `python -m evaluation reference --write`
makes from judged pairs. Two questions are asked of every passage (does it say part of the
statement, does it say it) and of the document, by its three likeliest passages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from miner.alignment.rule import read_data

Floats = NDArray[np.float64]
_LEAST = 1e-4
STRONGEST = 3


@dataclass(frozen=True, slots=True)
class Logistic:
    """p = sigmoid(weights . x + bias)."""

    weights: tuple[float, ...]
    bias: float

    def of(self, rows: Floats) -> Floats:
        """Probabilities of rows (..., k)."""
        return np.asarray(1 / (1 + np.exp(-(rows @ np.array(self.weights) + self.bias))))


@dataclass(frozen=True, slots=True)
class MatchModel:
    """Four logistic regressions; `_passage` of signals, `_document` of what passages say."""

    partly_passage: Logistic
    whole_passage: Logistic
    partly_document: Logistic
    whole_document: Logistic
    tagger: str
    encoder: str

    def passages(self, signals: Floats) -> tuple[Floats, Floats]:
        """Probabilities that passages say part of, and the whole of, a statement: (s, n) each."""
        part = self.partly_passage.of(signals)
        return part, np.minimum(self.whole_passage.of(signals), part)

    def documents(self, part: Floats, whole: Floats) -> tuple[Floats, Floats]:
        """Probabilities that the document says part of, and the whole of, each statement: (s,)."""
        rows = strongest(part, whole)
        some = self.partly_document.of(rows)
        return some, np.minimum(self.whole_document.of(rows), some)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> MatchModel:
        """From the record that `as_record` gives."""
        parts = {
            name: Logistic(tuple(data[name]["weights"]), data[name]["bias"])
            for name in ("partly_passage", "whole_passage", "partly_document", "whole_document")
        }
        return cls(**parts, tagger=data["tagger"], encoder=data["encoder"])


def strongest(part: Floats, whole: Floats) -> Floats:
    """What a document is judged by: the log odds of its likeliest passages, (s, 4)."""
    kept = -np.sort(-part, axis=1)[:, :STRONGEST]
    missing = STRONGEST - kept.shape[1]
    kept = np.pad(kept, ((0, 0), (0, missing)), constant_values=_LEAST)
    best = whole.max(axis=1, initial=_LEAST)
    return np.concatenate([_odds(kept), _odds(best)[:, None]], axis=1)


def _odds(p: Floats) -> Floats:
    kept = np.clip(p, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(kept / (1 - kept)))


@cache
def match_model() -> MatchModel:
    """The shipped model."""
    return MatchModel.from_data(read_data("reference_model.json"))
