"""The thresholds and calibrations of a tagging model, as a file that people can read.

The model itself reads `heads.safetensors`; this file says the same in JSON, so that whoever
uses a tag can look up when it is decided and on how many passages that rests.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from miner.tagging.heads import Heads

FILE = "thresholds.json"


def published(heads: Heads) -> dict[str, Any]:
    """What the file holds.

    Of each concept: `threshold`, the probability at and above which it is decided; `a` and `b`,
    its calibration (probability = sigmoid(a * logit + b)); `positives_trained` and
    `positives_dev`, the passages that hold it among those the weights were trained on and those
    that calibration and threshold were chosen on (null where the model's card does not say).
    `thresholds_from` names the file of the latter.
    """
    card = heads.card
    trained: Mapping[str, int] = card.get("positives") or {}
    chosen: Mapping[str, int] = card.get("positives_dev") or {}
    return {
        "thresholds_from": card.get("thresholds_from"),
        "concepts": {
            concept: {
                "threshold": _short(heads.thresholds[column]),
                "a": _short(heads.calibration[column, 0]),
                "b": _short(heads.calibration[column, 1]),
                "positives_trained": trained.get(concept),
                "positives_dev": chosen.get(concept),
            }
            for column, concept in enumerate(heads.concepts)
        },
    }


def publish(heads: Heads, folder: Path) -> None:
    """Write `thresholds.json` into `folder`; see `published`."""
    text = json.dumps(published(heads), ensure_ascii=False, indent=1)
    (folder / FILE).write_text(text + "\n", "utf-8")


def _short(value: Any) -> float:
    # The shortest digits that are the same number in 32 bits: 0.32, not 0.3199999928474426.
    return float(str(value))
