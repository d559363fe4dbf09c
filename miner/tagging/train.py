"""Training: from labelled passages to calibrated heads. Deterministic on one machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from miner.tagging.features import Vocabulary
from miner.tagging.heads import Heads, Scorer, sigmoid
from miner.tagging.shape import Shape
from miner.tagging.tuned import Logits
from miner.taxonomy import Stance, codebook

_NEAR_CERTAIN = 0.9
# Settles what the log loss leaves open: the biases as a whole.
_TINY = 1e-4
STANCES = tuple(stance.value for stance in Stance)


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled passage.

    undecided: concepts on which the readers differed; they are neither for nor against.
    stance: None where the readers differed. weight: how much the example counts.
    group: the document it comes from, for splits that never cut a document.
    """

    text: str
    concepts: frozenset[str]
    undecided: frozenset[str]
    stance: str | None
    group: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """The numbers of a training run, chosen on the dev labels."""

    terms: int = 30_000
    penalty: float = 8.0
    lexical_share: float = 0.5
    shape_share: float = 0.75


def build(
    examples: Sequence[Example], dev: Sequence[Example], tuned: Logits, dev_name: str
) -> Heads:
    """Train on `examples`, calibrate on `dev`, and write down what was done."""
    heads = calibrate(fit(examples), dev, tuned.logits([e.text for e in dev]))
    card = {
        "examples": len(examples),
        "written": sum(e.group == "written" for e in examples),
        "documents": len({e.group for e in examples if e.group != "written"}),
        "thresholds_from": dev_name,
        "positives": {c: sum(c in e.concepts for e in examples) for c in heads.concepts},
        "positives_dev": {c: sum(c in e.concepts for e in dev) for c in heads.concepts},
    }
    return replace(heads, card=card)


def labels(examples: Sequence[Example], concept: str) -> NDArray[np.int8]:
    """1 for, 0 against, -1 not to be counted; shape (n,)."""
    return np.array(
        [1 if concept in e.concepts else -1 if concept in e.undecided else 0 for e in examples],
        dtype=np.int8,
    )


def labels_of(examples: Sequence[Example], concepts: Iterable[str]) -> NDArray[np.int8]:
    """`labels` of several concepts, shape (n, concepts)."""
    return np.stack([labels(examples, concept) for concept in concepts], axis=1)


def fit(examples: Sequence[Example], recipe: Recipe | None = None) -> Heads:
    """Lexical heads fitted on examples, not yet calibrated."""
    from sklearn.linear_model import LogisticRegression

    recipe = recipe or Recipe()
    texts = [example.text for example in examples]
    vocabulary = Vocabulary.fit(texts, 2, recipe.terms)
    rows = vocabulary.vectorizer().transform(texts)
    weight = np.array([example.weight for example in examples])
    concepts = tuple(codebook())
    weights = np.zeros((len(concepts), rows.shape[1]), dtype=np.float32)
    bias = np.full(len(concepts), -8.0, dtype=np.float32)
    for number, concept in enumerate(concepts):
        wanted = labels(examples, concept)
        kept = np.flatnonzero(wanted >= 0)
        if wanted[kept].max(initial=0) == 0:
            continue
        head = LogisticRegression(
            C=recipe.penalty, class_weight="balanced", solver="liblinear", max_iter=1000
        ).fit(rows[kept], wanted[kept], sample_weight=weight[kept])
        weights[number] = head.coef_[0]
        bias[number] = head.intercept_[0]
    return Heads(
        concepts=concepts,
        stances=STANCES,
        vocabulary=vocabulary,
        concept_weights=weights,
        concept_bias=bias,
        lexical_share=recipe.lexical_share,
        calibration=np.tile(np.array([1.0, 0.0], dtype=np.float32), (len(concepts), 1)),
        thresholds=np.full(len(concepts), 0.5, dtype=np.float32),
        shape=_shape(examples),
        shape_share=recipe.shape_share,
        stance_bias=np.zeros(len(STANCES), dtype=np.float32),
        stance_temperature=1.0,
        card={},
    )


def calibrate(
    heads: Heads, examples: Sequence[Example], tuned_logits: NDArray[np.float32]
) -> Heads:
    """Calibration and thresholds from examples that were not trained on.

    A concept's own calibration is drawn towards the one shared by all concepts, the more the
    fewer positives it has; thresholds likewise (a threshold read off five positives does not
    carry over to other documents).
    """
    texts = [example.text for example in examples]
    scorer = Scorer(heads)
    logits = scorer.blend(texts, tuned_logits)
    wanted = labels_of(examples, heads.concepts)
    shared = _platt(logits[wanted >= 0], wanted[wanted >= 0])
    calibration = np.zeros_like(heads.calibration)
    for column in range(len(heads.concepts)):
        kept = wanted[:, column] >= 0
        positives = int((wanted[kept, column] == 1).sum())
        own = _platt(logits[kept, column], wanted[kept, column]) if positives >= 9 else shared
        trust = _trust(positives)
        calibration[column] = trust * own + (1 - trust) * shared
    probabilities = sigmoid(logits * calibration[:, 0] + calibration[:, 1])
    bias, temperature = _stance(scorer.stances(texts, tuned_logits), examples)
    return replace(
        heads,
        calibration=calibration.astype(np.float32),
        thresholds=thresholds(probabilities, wanted),
        stance_bias=bias,
        stance_temperature=temperature,
    )


def _shape(examples: Sequence[Example]) -> Shape:
    known = [(e.text, e.stance == Stance.NOISE, e.weight) for e in examples if e.stance]
    texts, noise, weight = zip(*known, strict=True)
    return Shape.fit(texts, noise, weight)


def _platt(logits: NDArray[Any], wanted: NDArray[Any]) -> NDArray[np.float64]:
    if len(set(wanted.tolist())) < 2:
        return np.array([1.0, 0.0])
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=10.0).fit(logits.reshape(-1, 1), wanted)
    return np.array([fitted.coef_[0, 0], fitted.intercept_[0]])


def thresholds(probabilities: NDArray[Any], wanted: NDArray[np.int8]) -> NDArray[np.float32]:
    """Per concept the threshold of best expected F1, drawn towards the best shared one.

    What is expected is read off the calibrated probabilities themselves (Lipton et al. 2014): a
    hit is right with its probability. Counted on the labels, the best threshold of a dozen
    positives is that of one or two of them.

    Args:
        probabilities: (n, concepts). wanted: the same shape, as `labels_of` gives it.
    """
    grid = np.arange(0.1, 0.75, 0.02)
    positives = (wanted == 1).sum(axis=0)
    curves = []
    for column in range(wanted.shape[1]):
        p = probabilities[wanted[:, column] >= 0, column]
        hits = p[None, :] >= grid[:, None]
        right = (hits * p).sum(axis=1)
        curves.append(np.stack([right, hits.sum(axis=1), np.full(len(grid), p.sum())], axis=1))
    shared = _f1(np.sum(curves, axis=0))
    chosen = []
    for counts, known in zip(curves, positives, strict=True):
        trust = _trust(known)
        smooth = np.convolve(np.pad(_f1(counts), 2, mode="edge"), np.ones(5) / 5, mode="valid")
        best = grid[int(np.argmax(trust * smooth + (1 - trust) * shared))]
        # Nothing tells how often a concept is meant that the labels do not show: near certain only.
        chosen.append(best if known else _NEAR_CERTAIN)
    return np.array(chosen, dtype=np.float32)


def _trust(positives: int) -> float:
    """How much a concept's own figures count beside the shared ones."""
    return positives / (positives + 20.0)


def _f1(counts: NDArray[Any]) -> NDArray[Any]:
    """F1 of each row: those right, those said, those there."""
    return np.asarray(2 * counts[:, 0] / np.maximum(counts[:, 1] + counts[:, 2], 1e-9))


def _stance(logits: NDArray[Any], examples: Sequence[Example]) -> tuple[NDArray[np.float32], float]:
    """Bias per stance and the temperature, together those of least log loss (Guo et al. 2017).

    Readers of real strategies say `commitment` more often than the training set does. The log
    loss is smooth, where the accuracy moves in steps of a few passages.
    """
    from scipy.optimize import minimize
    from scipy.special import log_softmax

    spoken = [n for n, example in enumerate(examples) if example.stance is not None]
    wanted = np.array([STANCES.index(examples[n].stance or "") for n in spoken])
    found = logits[spoken].astype(np.float64)

    def loss(sought: NDArray[Any]) -> float:
        logs = log_softmax((found + sought[:-1]) / np.exp(sought[-1]), axis=1)
        return float(_TINY * (sought**2).sum() - logs[np.arange(len(wanted)), wanted].mean())

    best = minimize(loss, np.zeros(len(STANCES) + 1)).x
    return np.round(best[:-1], 3).astype(np.float32), round(float(np.exp(best[-1])), 3)
