"""A Table: rows with named columns, on their way into a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Value = str | int | float | bool | None
Kind = Literal["text", "integer", "number", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: every value of it is of one kind, or None."""

    name: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows are read once; each has a value for each column, in order."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[Value, ...]]


def columns(text: str) -> tuple[Column, ...]:
    """Columns from words: `name`, or `name:i` (integer), `name:n` (number), `name:f` (flag)."""
    kinds: dict[str, Kind] = {"": "text", "i": "integer", "n": "number", "f": "flag"}
    return tuple(
        Column(name, kinds[kind])
        for name, _, kind in (word.partition(":") for word in text.split())
    )
