"""What is computed from one revision of a document, kept beside the store.

A folder's `derived.sqlite` may be deleted at any time: everything in it can be made anew. Entries
are found by the document's revision and a stamp of whatever else they were made with, so that
nothing outdated is ever given; those of earlier revisions are dropped when new ones come.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
_log = logging.getLogger(__name__)
_FILE = "derived.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS derived(
    document TEXT NOT NULL, kind TEXT NOT NULL, stamp TEXT NOT NULL, revision TEXT NOT NULL,
    value BLOB NOT NULL, PRIMARY KEY(document, kind, stamp)) WITHOUT ROWID;
"""
# Values that are also kept in memory, decoded.
_IN_MEMORY = 500


class Derived:
    """A cache in the store's folder and in memory; safe between threads and processes.

    Where the folder cannot be written, values are made anew each time: a full disk is no reason
    to give no answer.
    """

    def __init__(self, folder: Path, *, in_memory: int = _IN_MEMORY) -> None:
        self._path = folder / _FILE
        self._most = in_memory
        self._held: OrderedDict[tuple[str, str, str, str], Any] = OrderedDict()
        self._turn = threading.Lock()

    def get(
        self,
        document: str,
        revision: str,
        kind: str,
        stamp: str,
        make: Callable[[], T],
        pack: Callable[[T], bytes],
        unpack: Callable[[bytes], T],
    ) -> T:
        """A value of one revision of a document, made where it is not kept.

        kind: what it is. stamp: what else it was made with. pack, unpack: to bytes and back;
        a value that cannot be unpacked (ValueError) is made anew.
        """
        key = (document, revision, kind, stamp)
        with self._turn:
            if key in self._held:
                self._held.move_to_end(key)
                held: T = self._held[key]
                return held
        value = self._read(key, unpack)
        if value is None:
            value = make()
            self._write(key, pack(value))
        self._keep(key, value)
        return value

    def _read(self, key: tuple[str, str, str, str], unpack: Callable[[bytes], T]) -> T | None:
        document, revision, kind, stamp = key
        try:
            with closing(self._open()) as database:
                row = database.execute(
                    "SELECT value FROM derived WHERE document = ? AND kind = ? AND stamp = ?"
                    " AND revision = ?",
                    (document, kind, stamp, revision),
                ).fetchone()
            return unpack(zlib.decompress(row[0])) if row else None
        except (sqlite3.Error, zlib.error, ValueError) as error:
            _log.warning("%s: %s", self._path, error)
            return None

    def _write(self, key: tuple[str, str, str, str], value: bytes) -> None:
        document, revision, kind, stamp = key
        try:
            with closing(self._open()) as database, database:
                database.execute(
                    "DELETE FROM derived WHERE document = ? AND kind = ? AND revision != ?",
                    (document, kind, revision),
                )
                database.execute(
                    "INSERT OR REPLACE INTO derived VALUES(?, ?, ?, ?, ?)",
                    (document, kind, stamp, revision, zlib.compress(value, 3)),
                )
        except sqlite3.Error as error:
            _log.warning("%s: %s", self._path, error)

    def warm(
        self, wanted: Mapping[str, str], kind: str, stamp: str, unpack: Callable[[bytes], Any]
    ) -> None:
        """Take values of many documents (id -> revision) into memory in one reading."""
        lacking = {d: r for d, r in wanted.items() if (d, r, kind, stamp) not in self._held}
        if len(lacking) < 2 or len(lacking) > self._most:
            return
        marks = ",".join("?" * len(lacking))
        try:
            with closing(self._open()) as database:
                rows = database.execute(
                    "SELECT document, revision, value FROM derived WHERE kind = ? AND stamp = ?"
                    f" AND document IN ({marks})",
                    [kind, stamp, *lacking],
                ).fetchall()
            for document, revision, value in rows:
                if lacking[document] == revision:
                    self._keep((document, revision, kind, stamp), unpack(zlib.decompress(value)))
        except (sqlite3.Error, zlib.error, ValueError) as error:
            _log.warning("%s: %s", self._path, error)

    def _keep(self, key: tuple[str, str, str, str], value: Any) -> None:
        with self._turn:
            self._held[key] = value
            while len(self._held) > self._most:
                self._held.popitem(last=False)

    def prune(self, documents: Iterable[str]) -> None:
        """Drop what belongs to none of these documents."""
        kept = set(documents)
        try:
            with closing(self._open()) as database, database:
                rows = database.execute("SELECT DISTINCT document FROM derived").fetchall()
                gone = [row for row in rows if row[0] not in kept]
                database.executemany("DELETE FROM derived WHERE document = ?", gone)
        except sqlite3.Error as error:
            _log.warning("%s: %s", self._path, error)

    def _open(self) -> sqlite3.Connection:
        # A connection a call: readers are many threads, and what they would wait for is short.
        database = sqlite3.connect(self._path, timeout=10)
        database.execute("PRAGMA synchronous = OFF")
        database.executescript(_SCHEMA)
        return database


def stamp(*parts: object) -> str:
    """16 hex digits of the SHA-256 of the parts, as texts."""
    text = "\0".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
