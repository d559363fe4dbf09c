"""The rule that documents are compared by, as data with a version (models/changes)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from miner.errors import InputError

FEATURES = ("gist", "passage", "words")


@dataclass(frozen=True, slots=True)
class Rule:
    """weights, bias: of the logistic function in FEATURES.

    same: probability from which two commitments are the same; surely: from which their firmness
    is compared. other: the most that the nearest
    commitment may have where one is called added or dropped; covered: the most of its telling
    words that a passage of the other document may hold; special: how telling they must be.
    fewest: passages that a claim on a concept rests on. silent: below this probability everywhere
    a document says nothing on a concept. chance: p-value below which shares differ.
    """

    version: str
    weights: tuple[float, ...]
    bias: float
    same: float
    surely: float
    other: float
    covered: float
    special: float
    fewest: int
    silent: float
    chance: float


@dataclass(frozen=True, slots=True, eq=False)
class Means:
    """Mean vectors of the measured corpus, of gists and of passages, shape (d,)."""

    gist: NDArray[np.float32]
    passage: NDArray[np.float32]


@cache
def rule() -> Rule:
    """The shipped rule. InputError where the file is not what it should be."""
    data = yaml.safe_load(_text("rule.yaml"))
    try:
        weights = data["likeness"]
        return Rule(
            version=str(data["version"]),
            weights=tuple(float(weights[name]) for name in FEATURES),
            bias=float(weights["bias"]),
            same=float(data["same"]),
            surely=float(data["surely"]),
            other=float(data["other"]),
            covered=float(data["covered"]),
            special=float(data["special"]),
            fewest=int(data["concepts"]["fewest"]),
            silent=float(data["concepts"]["silent"]),
            chance=float(data["concepts"]["chance"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _unusable("rule.yaml", error) from error


@cache
def means(model: str) -> Means | None:
    """The means of an embedding model (`Encoder.id`); None where it was not measured."""
    held: dict[str, Any] = json.loads(_text("means.json"))
    if model not in held:
        return None
    try:
        gist, passage = (
            np.asarray(held[model][name], dtype=np.float32) for name in ("gist", "passage")
        )
        return Means(gist, passage)
    except (KeyError, TypeError, ValueError) as error:
        raise _unusable("means.json", error) from error


def _text(name: str) -> str:
    return (files("models") / "changes" / name).read_text("utf-8")


def _unusable(name: str, error: Exception) -> InputError:
    return InputError(f"models/changes/{name}", f"it cannot be used ({error!r})", "Mend the file.")
