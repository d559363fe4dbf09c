"""The OwnModel: a framework made ready to tag with, kept as safetensors and JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from miner.errors import InputError, ModelUnavailable
from miner.tagging.heads import save_tensors, sigmoid
from miner.tagging.own import zero
from miner.tagging.own.few import Head, Terms
from miner.tagging.own.signals import Anchors, Signals, signals
from miner.tagging.own.words import Lexicon
from miner.tagging.own.zero import Background
from miner.taxonomy import Framework, framework_from

TENSORS, DESCRIBED = "own.safetensors", "own.json"

# What is left of the odds where only a look-alike stands.
_VETO = 0.1


@dataclass(frozen=True, slots=True)
class OwnModel:
    """Everything that tags texts by a framework, but for the encoder.

    encoder: id of the embedding model whose vectors it compares. head: None until there are
    examples. thresholds: (K,). card: what it was made from.
    """

    framework: Framework
    encoder: str
    anchors: Anchors
    background: Background
    head: Head | None
    thresholds: NDArray[np.float32]
    card: dict[str, Any]

    @property
    def id(self) -> str:
        """Made from the content: first 12 hex digits of its SHA-256."""
        digest = hashlib.sha256(self._described().encode())
        for name, tensor in sorted(self._tensors().items()):
            digest.update(name.encode() + tensor.tobytes())
        return f"own-{digest.hexdigest()[:12]}"

    def signals(
        self, texts: Sequence[str], vectors: NDArray[np.float32], lexicon: Lexicon
    ) -> Signals:
        """The signals of texts with their vectors, (n, d)."""
        return signals(texts, vectors, self.anchors, lexicon)

    def score(
        self, texts: Sequence[str], vectors: NDArray[np.float32], found: Signals
    ) -> NDArray[np.float64]:
        """Probabilities of n texts: (n, K)."""
        odds = zero.log_odds(found, self.background, self.framework.concepts, zero.shipped())
        if self.head is not None:
            odds = self.head.log_odds(texts, vectors, odds)
        return sigmoid(np.where(found.vetoed, np.minimum(odds, 0) + np.log(_VETO), odds))

    def save(self, folder: Path) -> None:
        """Write the model into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        save_tensors(self._tensors(), folder / TENSORS)
        (folder / DESCRIBED).write_text(self._described() + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path, encoder: str) -> OwnModel:
        """Read what `save` wrote, to be used with the vectors of `encoder`.

        Raises InputError where it was made with another one, ModelUnavailable where it is
        missing or broken.
        """
        try:
            row = json.loads((folder / DESCRIBED).read_text("utf-8"))
            tensors = load_file(folder / TENSORS)
            model = cls(
                framework_from(row["framework"], str(folder / DESCRIBED)),
                str(row["encoder"]),
                Anchors(
                    definitions=tensors["definitions"].astype(np.float32),
                    labels=tensors["labels"].astype(np.float32),
                    label_columns=tensors["label_columns"],
                    examples=tensors["examples"].astype(np.float32),
                    example_columns=tensors["example_columns"],
                ),
                Background(
                    mean=tensors["mean"],
                    deviation=tensors["deviation"],
                    rate=tensors["rate"],
                    texts=int(row["texts"]),
                ),
                _head(row, tensors),
                tensors["thresholds"],
                row["card"],
            )
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise ModelUnavailable(
                str(folder),
                f"the model of a framework cannot be read ({error})",
                "Build it anew with `miner train --taxonomy`.",
            ) from error
        if model.encoder != encoder:
            raise InputError(
                str(folder),
                f"it compares vectors of {model.encoder}, the setting names {encoder}",
                "Set MINER_MODEL back, or build it anew with `miner train --taxonomy`.",
            )
        return model

    def _tensors(self) -> dict[str, NDArray[Any]]:
        anchors, background = self.anchors, self.background
        found: dict[str, NDArray[Any]] = {
            "definitions": anchors.definitions.astype(np.float16),
            "labels": anchors.labels.astype(np.float16),
            "label_columns": anchors.label_columns,
            "examples": anchors.examples.astype(np.float16),
            "example_columns": anchors.example_columns,
            "mean": background.mean,
            "deviation": background.deviation,
            "rate": background.rate,
            "thresholds": self.thresholds,
        }
        if self.head is not None:
            found |= {
                "head_idf": self.head.terms.idf,
                "head_vectors": self.head.vectors,
                "head_words": self.head.words.astype(np.float16),
                "head_trust": self.head.trust,
                "head_bias": self.head.bias,
            }
        # safetensors writes the buffer as it lies in memory, whatever the strides.
        return {name: np.ascontiguousarray(tensor) for name, tensor in found.items()}

    def _described(self) -> str:
        described = {
            "framework": plain(self.framework),
            "encoder": self.encoder,
            "texts": self.background.texts,
            "terms": self.head.terms.terms if self.head else None,
            "card": self.card,
        }
        return json.dumps(described, ensure_ascii=False, indent=0, sort_keys=True)


def _head(row: dict[str, Any], tensors: dict[str, NDArray[Any]]) -> Head | None:
    if row["terms"] is None:
        return None
    return Head(
        Terms(tuple(row["terms"]), tensors["head_idf"]),
        tensors["head_vectors"],
        tensors["head_words"].astype(np.float32),
        tensors["head_trust"],
        tensors["head_bias"],
    )


def plain(framework: Framework) -> dict[str, Any]:
    """A framework as plain data that `framework_from` reads back as it was."""
    row: dict[str, Any] = json.loads(json.dumps(asdict(framework)))
    for concept in row["concepts"]:
        matches: dict[str, list[str]] = {}
        for match in concept.pop("maps_to"):
            matches.setdefault(match["relation"], []).append(match["target"])
        if matches:
            concept["maps_to"] = matches
    return row
