"""Ways to tag by another framework: the product's, and the plain ones it is held against.

All of them see the same vectors. Where a plain way has no threshold of its own, it is given the
one that suits it best in hindsight: no user could choose it so well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from evaluation.own_rows import OwnRow
from miner.embedding import Encoder
from miner.tagging.own import OwnModel, build
from miner.tagging.own.words import Lexicon
from miner.tagging.train import Example
from miner.taxonomy import Concept, Framework

Floats = NDArray[np.float64]


class Remembered:
    """An encoder that encodes a text once; kept in a file between runs where one is named."""

    def __init__(self, encoder: Encoder, path: Path | None) -> None:
        self.id, self.dimension = encoder.id, encoder.dimension
        self._encoder, self._path = encoder, path
        self._known: dict[str, NDArray[np.float32]] = {}
        if path is not None and path.is_file():
            with np.load(path) as held:
                if str(held["model"]) == self.id:
                    texts = [str(text) for text in held["texts"]]
                    self._known = dict(zip(texts, held["vectors"], strict=True))

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Encoder.encode`."""
        missing = sorted({text for text in texts if text not in self._known}, key=len)
        for start in range(0, len(missing), 64):
            part = missing[start : start + 64]
            self._known.update(zip(part, self._encoder.encode(part), strict=True))
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([self._known[text] for text in texts])

    def keep(self) -> None:
        """Write what is known into the file."""
        if self._path is not None:
            texts = list(self._known)
            self._path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(
                self._path, model=self.id, texts=texts, vectors=np.stack(list(self._known.values()))
            )


@dataclass(frozen=True, slots=True)
class Split:
    """Rows to learn from and rows to be tagged. wanted: (n, K), 1 for, 0 against, -1 neither."""

    train: NDArray[np.intp]
    test: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Task:
    """A labelled set with its vectors, (n, d), and labels, (n, K): 1, 0, or -1 for neither."""

    framework: Framework
    rows: Sequence[OwnRow]
    vectors: NDArray[np.float32]
    wanted: NDArray[np.int8]
    encoder: Encoder

    @classmethod
    def of(cls, framework: Framework, rows: Sequence[OwnRow], encoder: Encoder) -> Task:
        """The task that labelled rows set."""
        wanted = [
            [
                1 if c.id in r.concepts else -1 if c.id in r.undecided else 0
                for c in framework.concepts
            ]
            for r in rows
        ]
        vectors = encoder.encode([row.text for row in rows])
        return cls(framework, rows, vectors, np.array(wanted, dtype=np.int8), encoder)

    def picked(self, split: Split, many: int, generator: np.random.Generator) -> NDArray[np.intp]:
        """Training rows with `many` examples of each concept, or as many as there are; a row
        that was picked for one concept counts for all it carries."""
        order = generator.permutation(split.train)
        chosen: list[int] = []
        for column in np.argsort((self.wanted[split.train] == 1).sum(axis=0), kind="stable"):
            have = int((self.wanted[chosen, column] == 1).sum())
            some = [row for row in order if self.wanted[row, column] == 1 and row not in chosen]
            chosen += [int(row) for row in some[: max(many - have, 0)]]
        return np.array(sorted(chosen), dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a way says of the test rows. scores: (n, K). decided: (n, K), None where the way
    has no threshold of its own."""

    scores: Floats
    decided: NDArray[np.bool_] | None


def cosine_to_definition(task: Task, split: Split) -> Answer:
    """Plain zero-shot."""
    texts = [f"{concept.label}. {concept.definition}" for concept in task.framework.concepts]
    return Answer(task.vectors[split.test] @ task.encoder.encode(texts).T.astype(float), None)


def cosine_to_centroid(task: Task, split: Split, shown: NDArray[np.intp]) -> Answer:
    """Plain few-shot: the mean of a concept's examples."""
    scores = np.zeros((len(split.test), task.wanted.shape[1]))
    for column in range(task.wanted.shape[1]):
        own = task.vectors[shown[task.wanted[shown, column] == 1]]
        if len(own):
            middle = own.mean(axis=0)
            scores[:, column] = task.vectors[split.test] @ (middle / np.linalg.norm(middle))
    return Answer(scores, None)


def logistic(task: Task, split: Split, shown: NDArray[np.intp]) -> Answer:
    """Plain few-shot: logistic regression on the vectors, scikit-learn's own settings."""
    scores = np.zeros((len(split.test), task.wanted.shape[1]))
    for column in range(task.wanted.shape[1]):
        kept = shown[task.wanted[shown, column] >= 0]
        answers = task.wanted[kept, column]
        if len(set(answers.tolist())) == 2:
            fitted = LogisticRegression(max_iter=1000).fit(task.vectors[kept], answers)
            scores[:, column] = fitted.predict_proba(task.vectors[split.test])[:, 1]
    return Answer(scores, None)


def own(task: Task, split: Split, shown: NDArray[np.intp] | None = None) -> Answer:
    """The product's: the training rows are its background, without their labels."""
    texts = [task.rows[row].text for row in split.train]
    examples = [
        Example(r.text, r.concepts, r.undecided, None, r.group)
        for r in (task.rows[row] for row in (() if shown is None else shown))
    ]
    model = build(task.framework, task.encoder, texts, examples, vectors=task.vectors[split.train])
    return answered(task, split, model)


def answered(task: Task, split: Split, model: OwnModel) -> Answer:
    """The test rows by a model."""
    texts, vectors = [task.rows[row].text for row in split.test], task.vectors[split.test]
    found = model.signals(texts, vectors, Lexicon(model.framework.concepts))
    scores = model.score(texts, vectors, found)
    return Answer(scores, scores >= model.thresholds)


def without(framework: Framework, part: str) -> Framework:
    """The framework as a user with less to say would bring it."""

    def poorer(concept: Concept) -> Concept:
        if part == "examples":
            return replace(concept, examples=())
        if part == "negative labels":
            return replace(concept, negative=())
        if part == "hidden labels":
            return replace(concept, hidden=())
        if part == "every second label":
            return replace(concept, labels=concept.labels[::2], hidden=concept.hidden[::2])
        if part == "all labels":
            return replace(concept, labels=(), hidden=(), negative=())
        assert part == "labels and examples", part
        return replace(concept, labels=(), hidden=(), negative=(), examples=())

    return replace(framework, concepts=tuple(map(poorer, framework.concepts)))


PARTS = (
    "examples",
    "negative labels",
    "hidden labels",
    "every second label",
    "all labels",
    "labels and examples",
)
