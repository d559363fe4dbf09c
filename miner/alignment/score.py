"""Scores: presence, depth, commitment and the one number, by the rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from miner.alignment.measure import Measured
from miner.alignment.rule import Calibration, Rule

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scored:
    """One number per concept, shape (c,), each 0 to 1; `counts` (n, c): which passages count.

    offsets: of the calibration. share: of the words of the prose (or of `least_words`), those of
    the passages that count, weighted by probability.
    """

    presence: Floats
    share: Floats
    depth: Floats
    commitment: Floats
    score: Floats
    offsets: Floats
    present: NDArray[np.bool_]
    counts: NDArray[np.bool_]


def score(
    measured: Measured, rule: Rule, calibration: Calibration, concepts: Sequence[str]
) -> Scored:
    """Score a measured document; `concepts` are the codebook's ids that the columns stand for."""
    p = measured.probabilities
    offsets = calibration.offsets_of(concepts)
    presence = np.zeros(p.shape[1])
    if len(p):
        presence = calibration.of(some(p, rule), offsets, rule["least"])
    decided = measured.decided.any(axis=0)
    # Where the document is about something else, a near miss is no evidence.
    present = decided | ((presence >= rule["present"]) & measured.on_subject)
    nearly = ~decided & present & _near(p, rule)
    counts = measured.decided | nearly
    counted = np.where(counts, p, 0.0)
    share = counted.T @ measured.words / max(float(measured.words.sum()), rule["least_words"])
    depth = share / (share + rule["depth_half"])
    commitment = _commitment(counted, measured.firm)
    how = rule["presence"] + rule["depth"] * depth + rule["commitment"] * commitment
    return Scored(presence, share, depth, commitment, presence * how, offsets, present, counts)


def some(p: Floats, rule: Rule) -> Floats:
    """The probability that some passage addresses each concept, from the strongest: (c,)."""
    best = np.sort(p, axis=0)[::-1][: int(rule["strongest"])]
    return np.asarray(1 - np.prod(1 - best, axis=0))


def _near(p: Floats, rule: Rule) -> NDArray[np.bool_]:
    """The strongest passages that come near a decision; the very strongest in any case."""
    rank = np.argsort(np.argsort(-p, axis=0, kind="stable"), axis=0)
    return np.asarray((rank == 0) | ((rank < rule["strongest"]) & (p >= rule["nearly"])))


def _commitment(counted: Floats, firm: Floats) -> Floats:
    """The mean of the strongest commitment and the typical one, each weighted by probability."""
    if not len(counted):
        return np.zeros(counted.shape[1])
    weighted = counted * firm[:, None]
    weight = counted.sum(axis=0)
    typical = np.divide(weighted.sum(axis=0), weight, out=np.zeros_like(weight), where=weight > 0)
    return np.asarray((typical + weighted.max(axis=0)) / 2)
