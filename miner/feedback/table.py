"""Decisions in the store's database. The table outlives the documents that it speaks of."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, fields
from pathlib import Path

from miner.errors import NoStore, StoreError
from miner.feedback.decision import Decision, Verdict

DATABASE = "documents.sqlite"
SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback(
    id INTEGER PRIMARY KEY AUTOINCREMENT, content TEXT NOT NULL, passage TEXT NOT NULL,
    document TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL,
    who TEXT NOT NULL, at TEXT NOT NULL, verdict TEXT NOT NULL, concept TEXT, stance TEXT,
    quote TEXT NOT NULL, model TEXT NOT NULL, comment TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS passages_words ON passages(
    substr(json_extract(passage, '$.text'), 1, 40));
"""
_COLUMNS = tuple(field.name for field in fields(Decision))


def read(database: sqlite3.Connection) -> list[Decision]:
    """All decisions, in the order of their making."""
    rows = database.execute(f"SELECT {', '.join(_COLUMNS)} FROM feedback ORDER BY id")
    return [_decision(row) for row in rows]


def newest(database: sqlite3.Connection) -> int:
    """The id of the last decision; 0 without any."""
    return int(database.execute("SELECT coalesce(max(id), 0) FROM feedback").fetchone()[0])


def insert(database: sqlite3.Connection, decisions: Iterable[Decision]) -> None:
    """Add decisions, with ids of their own. The caller commits."""
    database.executemany(
        f"INSERT INTO feedback({', '.join(_COLUMNS[1:])})"
        f" VALUES({', '.join('?' * len(_COLUMNS[1:]))})",
        [astuple(decision)[1:] for decision in decisions],
    )


def documents_with(database: sqlite3.Connection, text: str) -> list[str]:
    """The documents that hold a passage of exactly these words."""
    rows = database.execute(
        "SELECT DISTINCT document FROM passages"
        " WHERE substr(json_extract(passage, '$.text'), 1, 40) = substr(?, 1, 40)"
        " AND json_extract(passage, '$.text') = ? ORDER BY document",
        (text, text),
    )
    return [row[0] for row in rows]


def read_folder(store: Path) -> list[Decision]:
    """All decisions of the store in a folder, which another process may have open.

    Raises NoStore where there is none, StoreError where it cannot be read.
    """
    path = store / DATABASE
    if not path.is_file():
        raise NoStore(
            str(store), "there is no store here", "Name a store's folder, or an exported file."
        )
    database = sqlite3.connect(path, timeout=60)
    try:
        return read(database)
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return []  # a store that nobody has given feedback on
        raise StoreError(str(path), f"it cannot be read ({error})", "Try again.") from error
    except sqlite3.DatabaseError as error:
        raise StoreError(
            str(path), f"not a readable database ({error})", "Restore it from a copy."
        ) from error
    finally:
        database.close()


def _decision(row: tuple[object, ...]) -> Decision:
    named = dict(zip(_COLUMNS, row, strict=True))
    return Decision(**{**named, "verdict": Verdict(str(named["verdict"]))})  # type: ignore[arg-type]
