"""Exported models on disk: found and checked, and put there in one step.

An export is two files: the graph, named after its own content, and a record that names the graph
with its SHA-256. The record is put in place last and in one step, so a reader sees a whole export
or none, and two processes that export at once leave one of two whole ones.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from miner.embedding.weights import Weights, sha256_of_file
from miner.errors import ModelUnavailable

# Raise it when the exported graph changes: graphs of other versions are left alone.
EXPORTER = 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GraphCache:
    """The exported models in `folder`, which need not exist."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> GraphCache:
        """The cache in a folder, where `~` is the user's home. Raises ModelUnavailable."""
        try:
            return cls(folder.expanduser())
        except RuntimeError as error:
            raise ModelUnavailable(
                f"folder {folder}",
                f"there is no place for the exported model ({error})",
                "Set MINER_CACHE to a folder that can be written.",
            ) from error

    def find(self, weights: Weights) -> Path | None:
        """The graph of these weights if it is there and has the noted SHA-256.

        A broken or changed one is reported through `logging` and not returned. This tells
        damage, not malice: who can write the graph can write its record.
        """
        record = self.folder / f"{_name(weights)}.json"
        try:
            noted = json.loads(record.read_text("utf-8"))
            graph = record.with_name(Path(noted["graph"]).name)
            if sha256_of_file(graph) == noted["sha256"]:
                return graph
            cause = f"the SHA-256 of {graph.name} is not the noted one"
        except FileNotFoundError as error:
            if error.filename == str(record):
                return None
            cause = str(error)
        except (OSError, ValueError, KeyError, TypeError) as error:
            cause = f"{type(error).__name__}: {error}"
        _log.warning("%s cannot be used (%s); the model is exported anew.", record, cause)
        return None

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """A folder of one's own on the cache's disk, gone afterwards. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".export-", dir=self.folder) as made:
            yield Path(made)

    def add(self, weights: Weights, made: Path, about: dict[str, str | float]) -> Path:
        """Move a graph out of a workplace into the cache.

        Args:
            weights: what it was exported from.
            made: the graph's file; it is gone afterwards.
            about: noted in the record for people to read.

        Raises:
            OSError: the disk is full, the folder is gone.
        """
        sha256 = sha256_of_file(made)
        graph = self.folder / f"{_name(weights)}-{sha256[:8]}.onnx"
        noted = {"graph": graph.name, "sha256": sha256, **about}
        record = made.with_suffix(".json")
        record.write_text(json.dumps(noted, indent=2) + "\n", "utf-8")
        os.replace(made, graph)
        os.replace(record, graph.with_name(f"{_name(weights)}.json"))
        return graph


def _name(weights: Weights) -> str:
    return f"{weights.id.replace('@', '-')}-export{EXPORTER}"
