"""Columns: what filters and facets ask of every passage, as numbers in memory.

An engine's facets look at each point and take seconds over a million of them; these take
milliseconds and some 7 bytes a passage. They are read from the database, which is the truth, and
follow it document by document.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from miner.document import Metadata
from miner.index.schema import Filter
from miner.passages import Passage
from miner.tagging.tag import TaggedPassage
from miner.taxonomy import codebook

_PASSAGE = ("language", "kind", "stance")
_DOCUMENT = ("country", "type", "document", "revision", "year", "organisations")
_FIELDS = frozenset({*_PASSAGE, *_DOCUMENT, "concepts"})
_NONE = 255
_MOST_HELD = 500


def packed(
    about: Metadata, revision: str, passages: Sequence[tuple[Passage, TaggedPassage]]
) -> bytes:
    """A document's columns: a line of JSON, a byte per passage for each field, and then the bits
    of each passage's concepts, in the order that the JSON tells."""
    values: dict[str, list[str | None]] = {
        "language": [passage.language for passage, _ in passages],
        "kind": [passage.kind.value for passage, _ in passages],
        "stance": [None if t.abstained else t.stance.label.value for _, t in passages],
    }
    known = {name: sorted({v for v in held if v is not None}) for name, held in values.items()}
    order = {concept: number for number, concept in enumerate(codebook())}
    head = {
        "revision": revision,
        "country": about.country,
        "type": about.type,
        "year": about.year,
        "organisations": list(about.organisations),
        "concepts": list(order),
        "known": known,
        "passages": len(passages),
    }
    codes = [
        bytes(_NONE if v is None else known[name].index(v) for v in held)
        for name, held in values.items()
    ]
    carried = np.zeros((len(passages), len(order)), dtype=bool)
    for row, (_, tagged) in enumerate(passages):
        # A model may know concepts that the codebook has dropped.
        carried[row, [order[tag.concept] for tag in tagged.decided if tag.concept in order]] = True
    bits = np.packbits(carried, axis=1, bitorder="little")
    line = json.dumps(head, ensure_ascii=False).encode()
    return b"\n".join([line, b"".join(codes) + bits.tobytes()])


class _Codes:
    """Numbers for the values of a field, given in the order of their coming."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._number: dict[str, int] = {}

    def add(self, value: str) -> int:
        number = self._number.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number

    def known(self, values: Sequence[str]) -> list[int]:
        return [self._number[value] for value in values if value in self._number]


class Columns:
    """The columns of all documents. Not safe to share between threads while it changes."""

    def __init__(self) -> None:
        self._codes = {name: _Codes() for name in (*_FIELDS, "concepts")}
        self._slots: dict[str, int] = {}
        self._heads: list[dict[str, Any] | None] = []
        self._sizes: list[int] = []
        self._rows = 0
        self._column = {name: np.empty(0, dtype=np.uint8) for name in _PASSAGE}
        self._bits = np.zeros((0, 0), dtype=np.uint8)
        self._about: dict[str, NDArray[Any]] | None = None
        self._held: dict[object, dict[str, int]] = {}
        self._last: tuple[object, NDArray[np.bool_] | None] | None = None

    @property
    def wasted(self) -> int:
        """Rows of documents that are gone."""
        dead = (n for n, head in zip(self._sizes, self._heads, strict=True) if head is None)
        return sum(dead)

    def put(self, document: str, data: bytes) -> None:
        """Add a document, or replace it, with what `packed` gave."""
        self.drop(document)
        line, _, body = data.partition(b"\n")
        head = json.loads(line)
        size = int(head.pop("passages"))
        self._grow(size)
        rows = slice(self._rows, self._rows + size)
        for number, name in enumerate(_PASSAGE):
            look = np.full(256, _NONE, dtype=np.uint8)
            for code, value in enumerate(head["known"][name]):
                look[code] = self._codes[name].add(value)
            local = np.frombuffer(body, dtype=np.uint8, count=size, offset=number * size)
            self._column[name][rows] = look[local]
        bits = np.frombuffer(body, dtype=np.uint8, offset=len(_PASSAGE) * size)
        ours = self._in_our_order(head.pop("concepts"), bits.reshape(size, -1))
        self._bits[rows, : ours.shape[1]] = ours
        self._slots[document] = len(self._heads)
        self._heads.append({**head, "document": document})
        self._sizes.append(size)
        self._rows += size
        self._forget()

    def drop(self, document: str) -> None:
        """Remove a document, where it is there."""
        slot = self._slots.pop(document, None)
        if slot is not None:
            self._heads[slot] = None
            self._forget()

    def _forget(self) -> None:
        self._about = self._last = None
        self._held.clear()

    def _grow(self, more: int) -> None:
        if self._rows + more > len(self._bits):
            size = max(2 * len(self._bits), self._rows + more, 1024)
            added = size - len(self._bits)
            for name, column in self._column.items():
                self._column[name] = np.pad(column, (0, added), constant_values=_NONE)
            self._bits = np.pad(self._bits, ((0, added), (0, 0)))

    def _in_our_order(self, names: Sequence[str], bits: NDArray[np.uint8]) -> NDArray[np.uint8]:
        numbers = [self._codes["concepts"].add(name) for name in names]
        width = -(-len(self._codes["concepts"].values) // 8)
        if width > self._bits.shape[1]:
            self._bits = np.pad(self._bits, ((0, 0), (0, width - self._bits.shape[1])))
        if numbers == list(range(len(numbers))):
            return bits
        carried = np.zeros((len(bits), 8 * width), dtype=np.uint8)
        local = np.unpackbits(bits, axis=1, bitorder="little")
        carried[:, numbers] = local[:, : len(numbers)]
        return np.packbits(carried, axis=1, bitorder="little")

    def answers(self, name: str | None, where: Filter) -> bool:
        """Whether these fields are all held here."""
        asked = {*where.any_of, *where.none_of, *([name] if name else [])}
        return asked <= _FIELDS

    def count(self, where: Filter) -> int:
        """How many passages satisfy the filter."""
        return self._known("", where)[""]

    def facet(self, name: str, where: Filter, limit: int) -> dict[str, int]:
        """How many of them carry each value of a field, most frequent first."""
        return dict(islice(self._known(name, where).items(), limit))

    def _known(self, name: str, where: Filter) -> dict[str, int]:
        key = (name, _frozen(where))
        if key not in self._held:
            if len(self._held) >= _MOST_HELD:
                self._held.clear()
            self._held[key] = self._facet(name, where) if name else {"": self._count(where)}
        return self._held[key]

    def _count(self, where: Filter) -> int:
        rows, table = self._chosen(where), self._table()
        if rows is None:
            return int(table["sizes"][table["live"]].sum())
        return int(np.count_nonzero(rows))

    def _facet(self, name: str, where: Filter) -> dict[str, int]:
        rows = self._chosen(where)
        if name in _DOCUMENT:
            counts = self._by_document(name, rows)
        elif name == "concepts":
            bits = self._bits[: self._rows]
            counts = _bit_counts(bits if rows is None else bits[rows])
        else:
            column = self._column[name][: self._rows]
            counts = np.bincount(column if rows is None else column[rows], minlength=256)[:_NONE]
        values = self._codes[name].values
        found = {values[n]: int(counts[n]) for n in np.flatnonzero(counts[: len(values)])}
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    def _by_document(self, name: str, rows: NDArray[np.bool_] | None) -> NDArray[Any]:
        table = self._table()
        if rows is None:
            sizes = np.where(table["live"], table["sizes"], 0)
        else:
            before = np.concatenate([[0], np.cumsum(rows)])
            sizes = before[table["starts"] + table["sizes"]] - before[table["starts"]]
        slots, codes = table[f"{name} slots"], table[name]
        return np.bincount(
            codes, weights=sizes[slots], minlength=len(self._codes[name].values)
        ).astype(np.int64)

    def _table(self) -> dict[str, NDArray[Any]]:
        """What documents carry, as numbers; made anew after a change."""
        if self._about is not None:
            return self._about
        sizes = np.array(self._sizes, dtype=np.int64)
        live = np.array([head is not None for head in self._heads], dtype=bool)
        table: dict[str, NDArray[Any]] = {
            "live": live,
            "sizes": sizes,
            "starts": np.cumsum(sizes) - sizes,
            "years": np.array([(head or {}).get("year") or 0 for head in self._heads], np.int64),
        }
        for name in _DOCUMENT:
            pairs = [
                (slot, self._codes[name].add(str(value)))
                for slot, head in enumerate(self._heads)
                if head is not None
                for value in (head[name] if name == "organisations" else [head[name]])
                if value is not None
            ]
            table[f"{name} slots"] = np.array([slot for slot, _ in pairs], dtype=np.int64)
            table[name] = np.array([code for _, code in pairs], dtype=np.int64)
        self._about = table
        return table

    def _documents(self, where: Filter) -> NDArray[np.bool_]:
        """The documents that a filter leaves, one flag each."""
        table = self._table()
        chosen = table["live"].copy()
        for wanted, named in ((True, where.any_of), (False, where.none_of)):
            for name, values in named.items():
                if name in _DOCUMENT and (wanted or values):
                    carry = np.zeros(len(chosen), dtype=bool)
                    codes = self._codes[name].known([str(value) for value in values])
                    carry[table[f"{name} slots"][np.isin(table[name], codes)]] = True
                    chosen &= carry if wanted else ~carry
        if where.years is not None:
            first, last = where.years
            years = table["years"]
            chosen &= (years > 0) & (years >= (first or 0)) & (years <= (last or 9999))
        return chosen

    def _chosen(self, where: Filter) -> NDArray[np.bool_] | None:
        """The rows that a filter leaves; None for all of them. The last answer is kept, for
        facets ask for it several times."""
        if self._last is None or self._last[0] != _frozen(where):
            self._last = (_frozen(where), self._rows_of(where))
        return self._last[1]

    def _rows_of(self, where: Filter) -> NDArray[np.bool_] | None:
        documents = self._documents(where)
        asked = (*where.any_of, *where.none_of)
        if documents.all() and all(name in _DOCUMENT for name in asked):
            return None
        rows = np.repeat(documents, self._table()["sizes"])
        for wanted, named in ((True, where.any_of), (False, where.none_of)):
            for name, values in named.items():
                if name in _DOCUMENT or not (wanted or values):
                    continue
                codes = self._codes[name].known(values)
                if name == "concepts":
                    carry = np.zeros(self._rows, dtype=bool)
                    for code in codes:
                        carry |= (self._bits[: self._rows, code // 8] >> code % 8 & 1) == 1
                else:
                    look = np.zeros(256, dtype=bool)
                    look[codes] = True
                    carry = look[self._column[name][: self._rows]]
                rows &= carry if wanted else ~carry
        return rows


def _bit_counts(bits: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How many rows have each bit set."""
    set_in = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little")
    counts = [np.bincount(bits[:, at], minlength=256) @ set_in for at in range(bits.shape[1])]
    return np.concatenate([*counts, np.zeros(0, np.int64)]).astype(np.int64)


def _frozen(where: Filter) -> object:
    def frozen(named: Mapping[str, Sequence[str]]) -> object:
        return tuple(sorted((field, tuple(values)) for field, values in named.items()))

    return (frozen(where.any_of), frozen(where.none_of), where.years)
