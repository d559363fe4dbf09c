"""`miner coverage`: countries or documents by concepts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, cast

import typer

from miner.coverage import Cell, Level, Matrix, Row
from miner.errors import InputError
from miner.records import as_record
from service.cli.filters import concept_id
from service.cli.options import JsonOption, StoreOption, settings
from service.cli.output import print_json, print_text
from service.cli.selection import (
    CountryOption,
    DocumentOption,
    EveryOption,
    FrameworkOption,
    LanguageOption,
    Many,
    OnOption,
    OrganisationOption,
    SinceOption,
    TypeOption,
    UntilOption,
    selection,
)
from service.workspace import Workspace

SIGNS = {
    Level.COMMITTED: "■",
    Level.DESCRIBED: "▣",
    Level.LIKELY: "□",
    Level.UNCLEAR: "?",
    Level.ABSENT: "·",
}
LEGEND = "■ committed   ▣ described   □ likely addressed   · nothing found   ? could not be read"
_NAME = 34


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("coverage")(coverage)


def coverage(
    framework: FrameworkOption = None,
    by: Annotated[str, typer.Option(help="Rows: country or document.")] = "country",
    concept: Annotated[
        Many, typer.Option(help="Only this concept: id or label; see `miner frameworks`.")
    ] = None,
    country: CountryOption = None,
    organisation: OrganisationOption = None,
    on: OnOption = None,
    type: TypeOption = None,
    language: LanguageOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    document: DocumentOption = None,
    every: EveryOption = False,
    evidence: Annotated[
        int, typer.Option(help="Passages per cell with --json.", min=0, max=10)
    ] = 3,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who commits to what: a row per country or document, a column per concept.

    Where a country has several documents its latest one speaks for it of which enough could be
    read.
    """
    if by not in ("country", "document"):
        raise InputError(f"rows {by!r}", "there are no such rows", "Use country or document.")
    with Workspace.open(settings(store), create=False) as workspace:
        found = workspace.across.matrix(
            framework,
            selection(
                workspace,
                country=country,
                organisation=organisation,
                on=on,
                type=type,
                language=language,
                since=since,
                until=until,
                document=document,
                every=every,
            ),
            by=cast(Literal["country", "document"], by),
        )
    wanted = {concept_id(name) for name in concept or ()}
    columns = [n for n, c in enumerate(found.concepts) if not wanted or c.id in wanted]
    if as_json:
        print_json(matrix_record(found, columns, evidence))
    else:
        _show(found, columns)


def matrix_record(found: Matrix, columns: list[int], evidence: int) -> dict[str, Any]:
    """The matrix as a record; `evidence` passages per cell."""
    return {
        "framework": found.framework.id,
        "framework_version": found.framework.version,
        "rule": found.rule,
        "level_rule": found.level_rule,
        "models": list(found.models),
        "by": found.by,
        "choice": found.choice,
        "concepts": [
            {"concept": c.id, "label": c.label, "group": c.group}
            for c in (found.concepts[n] for n in columns)
        ],
        "rows": [row_record(row, columns, evidence) for row in found.rows],
    }


def row_record(row: Row, columns: list[int], evidence: int) -> dict[str, Any]:
    """A row as a record."""
    record: dict[str, Any] = as_record(row)
    record["cells"] = [cell_record(row.cells[n], evidence) for n in columns]
    return record


def cell_record(cell: Cell, evidence: int) -> dict[str, Any]:
    """A cell as a record; misses are told where nothing counts."""
    record: dict[str, Any] = as_record(cell)
    record["evidence"] = record["evidence"][:evidence]
    record["nearest"] = [] if cell.evidence else record["nearest"][:evidence]
    return record


def _show(found: Matrix, columns: list[int]) -> None:
    rows = "countries" if found.by == "country" else "documents"
    print_text(f"{found.framework.title}: {len(found.rows)} {rows}", "bold")
    print_text(LEGEND)
    for group in found.framework.groups:
        held = [n for n in columns if found.concepts[n].group == group]
        if not held:
            continue
        print_text()
        print_text(
            f"{group:{_NAME + 6}}" + "".join(f"{n:3}" for n in range(1, len(held) + 1)), "bold"
        )
        for row in found.rows:
            print_text(_line(row, held))
        print_text(f"{'committed':{_NAME + 6}}" + "".join(_counts(found, held)), "bold")
        for number, column in enumerate(held, 1):
            print_text(f"  {number:2}  {found.concepts[column].label}", "dim")
    _caution(found)


def _line(row: Row, columns: list[int]) -> str:
    years = sorted({source.year for source in row.sources if source.year})
    year = f"{years[-1]}{'+' if len(years) > 1 else ''}" if years else ""
    name = row.label if len(row.label) <= _NAME else f"{row.label[: _NAME - 1]}…"
    return f"{name:{_NAME}} {year:5}" + "".join(f"  {SIGNS[row.cells[n].level]}" for n in columns)


def _counts(found: Matrix, columns: list[int]) -> Iterator[str]:
    for n in columns:
        yield f"{sum(row.cells[n].level is Level.COMMITTED for row in found.rows):3}"


def _caution(found: Matrix) -> None:
    passed = [(row.label, source) for row in found.rows for source in row.passed]
    if passed:
        print_text()
    for label, source in passed:
        print_text(
            f"passed over, too little could be read: {label}, {source.title} ({source.year}), "
            f"{source.document}",
            "yellow",
        )
