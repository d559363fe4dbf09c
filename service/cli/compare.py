"""`miner compare`: documents side by side."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from miner.coverage import Comparison
from service.cli.coverage import LEGEND, SIGNS, cell_record, matrix_record
from service.cli.options import JsonOption, StoreOption, settings
from service.cli.output import print_json, print_text
from service.cli.selection import FrameworkOption
from service.workspace import Workspace

_LABEL = 44


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compare")(compare)


def compare(
    documents: Annotated[list[str], typer.Argument(help="Ids of two or more stored documents.")],
    framework: FrameworkOption = None,
    evidence: Annotated[
        int, typer.Option(help="Passages per cell with --json.", min=0, max=10)
    ] = 3,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare documents: a row per concept, a column per document, with scores and evidence.

    A star marks a difference that is larger than the scores' own uncertainty.
    """
    with Workspace.open(settings(store), create=False) as workspace:
        found = workspace.across.compare(framework, documents)
    if as_json:
        print_json(comparison_record(found, evidence))
    else:
        _show(found)


def comparison_record(found: Comparison, evidence: int) -> dict[str, Any]:
    """The comparison as a record; `evidence` passages per cell."""
    columns = list(range(len(found.concepts)))
    whole = matrix_record(found.matrix, columns, evidence)
    return {
        **{name: value for name, value in whole.items() if name not in ("by", "choice", "rows")},
        "documents": [
            {**row["sources"][0], **{n: row[n] for n in ("overall", "groups", "read", "cautions")}}
            for row in whole["rows"]
        ],
        "concepts": [
            {
                "concept": one.concept,
                "label": one.label,
                "group": one.group,
                "spread": one.spread,
                "apart": one.apart,
                "only": list(one.only),
                "cells": [cell_record(cell, evidence) for cell in one.cells],
            }
            for one in found.concepts
        ],
    }


def _show(found: Comparison) -> None:
    rows = found.matrix.rows
    print_text(found.matrix.framework.title, "bold")
    print_text(LEGEND)
    print_text("* the difference is larger than the scores' own uncertainty\n")
    for number, row in enumerate(rows, 1):
        source = row.sources[0]
        where = ", ".join(
            str(part) for part in (source.country_name or source.country, source.year) if part
        )
        print_text(f"{number:3}  {source.title} ({where}), {source.document}")
    group = ""
    for one in found.concepts:
        if one.group != group:
            group = one.group
            print_text()
            heads = "".join(f"{n:8}" for n in range(1, len(rows) + 1))
            print_text(f"{group:{_LABEL}}{heads}", "bold")
        label = one.label if len(one.label) < _LABEL else f"{one.label[: _LABEL - 2]}…"
        cells = "".join(f"  {SIGNS[cell.level]} {cell.score:.2f}" for cell in one.cells)
        print_text(f"{label:{_LABEL}}{cells} {'*' if one.apart else ''}")
    overall = "".join(f"    {row.overall.score:.2f}" for row in rows)
    print_text(f"\n{'overall':{_LABEL}}{overall}", "bold")
