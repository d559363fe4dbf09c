"""Training: from labelled passages to calibrated heads. Deterministic on one machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from miner.embedding import Encoder
from miner.tagging.features import Vocabulary, embedded, manner_terms, shape, topic_terms
from miner.tagging.heads import Heads, Scorer
from miner.taxonomy import Stance, codebook

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
    """The numbers of a training run, chosen on the dev labels (`python -m evaluation ablation`)."""

    topic_terms: int = 30_000
    manner_terms: int = 30_000
    embedding_weight: float = 2.0
    concept_penalty: float = 8.0
    stance_penalty: float = 4.0


def build(
    examples: Sequence[Example], dev: Sequence[Example], encoder: Encoder, dev_name: str
) -> Heads:
    """Train on `examples`, calibrate on `dev`, and write down what was done."""
    heads = fit(examples, encoder.encode([e.text for e in examples]), encoder.id)
    heads = calibrate(heads, dev, encoder.encode([e.text for e in dev]))
    card = {
        "examples": len(examples),
        "written": sum(e.group == "written" for e in examples),
        "documents": len({e.group for e in examples if e.group != "written"}),
        "thresholds_from": dev_name,
        "positives": {c: sum(c in e.concepts for e in examples) for c in heads.concepts},
    }
    return replace(heads, card=card)


def labels(examples: Sequence[Example], concept: str) -> NDArray[np.int8]:
    """1 for, 0 against, -1 not to be counted; shape (n,)."""
    return np.array(
        [1 if concept in e.concepts else -1 if concept in e.undecided else 0 for e in examples],
        dtype=np.int8,
    )


def fit(
    examples: Sequence[Example],
    vectors: NDArray[np.float32],
    encoder: str,
    recipe: Recipe | None = None,
) -> Heads:
    """Heads fitted on examples with their embeddings (n, d), not yet calibrated."""
    recipe = recipe or Recipe()
    texts = [example.text for example in examples]
    topic = Vocabulary.fit(texts, topic_terms, 2, recipe.topic_terms)
    manner = Vocabulary.fit(texts, manner_terms, 3, recipe.manner_terms)
    dense = embedded(vectors, recipe.embedding_weight)
    about = topic.vectorizer().transform(texts)
    rows = hstack([about, dense]).tocsr()
    weight = np.array([example.weight for example in examples])
    concepts = tuple(codebook())
    concept_weights = np.zeros((len(concepts), rows.shape[1]), dtype=np.float32)
    concept_bias = np.full(len(concepts), -8.0, dtype=np.float32)
    for number, concept in enumerate(concepts):
        wanted = labels(examples, concept)
        kept = np.flatnonzero(wanted >= 0)
        if wanted[kept].max(initial=0) == 0:
            continue
        head = LogisticRegression(
            C=recipe.concept_penalty, class_weight="balanced", solver="liblinear", max_iter=1000
        ).fit(rows[kept], wanted[kept], sample_weight=weight[kept])
        concept_weights[number] = head.coef_[0]
        concept_bias[number] = head.intercept_[0]
    spoken = [n for n, example in enumerate(examples) if example.stance is not None]
    speaking = hstack(
        [manner.vectorizer().transform(texts), about, dense, csr_matrix(shape(texts))]
    ).tocsr()
    stance = LogisticRegression(C=recipe.stance_penalty, max_iter=2000).fit(
        speaking[spoken],
        [STANCES.index(examples[n].stance or "") for n in spoken],
        sample_weight=weight[spoken],
    )
    return Heads(
        concepts=concepts,
        stances=STANCES,
        topic=topic,
        manner=manner,
        concept_weights=concept_weights,
        concept_bias=concept_bias,
        stance_weights=stance.coef_.astype(np.float32),
        stance_bias=stance.intercept_.astype(np.float32),
        calibration=np.tile(np.array([1.0, 0.0], dtype=np.float32), (len(concepts), 1)),
        stance_temperature=1.0,
        thresholds=np.full(len(concepts), 0.5, dtype=np.float32),
        embedding_weight=recipe.embedding_weight,
        encoder=encoder,
        card={},
    )


def calibrate(heads: Heads, examples: Sequence[Example], vectors: NDArray[np.float32]) -> Heads:
    """Platt calibration and thresholds from examples that were not trained on.

    A concept's own calibration is drawn towards the one shared by all concepts, the more the
    fewer positives it has; thresholds likewise (a threshold read off five positives does not
    carry over to other documents).
    """
    texts = [example.text for example in examples]
    scores = Scorer(heads).score(texts, vectors)
    logits = np.log(scores.probabilities) - np.log1p(-scores.probabilities)
    wanted = np.stack([labels(examples, concept) for concept in heads.concepts], axis=1)
    shared = _platt(logits[wanted >= 0], wanted[wanted >= 0])
    calibration = np.zeros_like(heads.calibration)
    for column in range(len(heads.concepts)):
        kept = wanted[:, column] >= 0
        positives = int((wanted[kept, column] == 1).sum())
        own = _platt(logits[kept, column], wanted[kept, column]) if positives >= 9 else shared
        trust = positives / (positives + 20.0)
        calibration[column] = trust * own + (1 - trust) * shared
    probabilities = 1 / (1 + np.exp(-(logits * calibration[:, 0] + calibration[:, 1])))
    return replace(
        heads,
        calibration=calibration.astype(np.float32),
        thresholds=_thresholds(probabilities, wanted),
        stance_temperature=_temperature(scores.stances, examples),
    )


def _platt(logits: NDArray[Any], wanted: NDArray[Any]) -> NDArray[np.float64]:
    fitted = LogisticRegression(C=10.0).fit(logits.reshape(-1, 1), wanted)
    return np.array([fitted.coef_[0, 0], fitted.intercept_[0]])


def _thresholds(probabilities: NDArray[Any], wanted: NDArray[np.int8]) -> NDArray[np.float32]:
    """Per concept the threshold of best F1, smoothed towards the best shared one."""
    grid = np.arange(0.1, 0.75, 0.02)
    curves = []
    for column in range(wanted.shape[1]):
        kept = wanted[:, column] >= 0
        p, y = probabilities[kept, column], wanted[kept, column] == 1
        hits = p[None, :] >= grid[:, None]
        true = (hits & y).sum(axis=1)
        curves.append(np.stack([true, hits.sum(axis=1), np.full(len(grid), y.sum())], axis=1))
    counted = np.stack(curves)
    pooled = counted.sum(axis=0)
    shared = 2 * pooled[:, 0] / np.maximum(pooled[:, 1] + pooled[:, 2], 1)
    chosen = []
    for counts in counted:
        own = 2 * counts[:, 0] / np.maximum(counts[:, 1] + counts[:, 2], 1)
        trust = counts[0, 2] / (counts[0, 2] + 20.0)
        smooth = np.convolve(np.pad(own, 2, mode="edge"), np.ones(5) / 5, mode="valid")
        chosen.append(grid[int(np.argmax(trust * smooth + (1 - trust) * shared))])
    return np.array(chosen, dtype=np.float32)


def _temperature(stances: NDArray[Any], examples: Sequence[Example]) -> float:
    spoken = [n for n, example in enumerate(examples) if example.stance is not None]
    wanted = [STANCES.index(examples[n].stance or "") for n in spoken]
    logits = np.log(np.maximum(stances[spoken], 1e-9))
    best, score = 1.0, np.inf
    for temperature in np.arange(0.3, 3.01, 0.1):
        scaled = logits / temperature
        scaled -= np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        loss = -float(scaled[np.arange(len(spoken)), wanted].mean())
        if loss < score:
            best, score = float(temperature), loss
    return round(best, 2)
