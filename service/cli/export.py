"""`miner export`: what the store knows, for other programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from miner.errors import InputError
from miner.outputs.table import Table
from miner.outputs.write import FORMATS, Format, format_named, write
from miner.store import StoredDocument, StoredPassage
from service.cli.options import StoreOption, settings
from service.cli.output import note
from service.cli.selection import (
    CountryOption,
    FrameworkOption,
    LanguageOption,
    Many,
    OrganisationOption,
    SinceOption,
    TypeOption,
    UntilOption,
    selection,
)
from service.cli.tag import safe_cell, tagged_record
from service.cli.target import Form, check_output, whole
from service.workspace import Workspace

TABLES = ("passages", "tags", "commitments", "alignment", "coverage", "matrix", "bodies")
_ENDINGS = {f".{form}": form for form in FORMATS}
_PLAIN: tuple[Format, ...] = ("jsonl", "csv")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(
    what: Annotated[
        Many,
        typer.Option(
            help="passages, tags, commitments, alignment, coverage, matrix, bodies or "
            "annotations; passages with all their tags if missing."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File; stdout where missing.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", help="jsonl, csv, xlsx or parquet; by the file's ending."),
    ] = None,
    framework: FrameworkOption = None,
    document: Annotated[list[str] | None, typer.Option(help="Only these documents (ids).")] = None,
    country: CountryOption = None,
    organisation: OrganisationOption = None,
    type: TypeOption = None,
    language: LanguageOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    store: StoreOption = None,
) -> None:
    """Export passages, tags, commitments, alignments, coverage or bodies, with their sources.

    Without --what: all passages with their tags, evidence, stance and source, one row each; the
    CSV has one line per tag. Cells of CSV and XLSX are safe against spreadsheet formulas.
    """
    chosen = _form(form, output)
    wanted = _wanted(what, chosen)
    if output is not None:
        check_output(output)
    elif chosen not in _PLAIN:
        raise InputError(f"format {chosen!r}", "it is no text", "Name a file with --output.")
    with Workspace.open(settings(store), create=False) as workspace:
        documents = selection(
            workspace,
            country=country,
            organisation=organisation,
            type=type,
            language=language,
            since=since,
            until=until,
            document=document,
        ).documents_of(workspace.store, workspace.geography)
        maker = _Maker(workspace, documents, framework)
        if "annotations" in wanted:
            count, things = _written(output, maker.annotations), "annotations"
        elif not wanted:
            count, things = _written(output, lambda file: maker.nested(file, chosen)), "passages"
        else:
            count = _written(output, lambda file: maker.tables(wanted, chosen, file))
            things = "rows"
    note(f"{count} {things} exported")


def _form(form: str | None, output: Path | None) -> Format:
    if form is not None:
        return format_named(form)
    ending = output.suffix.lower() if output is not None else ""
    return format_named(_ENDINGS.get(ending, "jsonl"))


def _wanted(what: Many, form: Format) -> list[str]:
    """The tables that are asked for; none for the passages as they always were."""
    wanted = list(dict.fromkeys(what or ()))
    for name in wanted:
        if name not in (*TABLES, "annotations"):
            known = ", ".join((*TABLES, "annotations"))
            raise InputError(f"export {name!r}", "there is no such thing", f"Use {known}.")
    if "annotations" in wanted and (len(wanted) > 1 or form != "jsonl"):
        raise InputError(
            "annotations", "they are JSON-LD, not a table", "Export them alone, without --format."
        )
    if not wanted and form not in _PLAIN:
        return ["passages", "tags"] if form == "xlsx" else ["tags"]
    return wanted


def _written(output: Path | None, make: Callable[[IO[bytes]], int]) -> int:
    if output is None:
        return make(sys.stdout.buffer)
    with whole(output) as file:
        return make(file)


class _Maker:
    """Makes what is asked for of some documents."""

    def __init__(
        self, workspace: Workspace, documents: list[StoredDocument], framework: str | None
    ) -> None:
        self.workspace, self.documents, self.framework = workspace, documents, framework

    def tables(self, wanted: list[str], form: Format, file: IO[bytes]) -> int:
        """Tables by name into a file; how many rows they have."""
        return write([self._table(name) for name in wanted], form, file, about=self._about())

    def _table(self, name: str) -> Table:
        from miner.outputs import tables

        across = self.workspace.across
        if name == "passages":
            return tables.passages(self._passages())
        if name == "tags":
            return tables.tags(self._passages())
        if name == "commitments":
            return tables.commitments(self._commitments())
        if name == "alignment":
            return tables.alignment(
                (stored, self.workspace.align_document(stored.id, self.framework))
                for stored in self.documents
            )
        if name == "bodies":
            found, known, documents = across.involvements(self._selection())
            return tables.bodies(found, known, documents, across.named.book.roles.labels)
        by: Any = "document" if name == "coverage" else "country"
        matrix = across.matrix(self.framework, self._selection(), by=by)
        return tables.coverage(matrix) if name == "coverage" else tables.matrix(matrix)

    def _selection(self) -> Any:
        from miner.coverage import Selection

        ids = tuple(stored.id for stored in self.documents)
        return Selection(documents=ids) if ids else Selection(countries=("",))  # of no country

    def _passages(self) -> Iterator[StoredPassage]:
        for stored in self.documents:
            yield from self.workspace.store.passages(stored.id)

    def _commitments(self) -> Any:
        from miner.commitments.ledger import Choice
        from miner.index import Filter

        ids = [stored.id for stored in self.documents]
        return self.workspace.commitments(Filter({"document": ids}), Choice(), "document")

    def _about(self) -> str:
        from importlib.metadata import version

        from miner.alignment import RULE_VERSION
        from miner.taxonomy import framework as framework_of

        chosen = framework_of(self.framework)
        return "\n".join(
            (
                f"Policy Miner {version('policy-miner')}: {len(self.documents)} documents",
                f"Framework {chosen.id}, version {chosen.version}; scoring rule {RULE_VERSION}",
                "A text that a spreadsheet program would take for a formula begins with an "
                "apostrophe; JSON Lines and Parquet exports hold the exact words.",
                "start and end count Unicode code points of the document's text.",
            )
        )

    def annotations(self, file: IO[bytes]) -> int:
        """Web Annotations: one page for one document, an array of pages for several."""
        from miner.outputs.annotation import annotation_page

        store = self.workspace.store
        several = len(self.documents) != 1
        count = 0
        file.write(b"[" if several else b"")
        for number, stored in enumerate(self.documents):
            page = annotation_page(store.document(stored.id), store.passages(stored.id))
            count += len(page["items"])
            file.write(b",\n" if number else b"")
            file.write(json.dumps(page, ensure_ascii=False, indent=1).encode())
        file.write(b"]\n" if several else b"\n")
        return count

    def nested(self, file: IO[bytes], form: Format) -> int:
        """Passages with all their tags, as JSON Lines or one CSV line per tag."""
        import io

        text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
        count = _write(self._rows(), text, "csv" if form == "csv" else "jsonl")
        text.detach()
        return count

    def _rows(self) -> Iterator[dict[str, Any]]:
        for stored in self._passages():
            passage, about = stored.passage, stored.metadata
            yield {
                "id": passage.id,
                "document": passage.document,
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
