"""The rule that documents are compared by, as data with a version (models/changes)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from miner.errors import InputError

FEATURES = ("gist", "passage", "words")
ACROSS = ("gist", "words")


@dataclass(frozen=True, slots=True)
class Across:
    """The same for commitments of different countries: weights in ACROSS and bias.

    same: probability from which they go together.
    """

    weights: tuple[float, float]
    bias: float
    same: float


@dataclass(frozen=True, slots=True)
class Rule:
    """weights, bias: of the logistic function in FEATURES; model: the embedding model that they
    were measured with.

    same: probability from which two commitments are the same; surely: likeness of what they
    promise (see Background) from which their firmness is compared. other: the most that the
    nearest commitment may have where one is called added or dropped; covered: the most of its
    telling words that a passage of the other document may hold; special: how telling they must be.
    repeated: likeness of gists from which one document says the same twice (see Background).
    fewest: passages, and sentences that speak of it, that a claim on a concept rests on. silent:
    below this probability everywhere a document says nothing on a concept. chance: p-value below
    which shares differ.
    across: for clusters.
    """

    version: str
    model: str
    weights: tuple[float, ...]
    bias: float
    same: float
    surely: float
    other: float
    covered: float
    special: float
    repeated: float
    fewest: int
    silent: float
    chance: float
    across: Across


@cache
def rule() -> Rule:
    """The shipped rule. InputError where the file is not what it should be."""
    data = yaml.safe_load(_text("rule.yaml"))
    try:
        weights, across = data["likeness"], data["across"]
        return Rule(
            version=str(data["version"]),
            model=str(data["model"]),
            weights=tuple(float(weights[name]) for name in FEATURES),
            bias=float(weights["bias"]),
            same=float(data["same"]),
            surely=float(data["surely"]),
            other=float(data["other"]),
            covered=float(data["covered"]),
            special=float(data["special"]),
            repeated=float(data["repeated"]),
            fewest=int(data["concepts"]["fewest"]),
            silent=float(data["concepts"]["silent"]),
            chance=float(data["concepts"]["chance"]),
            across=Across(
                (float(across["gist"]), float(across["words"])),
                float(across["bias"]),
                float(across["same"]),
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _unusable("rule.yaml", error) from error


def _text(name: str) -> str:
    return (files("models") / "changes" / name).read_text("utf-8")


def _unusable(name: str, error: Exception) -> InputError:
    return InputError(f"models/changes/{name}", f"it cannot be used ({error!r})", "Mend the file.")
