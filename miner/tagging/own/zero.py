"""Zero-shot: signals into log odds, by weights that hold for any framework.

Every signal is first seen against the background (unlabelled texts of the same kind): a cosine
counts by how far it lies above what is usual for its concept, and a concept is held to be about
as common as its labels are. Six weights then make log odds of that. They were learnt on the
project's own labelled passages with the codebook's concepts, with all, half, a quarter and none
of their labels (`miner train --zero-shot`), and are used for other frameworks as they are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from miner.errors import ModelUnavailable
from miner.tagging.own.signals import PARTS, Floats, Signals
from miner.taxonomy import Concept

FEATURES = ("nearness", "against_others", "alt", "hidden", "rate", "bare")
FILE = "zero_shot.json"

# Texts that the usual figures weigh against those of a background.
_USUAL_TEXTS = 30
_RARE = 0.05
_RAREST = 0.005
_FEW_LABELS = 8.0


@dataclass(frozen=True, slots=True)
class ZeroShot:
    """The weights of `FEATURES` and the bias; and what cosines usually are.

    usual: mean and standard deviation of each part of nearness, used while there are few
    background texts. card: what the weights were learnt from.
    """

    weights: tuple[float, ...]
    bias: float
    usual: dict[str, tuple[float, float]]
    card: dict[str, Any]

    def save(self, folder: Path) -> None:
        """Write `zero_shot.json` into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / FILE).write_text(text + "\n", "utf-8")


@cache
def shipped() -> ZeroShot:
    """The shipped weights. Raises ModelUnavailable where they are missing or broken."""
    path = files("models") / "own" / FILE
    try:
        row = json.loads(path.read_text("utf-8"))
        usual = {part: (float(m), float(sd)) for part, (m, sd) in row["usual"].items()}
        if len(row["weights"]) != len(FEATURES) or set(usual) != set(PARTS):
            raise ValueError("it has other features")
        return ZeroShot(tuple(map(float, row["weights"])), float(row["bias"]), usual, row["card"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(
            str(path),
            f"the zero-shot weights cannot be read ({error})",
            "Reinstall the package, or learn them with `miner train --zero-shot`.",
        ) from error


@dataclass(frozen=True, slots=True)
class Background:
    """What is usual: mean and deviation of each part of nearness, (K, 4), and the share of
    texts that hold a label, (K,). texts: how many were looked at."""

    mean: Floats
    deviation: Floats
    rate: Floats
    texts: int

    @classmethod
    def of(cls, found: Signals, usual: dict[str, tuple[float, float]]) -> Background:
        """The background that the signals of unlabelled texts show.

        The fewer they are, the more the usual figures count.
        """
        size = len(found)
        trust = size / (size + _USUAL_TEXTS)
        means = np.array([usual[part][0] for part in PARTS], dtype=np.float32)
        deviations = np.array([usual[part][1] for part in PARTS], dtype=np.float32)
        shape = found.near.shape[1:]
        own_mean = found.near.mean(axis=0) if size else np.broadcast_to(means, shape)
        own_deviation = found.near.std(axis=0) if size else np.broadcast_to(deviations, shape)
        held = ((found.alt + found.hidden) > 0).sum(axis=0)
        return cls(
            mean=(trust * own_mean + (1 - trust) * means).astype(np.float32),
            deviation=np.maximum(trust * own_deviation + (1 - trust) * deviations, 1e-4).astype(
                np.float32
            ),
            rate=np.maximum((held + 1.0) / (size + 1.0 / _RARE), _RAREST).astype(np.float32),
            texts=size,
        )


def features(
    found: Signals, background: Background, concepts: Sequence[Concept]
) -> NDArray[np.float64]:
    """The features of n texts: (n, K, 6), in the order of `FEATURES`.

    nearness: mean standing of the cosines against the background; against_others: the same less
    the mean over concepts; alt, hidden: labels held, saturating; rate: log of how common the
    concept's labels are, drawn to 5 % the fewer it has; bare: how few it has, 0 to 1.
    """
    standing = np.clip((found.near - background.mean) / background.deviation, -4, 6)
    near = np.nanmean(standing, axis=2)
    size = near.shape[1]
    # With few concepts a text that is near to all of them says little about the text.
    others = near.mean(axis=1, keepdims=True) * (size - 1) / (size + 2)
    labels = np.array([len(c.labels) + len(c.hidden) for c in concepts], dtype=np.float64)
    told = labels / (labels + _FEW_LABELS)
    rate = told * np.log(background.rate) + (1 - told) * np.log(_RARE)
    return np.stack(
        [
            near,
            near - others,
            found.alt / (found.alt + 1),
            found.hidden / (found.hidden + 1),
            np.broadcast_to(rate, near.shape),
            np.broadcast_to(1 - told, near.shape),
        ],
        axis=2,
    )


def log_odds(
    found: Signals, background: Background, concepts: Sequence[Concept], weights: ZeroShot
) -> NDArray[np.float64]:
    """Zero-shot log odds of n texts: (n, K)."""
    seen = features(found, background, concepts)
    return np.asarray(seen @ np.array(weights.weights) + weights.bias)
