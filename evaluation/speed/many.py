"""A store of as many passages as wanted, made from real ones.

Each new passage joins the first half of one passage's words to the second half of another's,
and its vector lies between theirs with some noise; country, year, language and tags are the
first one's. So lengths, words, filters and facets are as in the real store, and hardly two
passages are the same.
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

from miner import lexical
from miner.document import Document
from miner.index import Point, Sparse
from miner.passages import Passage
from miner.points import points, text_key
from miner.settings import Settings
from miner.store import Store
from miner.tagging.tag import TaggedPassage
from service.workspace import SharedEncoder, Workspace

_NOISE = 0.02


@dataclass(frozen=True, slots=True)
class _Real:
    """A real document, and of each passage: itself, its tags with the evidence in its first half,
    its point, the first half of its words and the second, and the BM25 weights of both."""

    document: Document
    pairs: list[tuple[Passage, TaggedPassage]]
    points: list[Point]
    vectors: NDArray[np.float32]
    heads: list[str]
    tails: list[str]
    words: list[tuple[dict[int, float], dict[int, float]]]


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
                document, pairs, made = _mixed(item, other, edition, rng)
                left = wanted - stored
                if left > 0:
                    store.put(document, document.id, pairs[:left], made[:left])
                    stored += len(pairs[:left])
            edition += 1
            print(f"{stored:,} of {wanted:,} passages", file=sys.stderr)
        print("building the graph", file=sys.stderr)
        store.index.optimize()


def _read(store: Store) -> Iterator[_Real]:
    for item in store.documents():
        stored = store.passages(item.id)
        keys = [text_key(one.passage.text) for one in stored]
        kept = store.cached_vectors(keys)
        vectors = np.stack([kept[key] for key in keys])
        halves = [_halves(one.passage.text) for one in stored]
        pairs = [
            (one.passage, _cut(one.tagged, len(head)))
            for one, (head, _) in zip(stored, halves, strict=True)
        ]
        # What is searched are passages: the documents' own texts would fill the disk.
        document = replace(store.document(item.id), text="", blocks=(), pages=())
        yield _Real(
            document,
            pairs,
            list(points(document, item.revision, pairs, vectors)),
            vectors,
            [head for head, _ in halves],
            [tail for _, tail in halves],
            [
                (_weights(head, one.passage.language), _weights(tail, one.passage.language))
                for one, (head, tail) in zip(stored, halves, strict=True)
            ],
        )


def _halves(text: str) -> tuple[str, str]:
    """A text before and after the space in its middle."""
    at = text.find(" ", len(text) // 2)
    return (text, "") if at < 0 else (text[:at], text[at + 1 :])


def _weights(text: str, language: str) -> dict[int, float]:
    # A half has about half the length that the weights assume, twice as many make a whole.
    made = lexical.document_vector(f"{text} {text}", language)
    return dict(zip(made.indices, made.values, strict=True))


def _mixed(
    one: _Real, other: _Real, edition: int, rng: np.random.Generator
) -> tuple[Document, list[tuple[Passage, TaggedPassage]], list[Point]]:
    identity = hashlib.sha256(f"{one.document.id}|{edition}".encode()).hexdigest()
    name = identity[:16]
    number = len(one.pairs)
    at = rng.integers(len(other.pairs), size=number)
    share = rng.uniform(0.55, 0.95, size=(number, 1)).astype(np.float32)
    noise = rng.normal(0, _NOISE, size=one.vectors.shape).astype(np.float32)
    vectors = share * one.vectors + (1 - share) * other.vectors[at] + noise
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    pairs, made = [], []
    for row, (passage, tagged) in enumerate(one.pairs):
        beside = int(at[row])
        id_ = str(uuid.UUID(bytes=hashlib.md5(f"{passage.id}|{edition}".encode()).digest()))
        text = f"{one.heads[row]} {other.tails[beside]}"
        pairs.append((replace(passage, id=id_, document=name, text=text), tagged))
        words = sorted((one.words[row][0] | other.words[beside][1]).items())
        payload = {**one.points[row].payload, "document": name, "revision": name, "passage": id_}
        bm25 = Sparse(tuple(index for index, _ in words), tuple(value for _, value in words))
        made.append(Point(id_, vectors[row], bm25, one.points[row].tags, payload))
    source = f"{one.document.source}#{edition}"
    return replace(one.document, id=name, sha256=identity, source=source), pairs, made


def _cut(tagged: TaggedPassage, end: int) -> TaggedPassage:
    """The tags with the evidence that is left of a text."""
    tags = tuple(
        replace(tag, evidence=tuple(item for item in tag.evidence if item.end <= end))
        for tag in tagged.tags
    )
    return replace(tagged, tags=tags)
