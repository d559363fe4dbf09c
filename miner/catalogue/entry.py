"""The catalogue of real strategies: facts on each, and where its publisher keeps it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One document that exists, with its facts; the text is its publisher's.

    url: empty where none is known. sha256: 64 hex digits of the file, empty where nobody has
    recorded it. domain: cyber, ai, quantum, security or digital.
    """

    id: str
    title: str
    country_code: str = ""
    year: int | None = None
    type: str = ""
    domain: str = ""
    issuing_body: str = ""
    language: str = ""
    url: str = ""
    url_checked: str = ""
    sha256: str = ""
    licence: str = ""
    notes: str = ""

    @property
    def about_only(self) -> bool:
        """Whether the address is a page about the document, not the document."""
        return "landing page" in self.notes or "third-party page" in self.notes


@cache
def entries() -> tuple[CatalogueEntry, ...]:
    """The shipped catalogue (`corpus/catalogue.tsv`), in its order."""
    text = (files("corpus") / "catalogue.tsv").read_text("utf-8")
    return tuple(_entry(row) for row in csv.DictReader(text.splitlines(), delimiter="\t"))


def _entry(row: Mapping[str, str]) -> CatalogueEntry:
    words = {name: cell for name, cell in row.items() if name != "year"}
    return CatalogueEntry(**words, year=int(row["year"]) if row["year"] else None)
