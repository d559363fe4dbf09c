"""The store: a folder that holds documents, passages, tags and vectors, and the index over them.

The database (SQLite) is the truth: a passage is found only while its document's current
revision says so. A document is replaced in three steps: its new points go into the index
under a revision nobody reads yet; one transaction makes that revision the current one; the
old points are dropped. Readers rule out the revisions in flight and look at the epoch before
and after, so that no answer mixes two revisions; after a kill, opening the store sweeps what
was in flight.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TypeVar

import numpy as np
from numpy.typing import NDArray

from miner import records
from miner.document import Document, Metadata
from miner.errors import NoStore, NotFound, StoreError, StoreLocked, StoreMismatch
from miner.index import Filter, Index, open_index
from miner.index.schema import SCHEMA_VERSION, Point
from miner.passages import Passage
from miner.settings import Settings
from miner.tagging.tag import TaggedPassage

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
CREATE INDEX IF NOT EXISTS sources_document ON sources(document);
CREATE TABLE IF NOT EXISTS passages(
    id TEXT PRIMARY KEY, document TEXT NOT NULL, position INTEGER NOT NULL,
    passage TEXT NOT NULL, tagged TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS passages_document ON passages(document, position);
CREATE TABLE IF NOT EXISTS vectors(
    model TEXT NOT NULL, text TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY(model, text)) WITHOUT ROWID;
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


class Store:
    """An open store. One process writes; its threads may share the object."""

    def __init__(
        self, folder: Path, index: Index, lock: IO[str] | None, model: str, dimension: int
    ) -> None:
        self.folder = folder
        self.index = index
        self.model = model
        self.dimension = dimension
        self._lock = lock
        self._writing = threading.RLock()
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
            StoreLocked: another process has it open.
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
        lock = _owned(folder)
        try:
            _check_database(folder, model)
            index = open_index(settings, folder / "index", dimension)
        except BaseException:
            lock.close()
            raise
        store = cls(folder, index, lock, model, dimension)
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
        with database:
            database.executemany(
                "INSERT OR IGNORE INTO facts VALUES(?, ?)",
                [("schema", str(SCHEMA_VERSION)), ("model", self.model), ("epoch", "0")],
            )
        for (revision,) in database.execute("SELECT revision FROM in_flight").fetchall():
            self.index.delete(revision)
        with database:
            database.execute("DELETE FROM in_flight")
        if self.counts()[1] and not self.index.count(Filter()):
            # Searches would find nothing, without a word.
            raise StoreError(
                str(self.folder),
                f"the index is empty and {self.counts()[1]} passages are stored",
                "Restore the index folder or the server's collection, or use a new store.",
            )

    def close(self) -> None:
        """Make everything durable and let go of the folder."""
        self.index.flush()
        self.index.close()
        for _, connection in self._connections:
            connection.close()
        if self._lock is not None:
            self._lock.close()

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
        with self._writing:
            database = self._database
            replaced = self._replaced_by(document)
            if replaced.get(document.id) == revision:
                return  # what is stored already says the same
            outdated = [row for row in replaced.values() if row != revision]
            with database:
                database.execute("INSERT OR REPLACE INTO in_flight VALUES(?)", (revision,))
            self.index.upsert(points)
            self.index.flush()
            with database:
                for old in replaced:
                    _forget(database, old)
                _insert(database, document, revision, passages)
                database.execute("DELETE FROM in_flight WHERE revision = ?", (revision,))
                database.executemany(
                    "INSERT OR REPLACE INTO in_flight VALUES(?)", [(r,) for r in outdated]
                )
                _advance(database)
            self._sweep(outdated)

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
        for revision in revisions:
            self.index.delete(revision)
        with self._database as database:
            database.executemany(
                "DELETE FROM in_flight WHERE revision = ?", [(r,) for r in revisions]
            )

    def note_source(self, source: str, document: str, fingerprint: str) -> None:
        """Remember that this source holds this document, read under this fingerprint."""
        with self._writing, self._database as database:
            database.execute(
                "INSERT OR REPLACE INTO sources VALUES(?, ?, ?)", (source, document, fingerprint)
            )

    def delete(self, document_id: str) -> None:
        """Drop a document, its passages, points and sources. NotFound where it is not stored."""
        with self._writing:
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

    def passages(self, document_id: str) -> list[StoredPassage]:
        """The passages of one document, in order. NotFound where it is not stored."""
        metadata = self.summary(document_id).metadata
        rows = self._database.execute(
            "SELECT passage, tagged FROM passages WHERE document = ? ORDER BY position",
            (document_id,),
        )
        return [_stored(row[0], row[1], metadata) for row in rows]

    def passages_by_id(self, ids: Sequence[str]) -> dict[str, StoredPassage]:
        """The passages with these ids that are there now, by id."""
        found: dict[str, StoredPassage] = {}
        cache: dict[str, Metadata] = {}
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
                found[row[0]] = _stored(row[1], row[2], cache[row[3]])
        return found

    def counts(self) -> tuple[int, int]:
        """(documents, passages) in the store."""
        row = self._database.execute(
            "SELECT count(*), coalesce(sum(passages), 0) FROM documents"
        ).fetchone()
        return int(row[0]), int(row[1])

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
        with self._writing, self._database as database:
            database.executemany(
                "INSERT OR REPLACE INTO vectors VALUES(?, ?, ?)",
                [(self.model, key, vector.tobytes()) for key, vector in vectors.items()],
            )


def _owned(folder: Path) -> IO[str]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "owner").open("a+")
    except OSError as error:
        raise StoreError(
            str(folder), f"the folder cannot be used ({error})", "Choose another with --store."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        owner = lock.read().strip() or "unknown"
        lock.close()
        raise StoreLocked(
            str(folder),
            f"another process (pid {owner}) has this store open",
            "Stop it, wait for it, or ask its API instead.",
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


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
    database.execute("DELETE FROM passages WHERE document = ?", (document_id,))
    database.execute("DELETE FROM documents WHERE id = ?", (document_id,))


def _insert(
    database: sqlite3.Connection,
    document: Document,
    revision: str,
    passages: Sequence[tuple[Passage, TaggedPassage]],
) -> None:
    about = document.metadata
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


def _stored(passage: str, tagged: str, metadata: Metadata) -> StoredPassage:
    return StoredPassage(
        records.passage(json.loads(passage)), records.tagged(json.loads(tagged)), metadata
    )
