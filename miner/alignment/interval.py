"""Intervals: how far a score could move with other passages and with the model's known errors.

Each draw gives the passages other weights (Bayesian bootstrap: a passage counts for more or for
less, and never for nothing, since the document was read whole), asks of each concept whether
the document addresses it at all (with its presence as the chance), keeps each passage that
counts with its own probability times how precise the model may be, and scales the share of the
words by how much the model may miss. Precision and recall are drawn from what the labelled
passages leave open (`Rates.beliefs`).
Source: Rubin, The Bayesian Bootstrap, Annals of Statistics 9 (1981).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from miner.alignment.measure import Measured
from miner.alignment.rates import Rates
from miner.alignment.rule import Rule
from miner.alignment.score import Scored

Floats = NDArray[np.float64]
Interval = tuple[float, float]
DRAWS = 200
_SEED = 20260101


def draws(
    measured: Measured,
    scored: Scored,
    rates: Rates,
    concepts: list[str],
    rule: Rule,
) -> Floats:
    """Scores under `DRAWS` draws, one column per concept: (DRAWS, c)."""
    size = len(measured.words)
    if size == 0:
        return np.zeros((DRAWS, len(concepts)))
    generator = np.random.default_rng(_SEED)
    times = generator.standard_exponential((DRAWS, size))
    times /= times.mean(axis=1, keepdims=True)
    words = np.maximum(times @ measured.words, rule["least_words"])
    columns = [
        _column(measured, scored, column, times, words, rates, concept, rule, generator)
        for column, concept in enumerate(concepts)
    ]
    return np.stack(columns, axis=1)


def _column(
    measured: Measured,
    scored: Scored,
    column: int,
    times: Floats,
    words: Floats,
    rates: Rates,
    concept: str,
    rule: Rule,
    generator: np.random.Generator,
) -> Floats:
    p = measured.probabilities[:, column]
    counts = scored.counts[:, column]
    # What a document addresses, it addresses in one passage at least: the strongest.
    rows = np.flatnonzero(counts | (np.arange(len(p)) == p.argmax()))
    p, counts, times = p[rows], counts[rows], times[:, rows]
    addressed = generator.random(len(times)) < scored.presence[column]
    precise, finds = _beliefs(rates, concept, len(times), generator)
    kept = counts & (generator.random(times.shape) < p * precise[:, None])
    kept[~kept.any(axis=1), p.argmax()] = True
    weight = times * kept
    share = weight @ measured.words[rows] / words * finds
    depth = share / (share + rule["depth_half"])
    firm = measured.firm[rows]
    total = weight.sum(axis=1)
    typical = np.divide(weight @ firm, total, out=np.zeros_like(total), where=total > 0)
    commitment = (typical + (kept * firm).max(axis=1)) / 2
    how = rule["presence"] + rule["depth"] * depth + rule["commitment"] * commitment
    return np.asarray(addressed * how)


def _beliefs(
    rates: Rates, concept: str, size: int, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    """Per draw: precision over what the probabilities promise, and how much more there may be."""
    precision, recall = rates.beliefs(concept)
    promised = rates.of(concept).promised or precision[0] / sum(precision)
    precise = generator.beta(*precision, size) / promised
    finds = recall[0] / sum(recall) / np.maximum(generator.beta(*recall, size), 0.05)
    return precise, finds


def of_concept(drawn: Floats, score: float, lower: float = 0.0, unread: float = 0.0) -> Interval:
    """95 % interval of one concept's score: the percentiles of the draws, with the score.

    Args:
        drawn: scores under the draws. score: the score itself.
        lower: how much lower the score would be if what was not read were about other things.
        unread: share of the document that was not read; if all of it were about the concept,
            the score could be that much nearer to 1.
    """
    low, high = np.percentile(drawn, [2.5, 97.5])
    return _widened(min(float(low), score), max(float(high), score), lower, unread)


def of_mean(drawn: Floats, score: float, lower: float = 0.0, unread: float = 0.0) -> Interval:
    """95 % interval of a mean of concepts: the spread of the draws, laid around the score.

    The score of a concept that was not found is low by rule, whatever a draw may give it; taken
    as they are, the percentiles of a mean would lie above it. Arguments as for `of_concept`.
    """
    low, high = np.percentile(drawn, [2.5, 97.5]) - drawn.mean()
    return _widened(score + min(float(low), 0.0), score + max(float(high), 0.0), lower, unread)


def _widened(low: float, high: float, lower: float, unread: float) -> Interval:
    least, most = max(low - lower, 0.0), min(high, 1.0)
    return round(least, 4), round(most + unread * (1 - most), 4)


def lowered(scored: Scored, unread: float, rule: Rule) -> Floats:
    """How much lower each score would be if what was not read spoke of other things: (c,)."""
    share = scored.share * (1 - unread)
    depth = share / (share + rule["depth_half"])
    return np.asarray(scored.presence * rule["depth"] * (scored.depth - depth))
