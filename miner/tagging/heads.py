"""Linear heads: one weight vector per label over terms, embedding and shape, calibrated.

Saved as safetensors (weights, idf) and JSON (terms, labels, thresholds, card); never pickle.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from scipy.sparse import csr_matrix, hstack

from miner.errors import ModelUnavailable
from miner.tagging.features import Vocabulary, embedded, manner_terms, shape, topic_terms


@dataclass(frozen=True, slots=True)
class Heads:
    """Weights of all labels.

    topic, manner: vocabularies of the concept heads and of the stance head.
    concept_weights: (28, topic terms + embedding), concept_bias: (28,).
    stance_weights: (4, manner terms + topic terms + embedding + shape), stance_bias: (4,).
    calibration: (28, 2): probability = sigmoid(a * logit + b) (Platt 1999).
    thresholds: (28,): a concept is decided at and above its own.
    """

    concepts: tuple[str, ...]
    stances: tuple[str, ...]
    topic: Vocabulary
    manner: Vocabulary
    concept_weights: NDArray[np.float32]
    concept_bias: NDArray[np.float32]
    stance_weights: NDArray[np.float32]
    stance_bias: NDArray[np.float32]
    calibration: NDArray[np.float32]
    stance_temperature: float
    thresholds: NDArray[np.float32]
    embedding_weight: float
    encoder: str
    card: dict[str, Any]

    def save(self, folder: Path) -> None:
        """Write `heads.safetensors` and `heads.json` into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        tensors: dict[str, NDArray[Any]] = {
            # Half precision halves the package; it moves no probability by more than 0.001.
            "concept_weights": self.concept_weights.astype(np.float16),
            "stance_weights": self.stance_weights.astype(np.float16),
            "concept_bias": self.concept_bias,
            "stance_bias": self.stance_bias,
            "calibration": self.calibration,
            "thresholds": self.thresholds,
            "topic_idf": self.topic.idf,
            "manner_idf": self.manner.idf,
        }
        # safetensors writes the buffer as it lies in memory, whatever the strides.
        tensors = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
        save_file(tensors, folder / "heads.safetensors")
        described = {
            "concepts": self.concepts,
            "stances": self.stances,
            "encoder": self.encoder,
            "embedding_weight": self.embedding_weight,
            "stance_temperature": self.stance_temperature,
            "card": self.card,
            "topic": self.topic.terms,
            "manner": self.manner.terms,
        }
        text = json.dumps(described, ensure_ascii=False, indent=0, sort_keys=True)
        (folder / "heads.json").write_text(text + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Heads:
        """Read what `save` wrote. Raises ModelUnavailable where it is missing or broken."""
        try:
            tensors = load_file(folder / "heads.safetensors")
            described = json.loads((folder / "heads.json").read_text("utf-8"))
            return cls(
                concepts=tuple(described["concepts"]),
                stances=tuple(described["stances"]),
                topic=Vocabulary(tuple(described["topic"]), tensors["topic_idf"], topic_terms),
                manner=Vocabulary(tuple(described["manner"]), tensors["manner_idf"], manner_terms),
                concept_weights=tensors["concept_weights"].astype(np.float32),
                concept_bias=tensors["concept_bias"],
                stance_weights=tensors["stance_weights"].astype(np.float32),
                stance_bias=tensors["stance_bias"],
                calibration=tensors["calibration"],
                stance_temperature=float(described["stance_temperature"]),
                thresholds=tensors["thresholds"],
                embedding_weight=float(described["embedding_weight"]),
                encoder=described["encoder"],
                card=described["card"],
            )
        except (OSError, ValueError, KeyError) as error:
            raise ModelUnavailable(
                str(folder),
                f"the tagging model cannot be read ({error})",
                "Reinstall the package, or build it with `miner train`.",
            ) from error

    @staticmethod
    def id_of(folder: Path) -> str:
        """Id of the saved model: first 12 hex digits of the SHA-256 of its two files."""
        digest = hashlib.sha256()
        for name in ("heads.safetensors", "heads.json"):
            digest.update((folder / name).read_bytes())
        return f"heads-{digest.hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Scores:
    """What the heads say of n texts.

    probabilities: (n, 28), calibrated. stances: (n, 4), rows sum to 1.
    topic: (n, topic terms), the lexical part of the input, from which evidence is read.
    """

    probabilities: NDArray[np.float32]
    stances: NDArray[np.float32]
    topic: csr_matrix


class Scorer:
    """Heads made ready to score: vectorizers built once."""

    def __init__(self, heads: Heads) -> None:
        self.heads = heads
        self._topic = heads.topic.vectorizer()
        self._manner = heads.manner.vectorizer()
        self.columns = heads.topic.columns()

    def score(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> Scores:
        """Score texts with their embeddings, shape (n, d)."""
        heads = self.heads
        topic = self._topic.transform(texts)
        dense = embedded(vectors, heads.embedding_weight)
        logits = hstack([topic, dense]).tocsr() @ heads.concept_weights.T + heads.concept_bias
        probabilities = _sigmoid(logits * heads.calibration[:, 0] + heads.calibration[:, 1])
        manner = self._manner.transform(texts)
        rows = hstack([manner, topic, dense, csr_matrix(shape(texts))]).tocsr()
        stances = rows @ heads.stance_weights.T + heads.stance_bias
        return Scores(
            probabilities.astype(np.float32),
            _softmax(stances / heads.stance_temperature).astype(np.float32),
            topic,
        )


def _sigmoid(values: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -30, 30))))


def _softmax(values: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    shifted = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
