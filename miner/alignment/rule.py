"""The rule: its numbers with their reasons, and the calibration of presence, read from data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

_FOLDER = files("models") / "alignment"


@dataclass(frozen=True, slots=True)
class Rule:
    """Version, weights and reasons of models/alignment/rule.yaml.

    `presence` gives the weight of a name; `weights` are all of them.
    """

    version: str
    weights: Mapping[str, float]
    reasons: Mapping[str, str]

    def __getitem__(self, name: str) -> float:
        return self.weights[name]


@dataclass(frozen=True, slots=True)
class Calibration:
    """From "some passage is right" to "the document addresses it".

    presence = sigmoid(slope x log odds + intercept + the concept's offset), fitted on documents
    that were read from end to end (`python -m evaluation alignment --write`). offsets: 0 for a
    concept that is not named; drawn towards 0, since few documents were read.
    model: the tagging model whose probabilities it was fitted on.
    """

    slope: float
    intercept: float
    model: str
    documents: int = 0
    offsets: Mapping[str, float] = field(default_factory=dict)

    def offsets_of(self, concepts: Sequence[str]) -> NDArray[np.float64]:
        """The offsets of concepts, (c,)."""
        return np.array([self.offsets.get(concept, 0.0) for concept in concepts])

    def of(
        self, some: NDArray[np.float64], offsets: NDArray[np.float64], least: float
    ) -> NDArray[np.float64]:
        """Presence for probabilities that some passage is right, (c,)."""
        kept = np.clip(some, least, 1 - least)
        odds = self.slope * np.log(kept / (1 - kept)) + self.intercept + offsets
        return np.asarray(1 / (1 + np.exp(-odds)))


NONE = Calibration(1.0, 0.0, "")
"""Presence as the passages' own probabilities give it."""


@cache
def rule() -> Rule:
    """The shipped rule."""
    data = yaml.safe_load((_FOLDER / "rule.yaml").read_text("utf-8"))
    rows = data["weights"].items()
    return Rule(
        str(data["version"]),
        {name: float(row["value"]) for name, row in rows},
        {name: " ".join(row["why"].split()) for name, row in rows},
    )


@cache
def calibration() -> Calibration:
    """The shipped calibration of presence."""
    found = read_data("presence.json")
    return Calibration(
        found["slope"],
        found["intercept"],
        found["model"],
        found["documents"],
        found["offsets"],
    )


def read_data(name: str) -> Any:
    """A JSON file of models/alignment."""
    return json.loads((_FOLDER / name).read_text("utf-8"))


RULE_VERSION = rule().version


@cache
def data_version() -> str:
    """Hash of what was measured for the rule: 12 hex digits that change with any of it."""
    digest = hashlib.sha256()
    for path in (
        *sorted(_FOLDER.iterdir(), key=lambda path: path.name),
        files("models") / "tagger" / "rates.json",
    ):
        if path.name.endswith((".json", ".yaml")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
