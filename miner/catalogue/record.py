"""The record of a folder of fetched files: `fetched.tsv`, which is a manifest too."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from miner.document import sha256_of

Row = dict[str, str]
NAME = "fetched.tsv"
FIELDS = (
    "path", "title", "country_code", "year", "language", "issuing_body", "type", "url", "licence",
    "id", "sha256", "etag", "last_modified", "fetched", "notes",
)  # fmt: skip


def read_record(folder: Path) -> dict[str, Row]:
    """The rows by entry id; none where nothing was fetched yet."""
    path = folder / NAME
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", restval="")
        return {row["id"]: row for row in rows if row.get("id")}


def write_record(folder: Path, rows: Mapping[str, Row]) -> None:
    """Replace the record in one step, so that a broken run leaves the old one or the new."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, FIELDS, delimiter="\t", extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows.values())
    fresh = folder / f"{NAME}.new"
    fresh.write_text(text.getvalue(), "utf-8", newline="")
    fresh.replace(folder / NAME)


def complete(folder: Path, row: Mapping[str, str]) -> Path | None:
    """The row's file, if it is there and has the recorded SHA-256."""
    path = folder / row["path"] if row.get("path") else None
    if path is None or not path.is_file() or sha256_of(path.read_bytes()) != row.get("sha256"):
        return None
    return path
