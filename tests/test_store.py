"""The store: replacing, recovering, never half there."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from miner import lexical, records
from miner.document import Block, BlockType, Document, Metadata, Page, document_id, sha256_of
from miner.errors import NotFound, StoreError, StoreLocked, StoreMismatch
from miner.evidence import Evidence
from miner.index import Filter, Leg, shared
from miner.passages import Passage, passage_id
from miner.points import points, text_key
from miner.settings import Settings
from miner.store import Store
from miner.tagging.tag import StanceTag, Tag, TaggedPassage
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
        StanceTag(Stance.COMMITMENT, 0.8, evidence=(Evidence(1, 2, " "),)),
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


def test_a_stance_of_an_older_store_has_no_evidence() -> None:
    record = records.as_record(tagged())
    del record["stance"]["evidence"]
    assert records.tagged(record).stance == StanceTag(Stance.COMMITMENT, 0.8)


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
    upsert = store.index.upsert
    monkeypatch.setattr(store.index, "upsert", lambda points: (upsert(points), _raise()))
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


def test_a_second_opening_shares_the_store(store: Store, settings: Settings) -> None:
    with Store.open(settings, "test@1", DIMENSION) as second:
        put(second, *made("a.txt", "Alpha one.", "Alpha two."), "r1")
        assert (
            found(store)
            == found(second)
            == {p.id for p in made("a.txt", "Alpha one.", "Alpha two.")[1]}
        )
        put(store, *made("b.txt", "Beta one."), "r2")
        assert len(found(second)) == 3
        assert second.count(Filter()) == store.count(Filter()) == store.index.count(Filter()) == 3
        second.delete(made("b.txt", "Beta one.")[0].id)
    assert store.count(Filter()) == store.index.count(Filter()) == 2
    assert store.counts() == (1, 2)


def test_whoever_is_left_takes_the_index_over(store: Store, settings: Settings) -> None:
    put(store, *made("a.txt", "Alpha one."), "r1")
    with Store.open(settings, "test@1", DIMENSION) as second:
        store.close()
        assert len(found(second)) == 1
        put(second, *made("b.txt", "Beta one."), "r2")
        assert second.index.count(Filter()) == 2


def test_an_owner_that_does_not_answer_is_named(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.store / "owner").write_text('{"pid": 4711, "socket": "/nowhere"}')
    monkeypatch.setattr(shared, "_PATIENCE", 0.1)
    with pytest.raises(StoreLocked, match=r"\(pid 4711\) has this store open and does not answer"):
        Store.open(settings, "test@1", DIMENSION)


def test_what_a_killed_writer_left_is_swept_by_the_next(store: Store, settings: Settings) -> None:
    put(store, *made("a.txt", "Alpha one."), "r1")
    document, passages = made("b.txt", "Beta one.")
    vectors = np.ones((1, DIMENSION), dtype=np.float32)
    with store._database as database:
        database.execute("INSERT INTO in_flight VALUES('r2')")
    store.index.upsert(points(document, "r2", [(passages[0], tagged())], vectors))
    assert len(found(store)) == 1
    put(store, *made("c.txt", "Gamma one."), "r3")
    assert store.index.revisions() == {"r1": 1, "r3": 1}


def test_counts_and_facets_follow_what_is_stored(store: Store, settings: Settings) -> None:
    """The columns in memory say the same as the engine, after every change, in every process."""
    with Store.open(settings, "test@1", DIMENSION) as second:
        for number, country in enumerate(("XAA", "XBB", "XAA")):
            put(
                store,
                *made(
                    f"{number}.txt",
                    *(f"Text {number} {n}." for n in range(number + 1)),
                    country=country,
                ),
                f"r{number}",
            )
            same_counts(store)
            same_counts(second)
        put(store, *made("1.txt", "Another text.", country="XCC"), "r9")
        same_counts(store)
        same_counts(second)
        store.delete(made("2.txt", "Text 2 0.", "Text 2 1.", "Text 2 2.", country="XAA")[0].id)
        same_counts(store)
        same_counts(second)


def same_counts(store: Store) -> None:
    filters = [
        Filter(),
        Filter(any_of={"country": ["XAA"]}),
        Filter(any_of={"country": ["XAA", "XCC"], "stance": ["commitment"]}),
        Filter(any_of={"concepts": ["dim.incident_management"], "language": ["en", "fr"]}),
        Filter(any_of={"concepts": ["norm.h_assistance"]}),
        Filter(none_of={"country": ["XAA"], "kind": ["list"]}),
        Filter(none_of={"revision": ["r1"], "organisations": ["NONE"]}),
        Filter(years=(2020, None)),
        Filter(years=(None, 2019)),
        Filter(any_of={"document": [item.id for item in store.documents()][:1]}),
        Filter(any_of={"passage": [p.passage.id for p in store.passages(store.documents()[0].id)]}),
    ]
    for where in filters:
        assert store.count(where) == store.index.count(where)
        for name in (
            "country",
            "organisations",
            "year",
            "concepts",
            "stance",
            "language",
            "document",
        ):
            assert store.facet(name, where) == store.index.facet(name, where)


def test_columns_of_an_older_store_are_made(settings: Settings) -> None:
    with Store.open(settings, "test@1", DIMENSION) as store:
        put(store, *made("a.txt", "Alpha one.", "Alpha two."), "r1")
        with store._database as database:
            database.execute("DROP TABLE columns")
    with Store.open(settings, "test@1", DIMENSION) as store:
        assert store.count(Filter(any_of={"country": ["XAA"]})) == 2
        same_counts(store)


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


def kept(store: Store, *texts: str) -> None:
    """Keep the vectors that `put` stores."""
    store.cache_vectors({text_key(text): np.ones(DIMENSION, dtype=np.float32) for text in texts})


@pytest.mark.parametrize("lost", ["all", "one", "more"])
def test_an_index_is_mended_from_the_database(settings: Settings, lost: str) -> None:
    with Store.open(settings, "test@1", DIMENSION) as store:
        kept(store, "Alpha one.", "Alpha two.", "Beta one.")
        put(store, *made("a.txt", "Alpha one.", "Alpha two."), "r1")
        put(store, *made("b.txt", "Beta one."), "r2")
        before = found(store)
        if lost == "one":
            store.index.delete("r2")
        elif lost == "more":
            document, passages = made("c.txt", "Gamma one.")
            vectors = np.ones((1, DIMENSION), dtype=np.float32)
            store.index.upsert(points(document, "r7", [(passages[0], tagged())], vectors))
    if lost == "all":
        shutil.rmtree(settings.store / "index")
    with Store.open(settings, "test@1", DIMENSION) as store:
        assert found(store) == before
        assert store.index.revisions() == {"r1": 2, "r2": 1}


def test_a_lost_index_that_cannot_be_mended_is_said(settings: Settings) -> None:
    with Store.open(settings, "test@1", DIMENSION) as store:
        put(store, *made("a.txt", "Alpha one."), "r1")
    shutil.rmtree(settings.store / "index")
    with pytest.raises(StoreError, match="whose vectors are not kept"):
        Store.open(settings, "test@1", DIMENSION)


def test_the_words_of_a_store_are_counted_and_forgotten(store: Store) -> None:
    old, old_passages = made("a.txt", "Alpha alpha one.", "Cybersecurity alpha.")
    put(store, old, old_passages, "r1")
    words = ["alpha", "one", "cyber", "security", "beta"]
    assert list(store.vocabulary.passages(words).values()) == [2, 1, 1, 1, 0]
    new, new_passages = made("a.txt", "Beta one.")
    put(store, new, new_passages, "r2")
    assert list(store.vocabulary.passages(words).values()) == [0, 1, 0, 0, 1]


def test_an_index_of_an_older_version_is_given_its_words_anew(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, passages = made("a.txt", "Defense of harbors.")
    store.cache_vectors({text_key(p.text): np.ones(DIMENSION, np.float32) for p in passages})
    with monkeypatch.context() as older:
        older.setattr(lexical, "roots", lexical.stems)
        older.setattr(lexical, "VERSION", "1")
        put(store, document, passages, "r1")
        store.close()
        Store.open(settings, "test@1", DIMENSION).close()
    leg = Leg("bm25", lexical.query_vector("defence harbours"))
    with Store.open(settings, "test@1", DIMENSION) as again:
        (hit,) = again.index.search([leg], Filter(), 10)
        assert hit.score > 0
        assert again.vocabulary.passages(["defense"]) == {"defense": 1}
