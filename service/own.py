"""A user's own framework at work: what a model of it is built from, and where it is kept."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from miner.embedding import Encoder
from miner.errors import InputError, NotFound
from miner.points import text_key
from miner.store import Store
from miner.tagging.own import OwnModel, OwnTagger, build
from miner.tagging.own.build import MOST_BACKGROUND
from miner.tagging.train import Example
from miner.taxonomy import Framework

FOLDER = "taxonomies"
_ID = re.compile(r"[A-Za-z0-9][\w.:-]{0,99}")


@dataclass(frozen=True, slots=True)
class Background:
    """Texts that say what is usual, with their vectors, (n, d)."""

    texts: Sequence[str]
    vectors: NDArray[np.float32]


def background_of(store: Store, most: int = MOST_BACKGROUND) -> Background:
    """English passages of a store, spread evenly over its documents, at most `most`."""
    _, passages = store.counts()
    step = max(passages // most, 1)
    texts = [
        stored.passage.text
        for document in store.documents()
        for stored in store.passages(document.id)[::step]
        if stored.passage.language == "en" and stored.tagged.stance.label != "noise"
    ]
    known = store.cached_vectors([text_key(text) for text in texts])
    texts = [text for text in dict.fromkeys(texts) if text_key(text) in known][:most]
    rows = [known[text_key(text)] for text in texts]
    vectors = np.stack(rows) if rows else np.zeros((0, store.dimension), dtype=np.float32)
    return Background(texts, vectors)


class Taxonomies:
    """The frameworks that users brought to a store, each a folder with its model."""

    def __init__(self, store: Store, encoder: Encoder) -> None:
        self._store, self._encoder = store, encoder
        self._folder = store.folder / FOLDER
        self._loading = threading.Lock()
        self._loaded: dict[str, tuple[int, OwnTagger]] = {}

    def ids(self) -> list[str]:
        """The ids of all of them, in order."""
        made = self._folder.glob("*/own.json") if self._folder.is_dir() else ()
        return sorted(path.parent.name for path in made)

    def put(self, framework: Framework, examples: Sequence[Example]) -> OwnModel:
        """Build a framework's model over this store's passages, and keep it; one of the same id
        is replaced. Raises InputError where its words say nothing."""
        known = background_of(self._store)
        model = build(framework, self._encoder, known.texts, examples, vectors=known.vectors)
        self._folder.mkdir(exist_ok=True)
        final = self._folder / framework.id
        part = self._folder / f".{framework.id}.{os.getpid()}.{threading.get_ident()}"
        model.save(part)
        with self._loading:
            old = part.with_name(f"{part.name}.old")
            if final.is_dir():
                final.replace(old)
            part.replace(final)
            shutil.rmtree(old, ignore_errors=True)
            self._loaded.pop(framework.id, None)
        return model

    def tagger(self, taxonomy: str) -> OwnTagger:
        """What tags by it. NotFound where there is none of this id."""
        path = self._folder / taxonomy / "own.json"
        with self._loading:
            if not _ID.fullmatch(taxonomy) or not path.is_file():
                raise NotFound(
                    f"taxonomy {taxonomy!r:.80}",
                    "nobody has brought one of this id",
                    "List them with GET /v1/taxonomies.",
                )
            changed = path.stat().st_mtime_ns
            held = self._loaded.get(taxonomy)
            if held is None or held[0] != changed:
                model = OwnModel.load(path.parent, self._encoder.id)
                held = self._loaded[taxonomy] = (changed, OwnTagger(model, self._encoder))
            return held[1]

    def delete(self, taxonomy: str) -> None:
        """Forget one. NotFound where there is none of this id."""
        self.tagger(taxonomy)
        with self._loading:
            self._loaded.pop(taxonomy, None)
            shutil.rmtree(self._folder / taxonomy)


def own_tagger(
    taxonomy: Path, encoder: Encoder, known: Background | None, examples: Path | None = None
) -> OwnTagger:
    """What tags by the framework in a file, or by the model in a folder.

    Raises InputError for a broken file, for examples beside a model, and for a file without a
    background.
    """
    from miner.tagging.own import read_examples
    from miner.taxonomy import load_framework

    if taxonomy.is_dir():
        if examples is not None:
            raise InputError(
                str(examples),
                "a model that is built already takes no examples",
                "Name the framework's file, or build it anew with `miner train --taxonomy`.",
            )
        return OwnTagger(OwnModel.load(taxonomy, encoder.id), encoder)
    framework = load_framework(taxonomy)
    shown = read_examples(examples, framework) if examples is not None else []
    known = known or Background((), np.zeros((0, encoder.dimension), dtype=np.float32))
    model = build(framework, encoder, known.texts, shown, vectors=known.vectors)
    return OwnTagger(model, encoder)
