"""`miner export`: what the store knows, for other programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from miner.store import Store
from service.cli.options import StoreOption, settings
from service.cli.output import note
from service.cli.tag import safe_cell, tagged_record
from service.cli.target import Form, Target
from service.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File; stdout where missing.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", help="jsonl or csv; by the file's ending if missing.")
    ] = None,
    document: Annotated[list[str] | None, typer.Option(help="Only these documents (ids).")] = None,
    store: StoreOption = None,
) -> None:
    """Export all passages with their tags, evidence, stance and source, one row each.

    The CSV has one line per tag. Cells are safe against spreadsheet formulas.
    """
    target = Target.of(output, form, sources=[])
    with (
        Workspace.open(settings(store), create=False) as workspace,
        target.opened() as file,
    ):
        count = _write(_rows(workspace.store, document), file, target.form)
    note(f"{count} passages exported")


def _rows(store: Store, wanted: list[str] | None) -> Iterator[dict[str, Any]]:
    for name in wanted or ():
        store.summary(name)
    for item in store.documents(wanted):
        about = item.metadata
        for stored in store.passages(item.id):
            passage = stored.passage
            yield {
                "id": passage.id,
                "document": item.id,
                "title": about.title,
                "country": about.country,
                "year": about.year,
                "url": about.url,
                "page": passage.page,
                "heading_path": list(passage.heading_path),
                "start": passage.start,
                "end": passage.end,
                "language": passage.language,
                "kind": passage.kind.value,
                "text": passage.text,
                **tagged_record(stored.tagged),
            }


_CSV = ("id", "document", "title", "country", "year", "url", "page", "start", "end", "language")


def _write(rows: Iterator[dict[str, Any]], file: IO[str], form: Form) -> int:
    count = 0
    writer = csv.writer(file)
    if form == "csv":
        writer.writerow([*_CSV, "kind", "text", "stance", "concept", "probability", "quote"])
    for row in rows:
        count += 1
        if form == "jsonl":
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            continue
        shared = [safe_cell(row[name]) for name in (*_CSV, "kind", "text")]
        for tag in row["tags"] or [{"concept": "", "probability": "", "evidence": []}]:
            quote = tag["evidence"][0]["quote"] if tag["evidence"] else ""
            cells = (row["stance"]["label"], tag["concept"], tag["probability"], safe_cell(quote))
            writer.writerow([*shared, *cells])
    return count
