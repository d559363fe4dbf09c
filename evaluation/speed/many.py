"""A store of as many passages as wanted, made from real ones.

Each new passage joins the first half of one passage's words to the second half of another's,
and its vector lies between theirs with some noise; country, year, language and tags are the
first one's. So lengths, words, filters and facets are as in the real store, and no two passages
are the same.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from miner.document import Document
from miner.passages import Passage
from miner.points import points, text_key
from miner.settings import Settings
from miner.store import Store
from miner.tagging.tag import TaggedPassage
from service.workspace import SharedEncoder, Workspace

_NOISE = 0.02


@dataclass(frozen=True, slots=True)
class _Real:
    document: Document
    passages: list[tuple[Passage, TaggedPassage]]
    vectors: NDArray[np.float32]


def workspace_of(folder: Path) -> Settings:
    """The environment's settings over a store in another folder."""
    return replace(Settings.from_environment(), store=folder)


@contextmanager
def real_store(given: Path | None) -> Iterator[Path]:
    """A copy of the store given, or a store of the sample corpus; gone at the end."""
    with TemporaryDirectory(prefix="miner-speed-") as made:
        folder = Path(made) / "store"
        if given is not None:
            shutil.copytree(given, folder, ignore=shutil.ignore_patterns("socket", "uploads"))
        else:
            from miner.catalogue.manifest import read_manifest
            from miner.ingest import collect

            sample = Path(__file__).parents[2] / "corpus" / "sample"
            with Workspace.open(workspace_of(folder)) as workspace:
                manifest = read_manifest(sample / "manifest.tsv")
                workspace.ingester(manifest=manifest).ingest(collect([sample / "documents"]))
        yield folder


@contextmanager
def many(given: Path | None, wanted: int, keep: Path | None) -> Iterator[Path]:
    """A store of `wanted` passages with its graph built; `keep` holds it for later runs."""
    if keep is not None and (keep / f"{wanted}" / "done").exists():
        yield keep / f"{wanted}" / "store"
        return
    with TemporaryDirectory(prefix="miner-speed-") as made:
        folder = Path(made) if keep is None else keep / f"{wanted}"
        shutil.rmtree(folder, ignore_errors=True)
        with real_store(given) as real:
            _fill(real, folder / "store", wanted)
        (folder / "done").touch()
        yield folder / "store"


def _fill(real: Path, target: Path, wanted: int) -> None:
    encoder = SharedEncoder.of(Settings.from_environment())
    with Store.open(workspace_of(real), encoder.id, encoder.dimension) as store:
        held = list(_read(store))
    rng = np.random.default_rng(7)
    with Store.open(workspace_of(target), encoder.id, encoder.dimension) as store:
        # Bulk loading: a power cut would only mean to begin again.
        store._database.execute("PRAGMA synchronous = OFF")
        stored = edition = 0
        while stored < wanted:
            for item in held:
                other = held[int(rng.integers(len(held)))]
                document, pairs, vectors = _mixed(item, other, edition, rng)
                pairs, vectors = pairs[: wanted - stored], vectors[: wanted - stored]
                if pairs:
                    revision = document.id
                    store.put(document, revision, pairs, points(document, revision, pairs, vectors))
                stored += len(pairs)
            edition += 1
            print(f"{stored:,} of {wanted:,} passages", file=sys.stderr)
        print("building the graph", file=sys.stderr)
        store.index.optimize()


def _read(store: Store) -> Iterator[_Real]:
    for item in store.documents():
        pairs = [(p.passage, p.tagged) for p in store.passages(item.id)]
        keys = [text_key(passage.text) for passage, _ in pairs]
        vectors = store.cached_vectors(keys)
        # What is searched are passages: the documents' own texts and boxes would fill the disk.
        document = replace(store.document(item.id), text="", blocks=(), pages=())
        yield _Real(document, pairs, np.stack([vectors[key] for key in keys]))


def _mixed(
    one: _Real, other: _Real, edition: int, rng: np.random.Generator
) -> tuple[Document, list[tuple[Passage, TaggedPassage]], NDArray[np.float32]]:
    identity = hashlib.sha256(f"{one.document.id}|{edition}".encode()).hexdigest()
    at = rng.integers(len(other.passages), size=len(one.passages))
    share = rng.uniform(0.55, 0.95, size=(len(one.passages), 1)).astype(np.float32)
    noise = rng.normal(0, _NOISE, size=one.vectors.shape).astype(np.float32)
    vectors = share * one.vectors + (1 - share) * other.vectors[at] + noise
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    pairs = []
    for number, (passage, tagged) in enumerate(one.passages):
        text, kept = _joined(passage.text, other.passages[int(at[number])][0].text)
        name = uuid.UUID(hashlib.sha256(f"{passage.id}|{edition}".encode()).hexdigest()[:32])
        pairs.append(
            (
                replace(passage, id=str(name), document=identity[:16], text=text),
                _cut(tagged, kept),
            )
        )
    source = f"{one.document.source}#{edition}"
    document = replace(one.document, id=identity[:16], sha256=identity, source=source)
    return document, pairs, vectors


def _joined(first: str, second: str) -> tuple[str, int]:
    """The first half of one text's words and the second of another's; where the join is."""
    head = first[: first.find(" ", len(first) // 2)] if " " in first[len(first) // 2 :] else first
    tail = second[second.find(" ", len(second) // 2) + 1 :]
    return f"{head} {tail}", len(head)


def _cut(tagged: TaggedPassage, end: int) -> TaggedPassage:
    """The tags with the evidence that is left of a text."""
    tags = tuple(
        replace(tag, evidence=tuple(item for item in tag.evidence if item.end <= end))
        for tag in tagged.tags
    )
    return replace(tagged, tags=tags)
