"""The heads: lexical weights per concept, how they are blended with the tuned encoder, and when
a concept is decided.

Saved as safetensors (numbers) and JSON (terms, labels, card) beside the tuned layers; never
pickle.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from miner.errors import ModelUnavailable
from miner.tagging import tuned
from miner.tagging.bag import Bag
from miner.tagging.features import Vocabulary, terms
from miner.tagging.shape import Shape
from miner.tagging.thresholds import publish
from miner.taxonomy import Stance

_FILES = ("heads.safetensors", "heads.json", tuned.FILE)


@dataclass(frozen=True, slots=True)
class Heads:
    """Everything that the training chose, but for the tuned layers.

    concept_weights: (28, terms). concept_bias: (28,). The lexical logits.
    lexical_share: share of the lexical logit in the blend with the tuned encoder's.
    calibration: (28, 2): probability = sigmoid(a * blend + b) (Platt 1999).
    thresholds: (28,): a concept is decided at and above its own.
    shape, shape_share: what the shape of the text adds to the tuned encoder's logit of noise,
    and how much of it.
    stance_bias: (4,), added to the logits of the stances, which are then divided by
    stance_temperature (Guo et al. 2017).
    """

    concepts: tuple[str, ...]
    stances: tuple[str, ...]
    vocabulary: Vocabulary
    concept_weights: NDArray[np.float32]
    concept_bias: NDArray[np.float32]
    lexical_share: float
    calibration: NDArray[np.float32]
    thresholds: NDArray[np.float32]
    shape: Shape
    shape_share: float
    stance_bias: NDArray[np.float32]
    stance_temperature: float
    card: dict[str, Any]

    def save(self, folder: Path) -> None:
        """Write `heads.safetensors`, `heads.json` and `thresholds.json` into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        tensors: dict[str, NDArray[Any]] = {
            # Half precision halves the package; it moves no probability by more than 0.001.
            "concept_weights": self.concept_weights.astype(np.float16),
            "concept_bias": self.concept_bias,
            "calibration": self.calibration,
            "thresholds": self.thresholds,
            "stance_bias": self.stance_bias,
            "idf": self.vocabulary.idf,
            "shape_weights": self.shape.weights,
        }
        save_tensors(tensors, folder / "heads.safetensors")
        described = {
            "concepts": self.concepts,
            "stances": self.stances,
            "lexical_share": self.lexical_share,
            "stance_temperature": self.stance_temperature,
            "shape_share": self.shape_share,
            "shape_bias": self.shape.bias,
            "card": self.card,
            "terms": self.vocabulary.terms,
        }
        text = json.dumps(described, ensure_ascii=False, indent=0, sort_keys=True)
        (folder / "heads.json").write_text(text + "\n", "utf-8")
        publish(self, folder)

    @classmethod
    def load(cls, folder: Path) -> Heads:
        """Read what `save` wrote. Raises ModelUnavailable where it is missing or broken."""
        try:
            tensors = load_file(folder / "heads.safetensors")
            described = json.loads((folder / "heads.json").read_text("utf-8"))
            return cls(
                concepts=tuple(described["concepts"]),
                stances=tuple(described["stances"]),
                vocabulary=Vocabulary(tuple(described["terms"]), tensors["idf"]),
                concept_weights=tensors["concept_weights"].astype(np.float32),
                concept_bias=tensors["concept_bias"],
                lexical_share=float(described["lexical_share"]),
                calibration=tensors["calibration"],
                thresholds=tensors["thresholds"],
                shape=Shape(tensors["shape_weights"], float(described["shape_bias"])),
                shape_share=float(described["shape_share"]),
                stance_bias=tensors["stance_bias"],
                stance_temperature=float(described["stance_temperature"]),
                card=described["card"],
            )
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise ModelUnavailable(
                str(folder),
                f"the tagging model cannot be read ({error})",
                "Reinstall the package, or build it with `miner train`.",
            ) from error

    @staticmethod
    def id_of(folder: Path) -> str:
        """Id of the saved model: first 12 hex digits of the SHA-256 of its files.

        Raises ModelUnavailable where one is missing.
        """
        digest = hashlib.sha256()
        try:
            for name in _FILES:
                digest.update((folder / name).read_bytes())
        except OSError as error:
            raise ModelUnavailable(
                str(folder),
                f"the tagging model is not whole ({error})",
                "Reinstall the package, or build it with `miner train --tune`.",
            ) from error
        return f"tagger-{digest.hexdigest()[:12]}"


def save_tensors(tensors: Mapping[str, NDArray[Any]], path: Path) -> None:
    """Write tensors as safetensors that everybody may read."""
    # safetensors writes the buffer as it lies in memory, whatever the strides, and makes files
    # that their owner alone may read.
    save_file({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}, path)
    path.chmod(0o644)


@dataclass(frozen=True, slots=True)
class Scores:
    """What the model says of n texts: probabilities (n, 28) and stances (n, 4; rows sum to 1)."""

    probabilities: NDArray[np.float32]
    stances: NDArray[np.float32]


class Scorer:
    """Heads made ready to score: their bags of words built once."""

    def __init__(self, heads: Heads) -> None:
        self.heads = heads
        held = heads.vocabulary
        self._words = Bag(terms, held.terms, held.idf, heads.concept_weights)
        self.columns = self._words.columns

    def score(self, texts: Sequence[str], tuned_logits: NDArray[np.float32]) -> Scores:
        """Score texts with the tuned encoder's logits, shape (n, 28 + 4)."""
        heads = self.heads
        blend = self.blend(texts, tuned_logits)
        probabilities = sigmoid(blend * heads.calibration[:, 0] + heads.calibration[:, 1])
        stances = self.stances(texts, tuned_logits) + heads.stance_bias
        return Scores(
            probabilities.astype(np.float32),
            softmax(stances / heads.stance_temperature).astype(np.float32),
        )

    def stances(self, texts: Sequence[str], tuned_logits: NDArray[np.float32]) -> NDArray[Any]:
        """Logits of the stances before bias and temperature, (n, 4)."""
        heads = self.heads
        logits = tuned_logits[:, len(heads.concepts) :].astype(np.float64)
        if heads.shape_share:
            noise = heads.stances.index(Stance.NOISE)
            logits[:, noise] += heads.shape_share * heads.shape.logits(texts)
        return logits

    def blend(self, texts: Sequence[str], tuned_logits: NDArray[np.float32]) -> NDArray[Any]:
        """Logits of the concepts before calibration, (n, 28)."""
        heads = self.heads
        words = self._words.logits(texts) + heads.concept_bias
        read = tuned_logits[:, : len(heads.concepts)]
        return np.asarray(heads.lexical_share * words + (1 - heads.lexical_share) * read)


def sigmoid(values: NDArray[Any]) -> NDArray[Any]:
    """1 / (1 + exp(-x)), element by element."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -30, 30))))


def softmax(values: NDArray[Any]) -> NDArray[Any]:
    """Rows of exponentials that sum to 1."""
    shifted = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
