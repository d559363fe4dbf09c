"""Label dependencies: what the logits of all concepts say of each one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.crossfit import dealt
from miner.tagging.heads import Heads, Scorer, sigmoid
from miner.tagging.tag import TaggedPassage
from miner.tagging.train import Example, calibrate, labels_of, thresholds
from miner.taxonomy import Stance

# Ridge of the label dependencies, on features of unit variance; fewer positives teach nothing.
_PENALTY = 0.1
_FEWEST = 3


def dependent(
    heads: Heads,
    examples: Sequence[Example],
    own: NDArray[np.float32],
    whole: Sequence[TaggedPassage],
    folds: int,
) -> list[TaggedPassage]:
    """The passages of `whole` with each concept's logit half its own, half told by all 28.

    Thresholds come from logits that are cross-fitted once more within the other folds: what a
    regression says of the passages it was fitted on is too sure to set them by.
    """
    blend = Scorer(heads).blend([example.text for example in examples], own)
    wanted = labels_of(examples, heads.concepts)
    found: dict[int, TaggedPassage] = {}
    for here, there in dealt(examples, folds):
        others = [examples[n] for n in there]
        fit = calibrate(heads, others, own[there])
        calibrated = blend * fit.calibration[:, 0] + fit.calibration[:, 1]
        within = np.zeros((len(there), len(heads.concepts)))
        for part, rest in dealt(others, folds):
            asked, known = [there[n] for n in part], [there[n] for n in rest]
            within[part] = joined(blend[known], wanted[known], blend[asked], calibrated[asked])
        limits = thresholds(sigmoid(within), wanted[there])
        told = sigmoid(joined(blend[there], wanted[there], blend[here], calibrated[here]))
        for at, probabilities in zip(here, told, strict=True):
            found[at] = _retold(whole[at], probabilities, limits)
    return [found[n] for n in range(len(examples))]


def joined(
    known: NDArray[Any], wanted: NDArray[np.int8], asked: NDArray[Any], own: NDArray[Any]
) -> NDArray[Any]:
    """Half `own`, half a ridge logistic regression of each concept on all logits.

    known: (n, c) with labels `wanted` (1, 0, -1 undecided); asked and own: (m, c), and so what
    comes back. A concept with hardly any positives keeps its own.
    """
    from sklearn.linear_model import LogisticRegression

    mean, spread = known.mean(axis=0), known.std(axis=0) + 1e-9
    found = own.astype(np.float64)
    for column, labelled_as in enumerate(wanted.T):
        kept = labelled_as >= 0
        if (labelled_as == 1).sum() < _FEWEST or not (labelled_as == 0).any():
            continue
        ridge = LogisticRegression(C=_PENALTY, max_iter=1000)
        ridge.fit((known[kept] - mean) / spread, labelled_as[kept])
        said = ridge.decision_function((asked - mean) / spread)
        found[:, column] = (found[:, column] + said) / 2
    return found


def _retold(
    passage: TaggedPassage, probabilities: NDArray[Any], limits: NDArray[Any]
) -> TaggedPassage:
    silent = passage.abstained is not None or passage.stance.label is Stance.NOISE
    tags = zip(passage.tags, probabilities.tolist(), limits.tolist(), strict=True)
    return replace(
        passage,
        tags=tuple(
            replace(tag, probability=p, decided=not silent and p >= limit) for tag, p, limit in tags
        ),
    )
