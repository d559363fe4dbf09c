"""Readings of commitments in real passages: standoff, without the passages' text.

A row names the file and the pages that its passage stands on, the pieces of their text that make
the passage (`pieces`: [start, end] of the page text, or a string where the product's parser put
white space or mended a character), and the SHA-256 of the passage. The readings are spans of the
passage. A row belongs to the half `dev` where its hash is even, to `test` where it is odd.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from miner.errors import InputError
from miner.taxonomy import Stance

Half = Literal["dev", "test"]
Span = tuple[int, int]
ROLES = ("actor", "modal", "action", "object", "deadline", "resource", "beneficiary")


@dataclass(frozen=True, slots=True)
class Marked:
    """A commitment as somebody (or something) marked it: its class and its spans by role."""

    modal_class: str
    spans: Mapping[str, Span]


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """A passage with its readings by reader. stance: as the tagger gave it."""

    id: str
    source: str
    text: str
    stance: Stance
    stratum: str
    readings: Mapping[str, tuple[Marked, ...]]

    @property
    def half(self) -> Half:
        """Which half the row belongs to, by the parity of the text's hash."""
        return "test" if int(digest(self.text)[-1], 16) % 2 else "dev"


def digest(text: str) -> str:
    """SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_commitments(corpus: Path) -> list[CommitmentRow]:
    """The shipped readings, the passages' words read from `corpus`.

    Raises InputError where a file is missing or its words are not those that were read.
    """
    return [_row(corpus, row) for row in _shipped()]


def _shipped() -> Iterator[dict[str, Any]]:
    text = (files("evaluation") / "data" / "commitment_readings.jsonl").read_text("utf-8")
    return (json.loads(line) for line in text.splitlines())


def _row(corpus: Path, row: Mapping[str, Any]) -> CommitmentRow:
    pages = page_text(corpus / row["source"], row["page"], row["last_page"])
    text = "".join(p if isinstance(p, str) else pages[p[0] : p[1]] for p in row["pieces"])
    if digest(text) != row["sha256"]:
        raise InputError(
            f"{row['source']}, page {row['page']}",
            "these are not the words that were read",
            "Use the corpus that the readings were made on; see evaluation/data/COMMITMENTS.md.",
        )
    return CommitmentRow(
        id=row["id"],
        source=row["source"],
        text=text,
        stance=Stance(row["stance"]),
        stratum=row["stratum"],
        readings={
            reader: tuple(_marked(one) for one in marks)
            for reader, marks in row["readings"].items()
        },
    )


def _marked(one: Mapping[str, Any]) -> Marked:
    return Marked(
        one["class"], {role: (one[role][0], one[role][1]) for role in ROLES if one.get(role)}
    )


@lru_cache(maxsize=64)
def page_text(path: Path, first: int, last: int) -> str:
    """The raw text of a PDF's pages `first` to `last`, or a text file whole.

    Raises InputError where the file cannot be read.
    """
    try:
        if path.suffix != ".pdf":
            with path.open(encoding="utf-8", errors="replace", newline="") as file:
                return file.read()
        return _pdf_text(path, first, last)
    except OSError as error:
        raise InputError(
            str(path), f"it cannot be read ({error.strerror})", "Name the corpus with --corpus."
        ) from error


def _pdf_text(path: Path, first: int, last: int) -> str:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(path)
    except (FileNotFoundError, pdfium.PdfiumError) as error:
        raise InputError(
            str(path), f"it cannot be read ({error})", "Name the corpus with --corpus."
        ) from error
    try:
        return "\f".join(
            str(document[number - 1].get_textpage().get_text_range())
            for number in range(first, last + 1)
        )
    finally:
        document.close()
