"""Adapting: a tagging model moved by what analysts decided, without the rows it was trained on.

Only the lexical weights of concepts that were judged move, and no further than the decisions
ask for: an L2 prior holds them where they were. The tuned encoder, the biases, the calibration
and the thresholds stay, for decisions are made on what the model got wrong and say little about
how common a concept is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from miner.tagging.heads import Heads, Scorer, sigmoid
from miner.tagging.train import Example, labels
from miner.tagging.tuned import Logits

# How firmly weights are held; chosen with `python -m evaluation feedback`.
FIRMNESS = 0.3


def adapt(
    heads: Heads, examples: Sequence[Example], tuned: Logits, firmness: float = FIRMNESS
) -> Heads:
    """The heads after the decided rows in `examples`; `undecided` concepts say nothing."""
    texts = [example.text for example in examples]
    rows = heads.vocabulary.vectorizer().transform(texts)
    odds = Scorer(heads).blend(texts, tuned.logits(texts)) * heads.calibration[:, 0]
    odds = odds + heads.calibration[:, 1]
    weight = np.array([example.weight for example in examples])
    moved = heads.concept_weights.copy()
    for column, concept in enumerate(heads.concepts):
        wanted = labels(examples, concept)
        kept = np.flatnonzero(wanted >= 0)
        reach = float(heads.calibration[column, 0]) * heads.lexical_share
        if len(kept) and reach > 0:
            moved[column] += _step(
                rows[kept] * reach, odds[kept, column], wanted[kept], weight[kept], firmness
            )
    said = {"rows": len(examples), "decisions": _decisions(heads, examples)}
    return replace(heads, concept_weights=moved, card={**heads.card, "adapted": said})


def _step(
    rows: Any,
    odds: NDArray[Any],
    wanted: NDArray[Any],
    weight: NDArray[Any],
    firmness: float,
) -> NDArray[np.float32]:
    """What to add to one concept's weights, (terms,)."""
    from scipy.optimize import minimize

    # Only terms that the rows hold can move.
    held = np.unique(rows.indices)
    own = rows[:, held]
    across = own.T.tocsr()

    def loss(point: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        now = odds + own @ point
        miss = weight * (sigmoid(now) - wanted)
        value = (weight * (np.logaddexp(0, now) - wanted * now)).sum()
        value += 0.5 * firmness * float(point @ point)
        return float(value), np.asarray(across @ miss + firmness * point)

    found = minimize(loss, np.zeros(len(held)), jac=True, method="L-BFGS-B")
    step = np.zeros(rows.shape[1], dtype=np.float32)
    step[held] = found.x
    return step


def _decisions(heads: Heads, examples: Sequence[Example]) -> int:
    return int(sum((labels(examples, concept) >= 0).sum() for concept in heads.concepts))
