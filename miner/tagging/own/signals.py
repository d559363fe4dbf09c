"""Signals: how near each text is to each concept, and which of its labels the text holds.

Nearness has four parts, all cosines: to the definition, to the three nearest labels (mean), to
the middle of the labels, to the nearest example. Only the passage's own vector is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from miner.tagging.own.words import Lexicon
from miner.taxonomy import Concept

Floats = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats]

PARTS = ("definition", "labels", "middle", "examples")
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Anchors:
    """The vectors that texts are compared with, rows of unit length.

    definitions: (K, d). labels, examples: (sum over concepts, d), with the column of each row.
    """

    definitions: Floats
    labels: Floats
    label_columns: NDArray[np.int32]
    examples: Floats
    example_columns: NDArray[np.int32]

    @classmethod
    def of(cls, concepts: Sequence[Concept], encode: Encode) -> Anchors:
        """Encode definitions (with what they include), labels and examples."""
        labels = [(n, label) for n, c in enumerate(concepts) for label in (c.label, *c.labels)]
        examples = [(n, text) for n, c in enumerate(concepts) for text in c.examples]
        defined = [_definition(concept) for concept in concepts]
        texts = [*defined, *(text for _, text in labels), *(text for _, text in examples)]
        vectors = encode(texts)
        cut = (len(defined), len(defined) + len(labels))
        return cls(
            vectors[: cut[0]],
            vectors[cut[0] : cut[1]],
            np.array([column for column, _ in labels], dtype=np.int32),
            vectors[cut[1] :],
            np.array([column for column, _ in examples], dtype=np.int32),
        )

    def nearness(self, vectors: Floats) -> Floats:
        """Cosines of n texts: (n, K, 4), in the order of `PARTS`; NaN for what a concept has none
        of (examples) or too few (three labels)."""
        size = len(self.definitions)
        near = np.full((len(vectors), size, len(PARTS)), np.nan, dtype=np.float32)
        near[:, :, 0] = vectors @ self.definitions.T
        for column in range(size):
            own = self.labels[self.label_columns == column]
            if len(own) >= _NEAREST:  # a name alone says less than the definition
                cosines = np.sort(vectors @ own.T, axis=1)
                near[:, column, 1] = cosines[:, -_NEAREST:].mean(axis=1)
                middle = own.mean(axis=0)
                near[:, column, 2] = vectors @ (middle / max(float(np.linalg.norm(middle)), 1e-9))
            shown = self.examples[self.example_columns == column]
            if len(shown):
                near[:, column, 3] = (vectors @ shown.T).max(axis=1)
        return near


def _definition(concept: Concept) -> str:
    more = "; ".join(concept.include)
    return f"{concept.label}. {concept.definition} {more}".strip()


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of n texts and K concepts before anything is weighed.

    near: (n, K, 4), see `Anchors.nearness`. alt, hidden: (n, K), how many different labels of
    the kind the text holds. vetoed: (n, K), a look-alike stands there and no label does.
    """

    near: Floats
    alt: Floats
    hidden: Floats
    vetoed: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.alt)


def signals(texts: Sequence[str], vectors: Floats, anchors: Anchors, lexicon: Lexicon) -> Signals:
    """The signals of texts with their vectors, shape (n, d)."""
    shape = (len(texts), len(anchors.definitions))
    counts = {kind: np.zeros(shape, dtype=np.float32) for kind in ("alt", "hidden", "negative")}
    for row, text in enumerate(texts):
        for column, kind, _ in {(f.column, f.kind, f.label) for f in lexicon.find(text)}:
            counts[kind][row, column] += 1
    alone = (counts["negative"] > 0) & (counts["alt"] + counts["hidden"] == 0)
    return Signals(anchors.nearness(vectors), counts["alt"], counts["hidden"], alone)
