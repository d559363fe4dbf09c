"""The store: a folder that holds documents, passages, tags and vectors, and the index over them.

The database (SQLite) is the truth: a passage is found only while its document's current
revision says so. A document is replaced in three steps: its new points go into the index
under a revision nobody reads yet; one transaction makes that revision the current one; the
old points are dropped. Readers rule out the revisions in flight and look at the epoch before
and after, so that no answer mixes two revisions; after a kill, whoever writes next sweeps what
was in flight, and an index that lost points gets them back from the database.

Processes of one machine may have a store open together: the database takes care of itself, the
index has one owner (`miner.index.shared`), and a file lock lets one of them write at a time.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TypeVar

import numpy as np
from numpy.typing import NDArray

from miner import lexical, records
from miner.columns import Columns, packed
from miner.document import Document, Metadata, Page
from miner.errors import NoStore, NotFound, StoreError, StoreMismatch
from miner.feedback import table
from miner.feedback.decision import Decision
from miner.feedback.judgements import Judgements
from miner.index import Filter, Index, open_index
from miner.index.schema import SCHEMA_VERSION, Point
from miner.passages import Passage
from miner.points import indexed_text, text_key
from miner.points import points as points_of
from miner.settings import Settings
from miner.tagging.tag import TaggedPassage
from miner.vocabulary import Vocabulary, changes

_T = TypeVar("_T")
_TRIES = 20
_DATABASE = "documents.sqlite"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents(
    id TEXT PRIMARY KEY, revision TEXT NOT NULL, added TEXT NOT NULL,
    title TEXT, country TEXT, year INTEGER, language TEXT, passages INTEGER NOT NULL,
    metadata TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS sources(
    source TEXT PRIMARY KEY, document TEXT NOT NULL, fingerprint TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS refusals(
    source TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, told TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS sources_document ON sources(document);
CREATE TABLE IF NOT EXISTS passages(
    id TEXT PRIMARY KEY, document TEXT NOT NULL, position INTEGER NOT NULL,
    passage TEXT NOT NULL, tagged TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS passages_document ON passages(document, position);
CREATE TABLE IF NOT EXISTS vectors(
    model TEXT NOT NULL, text TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY(model, text)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS columns(
    change INTEGER PRIMARY KEY AUTOINCREMENT, document TEXT NOT NULL UNIQUE, data BLOB);
CREATE TABLE IF NOT EXISTS commitments(
    passage TEXT NOT NULL, version TEXT NOT NULL, found TEXT NOT NULL,
    PRIMARY KEY(passage, version)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS words(word TEXT PRIMARY KEY, passages INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS in_flight(revision TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS facts(name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What a list of documents shows; the text is read by `Store.document`."""

    id: str
    revision: str
    added: str
    passages: int
    metadata: Metadata
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its tags and what is known about its document."""

    passage: Passage
    tagged: TaggedPassage
    metadata: Metadata


class _Unread(StoredPassage):
    """One whose tags are read when somebody looks: a search shows few of those it weighs."""

    __slots__ = ("_read",)
    _read: Callable[[], TaggedPassage]

    @classmethod
    def of(
        cls, passage: Passage, metadata: Metadata, read: Callable[[], TaggedPassage]
    ) -> StoredPassage:
        """Without its tags, which `read` gives."""
        made = object.__new__(cls)
        for name, value in (("passage", passage), ("metadata", metadata), ("_read", read)):
            object.__setattr__(made, name, value)
        return made

    def __getattr__(self, name: str) -> TaggedPassage:
        if name != "tagged":
            raise AttributeError(name)
        found = self._read()
        object.__setattr__(self, "tagged", found)
        return found


@dataclass(frozen=True, slots=True)
class _Restated:
    """A document with other tags: by the model (`pairs`) and after the analysts (`judged`).
    turned: ids of the passages whose stance changes."""

    document: str
    outdated: str
    revision: str
    pairs: Sequence[tuple[Passage, TaggedPassage]]
    judged: Sequence[tuple[Passage, TaggedPassage]]
    columns: bytes
    turned: Sequence[str]


class Store:
    """An open store; threads may share the object, and processes the store."""

    def __init__(self, folder: Path, index: Index, model: str, dimension: int) -> None:
        self.folder = folder
        self.index = index
        self.model = model
        self.dimension = dimension
        self._turn = threading.RLock()
        self._writer: IO[str] | None = None
        self._counting = threading.Lock()
        self._columns = Columns()
        self._counted = (-1, 0)
        self._decided = (0, Judgements({}))
        self._named: tuple[int, dict[str, str], dict[str, str]] = (-1, {}, {})
        self._local = threading.local()
        self._keeping = threading.Lock()
        self._connections: list[tuple[threading.Thread, sqlite3.Connection]] = []

    @classmethod
    def open(cls, settings: Settings, model: str, dimension: int, *, create: bool = True) -> Store:
        """Open the store that the settings name, or make an empty one.

        Args:
            settings: folder of the store and, where set, the Qdrant server.
            model: id of the embedding model (`Encoder.id`).
            dimension: length of its vectors.
            create: make the store where there is none.

        Raises:
            NoStore: there is none, and none is to be made.
            StoreLocked: the process that owns the index does not answer.
            StoreMismatch: it was written with another schema or embedding model.
            StoreError: the folder or the index cannot be used.
        """
        folder = settings.store
        if not create and not (folder / _DATABASE).is_file():
            raise NoStore(
                str(folder),
                "there is no store here",
                "Make one with `miner ingest`, or name another with --store or MINER_STORE.",
            )
        _made(folder)
        _check_database(folder, model)
        store = cls(folder, open_index(settings, folder, dimension), model, dimension)
        try:
            store._prepare()
        except sqlite3.Error as error:
            store.close()
            raise StoreError(
                str(folder / _DATABASE),
                f"the database cannot be written ({error})",
                "Check the folder's permissions and the space on its disk.",
            ) from error
        except StoreError:
            store.close()
            raise
        return store

    def _prepare(self) -> None:
        database = self._database
        database.executescript(_SCHEMA)
        database.executescript(table.SCHEMA)
        with database:
            database.executemany(
                "INSERT OR IGNORE INTO facts VALUES(?, ?)",
                [("schema", str(SCHEMA_VERSION)), ("model", self.model), ("epoch", "0")],
            )
        # Whoever is writing just now sees to the rest when it writes again.
        with self._writing(wait=False) as alone:
            if alone:
                self._backfill()
                self._mend()
                self._reword()

    def _backfill(self) -> None:
        """Make the columns of documents that an older version stored."""
        rows = self._database.execute(
            "SELECT id FROM documents WHERE id NOT IN (SELECT document FROM columns)"
        ).fetchall()
        for (document,) in rows:
            held = [(p.passage, p.tagged) for p in self.passages(document)]
            stored = self.summary(document)
            with self._database as database:
                _note(database, document, packed(stored.metadata, stored.revision, held))

    def _mend(self) -> None:
        """Give an index that lost points, or all of them, back what the database says."""
        stored = self.counts()[1]
        if self.index.count(Filter()) == stored and not self.index.suspect:
            return
        there = self.index.revisions()
        rows = self._database.execute("SELECT id, revision, passages FROM documents").fetchall()
        lacking = [row[:2] for row in rows if there.get(row[1]) != row[2]]
        for document, revision in lacking:
            self.index.upsert(self._points(document, revision))
        if self.index.exclusive:
            for revision in there.keys() - {row[1] for row in rows}:
                self.index.delete(revision)

    def _reword(self) -> None:
        """Count words, and give them to the index, where an older version read them."""
        database = self._database
        row = database.execute("SELECT value FROM facts WHERE name = 'words'").fetchone()
        if row is not None and row[0] == lexical.VERSION:
            return
        for document, revision in database.execute("SELECT id, revision FROM documents").fetchall():
            self.index.upsert(self._points(document, revision))
        self.index.tidy()
        with database:
            database.execute("DELETE FROM words")
            rows = database.execute("SELECT passage FROM passages")
            database.executemany(*changes(_texts(row[0] for row in rows), 1))
            database.execute("INSERT OR REPLACE INTO facts VALUES('words', ?)", (lexical.VERSION,))

    def _points(self, document: str, revision: str) -> Iterator[Point]:
        held = [(p.passage, p.tagged) for p in self.passages(document)]
        return self._points_of(document, revision, held)

    def _points_of(
        self, document: str, revision: str, held: Sequence[tuple[Passage, TaggedPassage]]
    ) -> Iterator[Point]:
        keys = [text_key(passage.text) for passage, _ in held]
        vectors = self.cached_vectors(keys)
        if any(key not in vectors for key in keys):
            raise StoreError(
                str(self.folder),
                f"the index lacks points of document {document}, whose vectors are not kept",
                "Ingest the documents into a new store.",
            )
        rows = np.stack([vectors[key] for key in keys])
        return points_of(self.document(document), revision, held, rows)

    @contextmanager
    def _writing(self, *, wait: bool = True) -> Iterator[bool]:
        """Keep all others from writing, and sweep what one that was killed left behind.

        Gives whether it could be had, which is certain where it is waited for.
        """
        with self._turn:
            if self._writer is not None:  # one write within another
                yield True
                return
            with (self.folder / "writer").open("a") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
                except BlockingIOError:
                    yield False
                    return
                self._writer = lock
                try:
                    rows = self._database.execute("SELECT revision FROM in_flight").fetchall()
                    self._sweep([row[0] for row in rows])
                    yield True
                finally:
                    self._writer = None

    @property
    def owner(self) -> bool:
        """Whether this process has the index to itself, and no other answers for it."""
        return self.index.owner

    def close(self) -> None:
        """Make everything durable and let go of the folder."""
        self.index.close()
        for _, connection in self._connections:
            connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _database(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = _connect(self.folder)
            self._local.connection = connection
            self._keep(connection)
        return connection

    def _keep(self, connection: sqlite3.Connection) -> None:
        """Remember a thread's connection for `close`, and close those of threads that ended."""
        with self._keeping:
            for thread, held in self._connections:
                if not thread.is_alive():
                    held.close()
            self._connections = [pair for pair in self._connections if pair[0].is_alive()]
            self._connections.append((threading.current_thread(), connection))

    # -- writing -------------------------------------------------------------------------

    def put(
        self,
        document: Document,
        revision: str,
        passages: Sequence[tuple[Passage, TaggedPassage]],
        points: Iterable[Point],
    ) -> None:
        """Store a document, replacing what was stored under its source or its id before.

        `points` carry `revision` in their payload. Until the call returns, readers see what
        was there before; a kill at any moment leaves either the old or the new.
        """
        with self._writing():
            database = self._database
            replaced = self._replaced_by(document)
            if replaced.get(document.id) == revision:
                return  # what is stored already says the same
            outdated = [row for row in replaced.values() if row != revision]
            with database:
                database.execute("INSERT OR REPLACE INTO in_flight VALUES(?)", (revision,))
            self.index.upsert(points)
            with database:
                for old in replaced:
                    _forget(database, old)
                _insert(database, document, revision, passages)
                judged = list(self.judgements.over(passages))
                _note(database, document.id, packed(document.metadata, revision, judged))
                database.execute("DELETE FROM in_flight WHERE revision = ?", (revision,))
                database.executemany(
                    "INSERT OR REPLACE INTO in_flight VALUES(?)", [(r,) for r in outdated]
                )
                _advance(database)
            self._sweep(outdated)

    def decide(self, decisions: Sequence[Decision]) -> list[Decision]:
        """Note decisions of analysts and show them wherever the same words are stored, in one
        step. Gives them with their ids; `miner.feedback.decide` checks what comes here."""
        with self._writing():
            before = table.newest(self._database)
            holding = {
                document: None
                for text in dict.fromkeys(decision.text for decision in decisions)
                for document in table.documents_with(self._database, text)
            }
            self.restate(holding, decisions)
            return [d for d in table.read(self._database) if d.id > before]

    def restate(
        self,
        tags: Mapping[str, Sequence[TaggedPassage] | None],
        decisions: Sequence[Decision] = (),
    ) -> None:
        """Give documents (by id) other tags of the model, one for each passage in order, or
        None for those they have, and note decisions on them; all in one step.

        Nothing is parsed or encoded. NotFound where a document is not stored.
        """
        with self._writing():
            database = self._database
            book = Judgements.of([*table.read(database), *decisions])
            changed = [self._restated(document, given, book) for document, given in tags.items()]
            with database:
                database.executemany(
                    "INSERT OR REPLACE INTO in_flight VALUES(?)", [(c.revision,) for c in changed]
                )
            for change in changed:
                self.index.upsert(self._points_of(change.document, change.revision, change.judged))
            with database:
                table.insert(database, decisions)
                for change in changed:
                    _restate(database, change)
                _advance(database)
            self._sweep([change.outdated for change in changed])

    def _restated(
        self, document: str, given: Sequence[TaggedPassage] | None, book: Judgements
    ) -> _Restated:
        stored, held = self.summary(document), self.passages(document, judged=False)
        tags = [one.tagged for one in held] if given is None else given
        pairs = [(one.passage, tagged) for one, tagged in zip(held, tags, strict=True)]
        mark = f"{stored.revision}|{self.epoch}|{tags[0].model if tags else ''}"
        revision = hashlib.sha256(mark.encode()).hexdigest()[:16]
        judged = list(book.over(pairs))
        columns = packed(stored.metadata, revision, judged)
        before = self.passages(document)
        turned = [
            was.passage.id
            for was, (_, now) in zip(before, judged, strict=True)
            if was.tagged.stance.label is not now.stance.label
        ]
        return _Restated(document, stored.revision, revision, pairs, judged, columns, turned)

    def _replaced_by(self, document: Document) -> dict[str, str]:
        """Documents (id -> revision) that this one takes the place of."""
        rows = self._database.execute(
            "SELECT d.id, d.revision FROM documents d WHERE d.id = ? OR d.id IN ("
            " SELECT s.document FROM sources s WHERE s.source = ? AND NOT EXISTS ("
            "  SELECT 1 FROM sources o WHERE o.document = s.document AND o.source != s.source))",
            (document.id, document.source),
        )
        return dict(rows.fetchall())

    def _sweep(self, revisions: Sequence[str]) -> None:
        if not revisions:
            return
        for revision in revisions:
            self.index.delete(revision)
        with self._database as database:
            database.executemany(
                "DELETE FROM in_flight WHERE revision = ?", [(r,) for r in revisions]
            )

    def note_source(self, source: str, document: str, fingerprint: str) -> None:
        """Remember that this source holds this document, read under this fingerprint."""
        with self._turn, self._database as database:
            database.execute(
                "INSERT OR REPLACE INTO sources VALUES(?, ?, ?)", (source, document, fingerprint)
            )

    def note_refusal(self, source: str, fingerprint: str, told: str) -> None:
        """Remember that this source, read under this fingerprint, is no document, and why."""
        with self._turn, self._database as database:
            database.execute(
                "INSERT OR REPLACE INTO refusals VALUES(?, ?, ?)", (source, fingerprint, told)
            )

    def refusal(self, source: str, fingerprint: str) -> str | None:
        """What `note_refusal` was told of a source under the same fingerprint."""
        row = self._database.execute(
            "SELECT told FROM refusals WHERE source = ? AND fingerprint = ?", (source, fingerprint)
        ).fetchone()
        return str(row[0]) if row else None

    def delete(self, document_id: str) -> None:
        """Drop a document, its passages, points and sources. NotFound where it is not stored."""
        with self._writing():
            revision = self.summary(document_id).revision
            with self._database as database:
                _forget(database, document_id)
                database.execute("DELETE FROM sources WHERE document = ?", (document_id,))
                database.execute("INSERT OR REPLACE INTO in_flight VALUES(?)", (revision,))
                _advance(database)
            self._sweep([revision])

    # -- reading -------------------------------------------------------------------------

    def read(self, ask: Callable[[Filter], _T], where: Filter) -> _T:
        """Run `ask` with a filter that holds only for current revisions.

        Asked again where a document was replaced meanwhile, so that one answer never mixes
        an old revision with a new one.
        """
        for _ in range(_TRIES):
            before = self.epoch
            rows = self._database.execute("SELECT revision FROM in_flight").fetchall()
            answer = ask(where.and_none_of("revision", [row[0] for row in rows]))
            if self.epoch == before:
                return answer
        return answer

    @property
    def epoch(self) -> int:
        """Grows with every document that is stored, replaced or deleted."""
        row = self._database.execute("SELECT value FROM facts WHERE name = 'epoch'").fetchone()
        return int(row[0])

    @property
    def state(self) -> str:
        """Changes with whatever is stored, and differs between stores."""
        row = self._database.execute(
            "SELECT (SELECT value FROM facts WHERE name = 'epoch'), count(*), min(added),"
            " max(added) FROM documents"
        ).fetchone()
        born = (self.folder / _DATABASE).stat().st_ino
        return "/".join(map(str, (born, *row)))

    def fingerprint(self, source: str) -> tuple[str, str] | None:
        """(document id, fingerprint) noted for a source, or None."""
        row = self._database.execute(
            "SELECT s.document, s.fingerprint FROM sources s JOIN documents d ON d.id = s.document"
            " WHERE s.source = ?",
            (source,),
        ).fetchone()
        return (row[0], row[1]) if row else None

    def documents(self, ids: Sequence[str] | None = None) -> list[StoredDocument]:
        """All documents, or those with the given ids, in order of country, year and title."""
        # Few ids are looked up one by one: an ingest asks for one document per file.
        wanted = None if ids is None else set(ids)
        few = list(wanted) if wanted is not None and len(wanted) <= 500 else None
        marks = ",".join("?" * len(few or ()))
        rows = self._database.execute(
            "SELECT id, revision, added, passages, metadata FROM documents"
            + ("" if few is None else f" WHERE id IN ({marks})")
            + " ORDER BY country IS NULL, country, year, title, id",
            few or (),
        ).fetchall()
        sources: dict[str, list[str]] = {}
        for source, owner in self._database.execute(
            "SELECT source, document FROM sources"
            + ("" if few is None else f" WHERE document IN ({marks})"),
            few or (),
        ):
            sources.setdefault(owner, []).append(source)
        return [
            StoredDocument(
                row[0],
                row[1],
                row[2],
                row[3],
                records.metadata(json.loads(row[4])),
                tuple(sorted(sources.get(row[0], ()))),
            )
            for row in rows
            if wanted is None or row[0] in wanted
        ]

    @property
    def names(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """What the countries of the documents are called, by code, and the documents, by id."""
        epoch = self.epoch
        if self._named[0] != epoch:
            # Metadata whole would take 25 ms for 850 documents, and every search shows names.
            rows = self._database.execute(
                "SELECT id, title, country, json_extract(metadata, '$.country_name') FROM documents"
            ).fetchall()
            countries = {row[2]: row[3] or row[2] for row in rows if row[2]}
            self._named = (epoch, countries, {row[0]: row[1] or row[0] for row in rows})
        return self._named[1:]

    def summary(self, document_id: str) -> StoredDocument:
        """One document without its text. NotFound where it is not stored."""
        found = self.documents([document_id])
        if not found:
            raise NotFound(
                f"document {document_id!r}",
                "it is not in the store",
                "List what is there with `miner list` or GET /v1/documents.",
            )
        return found[0]

    def document(self, document_id: str) -> Document:
        """One document, whole. NotFound where it is not stored."""
        row = self._database.execute(
            "SELECT body FROM documents WHERE id = ?", (document_id,)
        ).fetchone()
        if row is None:
            self.summary(document_id)
        return records.unpack_document(row[0])

    def condition(self, document_id: str) -> tuple[tuple[Page, ...], tuple[str, ...]]:
        """How well a document could be read: its pages and warnings. NotFound, as `document`."""
        row = self._database.execute(
            "SELECT body FROM documents WHERE id = ?", (document_id,)
        ).fetchone()
        if row is None:
            self.summary(document_id)
        return records.unpack_condition(row[0])

    def passages(self, document_id: str, *, judged: bool = True) -> list[StoredPassage]:
        """The passages of one document, in order. NotFound where it is not stored.

        judged: with the analysts' tags in place of the model's.
        """
        metadata = self.summary(document_id).metadata
        rows = self._database.execute(
            "SELECT passage, tagged FROM passages WHERE document = ? ORDER BY position",
            (document_id,),
        )
        book = self.judgements if judged else Judgements({})
        return [_stored(row[0], row[1], metadata, book) for row in rows]

    @property
    def judgements(self) -> Judgements:
        """What analysts have decided, as it counts now; reading applies it."""
        newest = table.newest(self._database)
        if self._decided[0] != newest:
            self._decided = (newest, Judgements.of(table.read(self._database)))
        return self._decided[1]

    def decisions(self) -> list[Decision]:
        """All decisions of analysts, in the order of their making, also on passages that are
        not stored any more."""
        return table.read(self._database)

    def passages_by_words(self, texts: Sequence[str]) -> set[str]:
        """Those of the texts that are the words of a passage in the store."""
        return {text for text in set(texts) if table.documents_with(self._database, text)}

    def passage(self, id: str) -> StoredPassage:
        """The passage with this id. Raises NotFound."""
        found = self.passages_by_id([id])
        if id not in found:
            raise NotFound(
                f"passage {id!r}",
                "it is not in the store",
                "Its document may have been replaced; search again.",
            )
        return found[id]

    def passages_by_id(self, ids: Sequence[str]) -> dict[str, StoredPassage]:
        """The passages with these ids that are there now, by id."""
        found: dict[str, StoredPassage] = {}
        cache: dict[str, Metadata] = {}
        book = self.judgements
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            rows = self._database.execute(
                "SELECT p.id, p.passage, p.tagged, d.id, d.metadata FROM passages p"
                " JOIN documents d ON d.id = p.document"
                f" WHERE p.id IN ({','.join('?' * len(some))})",
                list(some),
            )
            for row in rows:
                if row[3] not in cache:
                    cache[row[3]] = records.metadata(json.loads(row[4]))
                found[row[0]] = _stored(row[1], row[2], cache[row[3]], book)
        return found

    def counts(self) -> tuple[int, int]:
        """(documents, passages) in the store."""
        row = self._database.execute(
            "SELECT count(*), coalesce(sum(passages), 0) FROM documents"
        ).fetchone()
        return int(row[0]), int(row[1])

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of all passages."""
        return Vocabulary(lambda sql, values: self._database.execute(sql, values).fetchall())

    # -- counting ------------------------------------------------------------------------

    def count(self, where: Filter) -> int:
        """How many passages satisfy the filter, exactly."""
        with self._counting:
            columns = self._current()
            if columns.answers(None, where):
                return columns.count(where)
        return self.index.count(where)

    def facet(self, name: str, where: Filter, limit: int = 300) -> Mapping[str, int]:
        """How many of them carry each value of a field, most frequent first."""
        with self._counting:
            columns = self._current()
            if columns.answers(name, where):
                return columns.facet(name, where, limit)
        return self.index.facet(name, where, limit)

    def _current(self) -> Columns:
        """The columns as the database has them now."""
        epoch = self.epoch
        if self._counted[0] == epoch:
            return self._columns
        rows = self._database.execute(
            "SELECT change, document, data FROM columns WHERE change > ? ORDER BY change",
            (self._counted[1],),
        ).fetchall()
        for _, document, data in rows:
            if data is None:
                self._columns.drop(document)
            else:
                self._columns.put(document, data)
        self._counted = (epoch, rows[-1][0] if rows else self._counted[1])
        return self._columns

    # -- vectors by content --------------------------------------------------------------

    def cached_vectors(self, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Vectors of this store's model by text hash, those that are known."""
        found: dict[str, NDArray[np.float32]] = {}
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            rows = self._database.execute(
                f"SELECT text, vector FROM vectors WHERE model = ?"
                f" AND text IN ({','.join('?' * len(some))})",
                [self.model, *some],
            )
            found.update((row[0], np.frombuffer(row[1], dtype=np.float32)) for row in rows)
        return found

    def cache_vectors(self, vectors: dict[str, NDArray[np.float32]]) -> None:
        """Keep vectors by text hash."""
        with self._turn, self._database as database:
            database.executemany(
                "INSERT OR REPLACE INTO vectors VALUES(?, ?, ?)",
                [(self.model, key, vector.tobytes()) for key, vector in vectors.items()],
            )

    # -- commitments by passage ----------------------------------------------------------

    def kept_commitments(self, passages: Sequence[str], version: str) -> dict[str, str]:
        """What an extractor of this version found in passages, as JSON by passage id."""
        found: dict[str, str] = {}
        for start in range(0, len(passages), 500):
            some = passages[start : start + 500]
            rows = self._database.execute(
                "SELECT passage, found FROM commitments WHERE version = ?"
                f" AND passage IN ({','.join('?' * len(some))})",
                [version, *some],
            )
            found.update(rows.fetchall())
        return found

    def keep_commitments(self, found: Mapping[str, str], version: str) -> None:
        """Keep what was found (JSON by passage id) in place of what other versions found.

        A passage that was dropped meanwhile is passed over.
        """
        with self._turn, self._database as database:
            database.executemany(
                "DELETE FROM commitments WHERE passage = ?", [(name,) for name in found]
            )
            database.executemany(
                "INSERT OR REPLACE INTO commitments SELECT id, ?, ? FROM passages WHERE id = ?",
                [(version, text, name) for name, text in found.items()],
            )


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "writer").touch()
    except OSError as error:
        raise StoreError(
            str(folder), f"the folder cannot be used ({error})", "Choose another with --store."
        ) from error


def _connect(folder: Path) -> sqlite3.Connection:
    # Connections are closed by the thread that closes the store, hence the unchecked thread.
    connection = sqlite3.connect(folder / _DATABASE, timeout=60, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _check_database(folder: Path, model: str) -> None:
    if not (folder / _DATABASE).exists():
        return
    connection = sqlite3.connect(folder / _DATABASE, timeout=60)
    try:
        rows = connection.execute("SELECT name, value FROM facts").fetchall()
    except sqlite3.OperationalError:
        return  # killed before the first table was made
    except sqlite3.DatabaseError as error:
        raise StoreError(
            str(folder / _DATABASE),
            f"not a readable database ({error})",
            "Restore it from a copy, or ingest into a new store.",
        ) from error
    finally:
        connection.close()
    facts = dict(rows)
    if facts.get("schema", str(SCHEMA_VERSION)) != str(SCHEMA_VERSION):
        raise StoreMismatch(
            str(folder),
            f"written with schema {facts['schema']}, this version needs {SCHEMA_VERSION}",
            "Ingest the documents into a new store.",
        )
    if facts.get("model", model) != model:
        raise StoreMismatch(
            str(folder),
            f"its vectors come from {facts['model']}, the setting names {model}",
            "Set MINER_MODEL back, or ingest into a new store.",
        )


def _advance(database: sqlite3.Connection) -> None:
    database.execute("UPDATE facts SET value = CAST(value AS INTEGER) + 1 WHERE name = 'epoch'")


def _forget(database: sqlite3.Connection, document_id: str) -> None:
    rows = database.execute("SELECT passage FROM passages WHERE document = ?", (document_id,))
    database.executemany(*changes(_texts(row[0] for row in rows), -1))
    database.execute(
        "DELETE FROM commitments WHERE passage IN (SELECT id FROM passages WHERE document = ?)",
        (document_id,),
    )
    database.execute("DELETE FROM passages WHERE document = ?", (document_id,))
    database.execute("DELETE FROM documents WHERE id = ?", (document_id,))
    _note(database, document_id, None)


def _note(database: sqlite3.Connection, document_id: str, data: bytes | None) -> None:
    """Note a document's columns, or that it is gone, as the newest change."""
    database.execute(
        "INSERT OR REPLACE INTO columns(document, data) VALUES(?, ?)", (document_id, data)
    )


def _restate(database: sqlite3.Connection, change: _Restated) -> None:
    """Put a document's new tags and revision in the place of the old ones."""
    database.execute(
        "UPDATE documents SET revision = ? WHERE id = ?", (change.revision, change.document)
    )
    database.executemany(
        "UPDATE passages SET tagged = ? WHERE id = ?",
        [
            (json.dumps(records.as_record(tagged), ensure_ascii=False), passage.id)
            for passage, tagged in change.pairs
        ],
    )
    database.executemany(
        "DELETE FROM commitments WHERE passage = ?", [(name,) for name in change.turned]
    )
    _note(database, change.document, change.columns)
    database.execute("DELETE FROM in_flight WHERE revision = ?", (change.revision,))
    database.execute("INSERT OR REPLACE INTO in_flight VALUES(?)", (change.outdated,))


def _insert(
    database: sqlite3.Connection,
    document: Document,
    revision: str,
    passages: Sequence[tuple[Passage, TaggedPassage]],
) -> None:
    about = document.metadata
    database.executemany(*changes(map(indexed_text, (p for p, _ in passages)), 1))
    database.execute(
        "INSERT INTO documents VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            document.id,
            revision,
            datetime.now(UTC).isoformat(timespec="seconds"),
            about.title,
            about.country,
            about.year,
            about.language,
            len(passages),
            json.dumps(records.as_record(about), ensure_ascii=False),
            records.pack_document(document),
        ),
    )
    database.executemany(
        "INSERT INTO passages VALUES(?, ?, ?, ?, ?)",
        [
            (
                passage.id,
                document.id,
                passage.position,
                json.dumps(records.as_record(passage), ensure_ascii=False),
                json.dumps(records.as_record(tagged), ensure_ascii=False),
            )
            for passage, tagged in passages
        ],
    )


def _texts(passages: Iterable[str]) -> Iterator[str]:
    """What BM25 sees of stored passages."""
    return (indexed_text(records.passage(json.loads(passage))) for passage in passages)


def _stored(passage: str, tagged: str, metadata: Metadata, book: Judgements) -> StoredPassage:
    read = records.passage(json.loads(passage))
    return _Unread.of(
        read, metadata, lambda: book.tagged(read.text, records.tagged(json.loads(tagged)))
    )
