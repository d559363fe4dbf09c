"""The store: replacing, recovering, never half there."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from miner.document import Block, BlockType, Document, Metadata, Page, document_id, sha256_of
from miner.errors import NotFound, StoreError, StoreLocked, StoreMismatch
from miner.index import Filter, Leg
from miner.ingest import points
from miner.passages import Passage, passage_id
from miner.settings import Settings
from miner.store import Store
from miner.tagging.tag import Evidence, StanceTag, Tag, TaggedPassage
from miner.taxonomy import Stance

DIMENSION = 8


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=tmp_path / "store")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = Store.open(settings, "test@1", DIMENSION)
    yield opened
    opened.close()


def made(source: str, *texts: str, country: str = "XAA") -> tuple[Document, list[Passage]]:
    text = "\n\n".join(texts)
    sha256 = sha256_of(text.encode())
    identity = document_id(sha256)
    passages, start = [], 0
    for position, words in enumerate(texts):
        passages.append(
            Passage(
                passage_id(identity, start, words),
                identity,
                position,
                words,
                start,
                start + len(words),
                1,
                1,
                BlockType.BODY,
                ("Part",),
                "en",
            )
        )
        start += len(words) + 2
    document = Document(
        identity,
        sha256,
        source,
        "text/plain",
        text,
        (Page(1, 0, len(text)),),
        (Block(BlockType.BODY, 0, len(text), 1),),
        "en",
        Metadata(title=source, country=country, year=2020, organisations=("ORG",)),
    )
    return document, passages


def tagged(concept: str = "dim.incident_management") -> TaggedPassage:
    return TaggedPassage(
        (Tag(concept, 0.9, True, "head", (Evidence(0, 1, "A"),)),),
        StanceTag(Stance.COMMITMENT, 0.8),
        "test",
    )


def put(store: Store, document: Document, passages: list[Passage], revision: str) -> None:
    vectors = np.ones((len(passages), DIMENSION), dtype=np.float32)
    pairs = [(passage, tagged()) for passage in passages]
    store.put(document, revision, pairs, points(document, revision, pairs, vectors))
    store.note_source(document.source, document.id, f"pipeline:{revision}")


def found(store: Store) -> set[str]:
    leg = Leg("dense", np.ones(DIMENSION, dtype=np.float32))
    hits = store.read(lambda live: store.index.search([leg], live, 100), Filter())
    return set(store.passages_by_id([hit.passage for hit in hits]))


def test_what_is_put_comes_back_whole(store: Store) -> None:
    document, passages = made("a.txt", "Alpha one.", "Alpha two.")
    put(store, document, passages, "r1")
    assert store.document(document.id) == document
    assert [item.passage for item in store.passages(document.id)] == passages
    assert store.passages(document.id)[0].tagged == tagged()
    assert store.summary(document.id).sources == ("a.txt",)
    assert store.counts() == (1, 2)
    assert found(store) == {passage.id for passage in passages}


def test_a_changed_file_replaces_what_its_source_held(store: Store) -> None:
    old, old_passages = made("a.txt", "Alpha one.", "Alpha two.")
    new, new_passages = made("a.txt", "Beta one.")
    put(store, old, old_passages, "r1")
    put(store, new, new_passages, "r2")
    assert found(store) == {new_passages[0].id}
    assert [item.id for item in store.documents()] == [new.id]
    assert store.index.count(Filter()) == 1


def test_content_that_another_source_still_holds_stays(store: Store) -> None:
    shared, shared_passages = made("a.txt", "Alpha one.")
    put(store, shared, shared_passages, "r1")
    store.note_source("copy.txt", shared.id, "pipeline:r1")
    new, new_passages = made("a.txt", "Beta one.")
    put(store, new, new_passages, "r2")
    assert {item.id for item in store.documents()} == {shared.id, new.id}


def test_a_new_revision_of_the_same_content_leaves_no_old_points(store: Store) -> None:
    document, passages = made("a.txt", "Alpha one.", "Alpha two.")
    put(store, document, passages, "r1")
    put(store, replace(document, metadata=Metadata(title="New")), passages, "r2")
    assert store.index.count(Filter()) == 2
    assert store.index.count(Filter(any_of={"revision": ["r2"]})) == 2
    assert store.summary(document.id).metadata.title == "New"


def test_deleting_drops_all_of_it(store: Store) -> None:
    document, passages = made("a.txt", "Alpha one.")
    put(store, document, passages, "r1")
    store.delete(document.id)
    assert found(store) == set()
    assert store.counts() == (0, 0)
    assert store.fingerprint("a.txt") is None
    with pytest.raises(NotFound, match="not in the store"):
        store.delete(document.id)


class Killed(Exception):
    """Stands for a kill -9 at a chosen moment."""


def test_killed_before_the_switch_leaves_the_old_and_sweeps_the_new(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(settings, "test@1", DIMENSION)
    old, old_passages = made("a.txt", "Alpha one.")
    put(store, old, old_passages, "r1")
    new, new_passages = made("a.txt", "Beta one.", "Beta two.")
    monkeypatch.setattr(store.index, "flush", _raise)
    with pytest.raises(Killed):
        put(store, new, new_passages, "r2")
    monkeypatch.undo()
    assert found(store) == {old_passages[0].id}
    assert store.index.count(Filter()) == 3
    store.close()
    with Store.open(settings, "test@1", DIMENSION) as again:
        assert found(again) == {old_passages[0].id}
        assert again.index.count(Filter()) == 1


def test_killed_after_the_switch_leaves_the_new_and_sweeps_the_old(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(settings, "test@1", DIMENSION)
    old, old_passages = made("a.txt", "Alpha one.")
    put(store, old, old_passages, "r1")
    new, new_passages = made("a.txt", "Beta one.")
    monkeypatch.setattr(store.index, "delete", _raise)
    with pytest.raises(Killed):
        put(store, new, new_passages, "r2")
    monkeypatch.undo()
    assert found(store) == {new_passages[0].id}
    store.close()
    with Store.open(settings, "test@1", DIMENSION) as again:
        assert found(again) == {new_passages[0].id}
        assert again.index.count(Filter()) == 1


def _raise(*_: object) -> None:
    raise Killed


def test_readers_never_see_a_document_half_replaced(store: Store) -> None:
    versions = [made("a.txt", *(f"Version {v} part {n}." for n in range(6))) for v in range(8)]
    wholes = [{passage.id for passage in passages} for _, passages in versions]
    put(store, *versions[0], "r0")
    seen: list[set[str]] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.append(found(store))

    reader = threading.Thread(target=read)
    reader.start()
    for number, version in enumerate(versions[1:], 1):
        put(store, *version, f"r{number}")
    done.set()
    reader.join()
    assert seen
    # Between the index's answer and the texts a document may go; never a part of it.
    assert all(answer in wholes or answer == set() for answer in seen)


def test_a_second_opening_is_refused_with_the_owner(store: Store, settings: Settings) -> None:
    with pytest.raises(StoreLocked, match="pid"):
        Store.open(settings, "test@1", DIMENSION)


def test_another_model_is_refused(settings: Settings) -> None:
    Store.open(settings, "test@1", DIMENSION).close()
    with pytest.raises(StoreMismatch, match="MINER_MODEL"):
        Store.open(settings, "other@2", DIMENSION)
    Store.open(settings, "test@1", DIMENSION).close()


def test_vectors_are_kept_by_content(store: Store) -> None:
    vector = np.arange(DIMENSION, dtype=np.float32)
    store.cache_vectors({"key": vector})
    assert np.array_equal(store.cached_vectors(["key", "unknown"])["key"], vector)
    assert "unknown" not in store.cached_vectors(["unknown"])


def test_a_lost_index_is_said_and_not_searched(settings: Settings) -> None:
    with Store.open(settings, "test@1", DIMENSION) as store:
        put(store, *made("a.txt", "Alpha one."), "r1")
    shutil.rmtree(settings.store / "index")
    with pytest.raises(StoreError, match="the index is empty and 1 passages are stored"):
        Store.open(settings, "test@1", DIMENSION)
