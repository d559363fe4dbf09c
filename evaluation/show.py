"""Figures for people (tables that wrap and never cut) and for programs (JSON without NaN)."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evaluation.bootstrap import Figure
from miner.records import as_record

# Set by `--markdown`, once a process.
_markdown = False
# Width of tables that go to a file or a pipe; a terminal's own width is used otherwise.
_WIDTH = 116


def console() -> Console:
    """Where tables go: standard output, without markup or colours of numbers."""
    if _markdown:
        return _Markdown()
    fixed = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDTH
    return Console(width=fixed, markup=False, highlight=False, emoji=False)


def use_markdown(wanted: bool = True) -> None:
    """From now on `console` prints tables as GitHub has them, to be pasted into a page."""
    global _markdown  # the form of a process's output, as standard output is
    _markdown = wanted


class _Markdown(Console):
    """Prints tables as Markdown, and text as it is."""

    def print(self, *objects: Any, **_: Any) -> None:
        for told in objects:
            print(markdown(told) if isinstance(told, Table) else told)


def markdown(made: Table) -> str:
    """A table as GitHub's Markdown: its title, its heads, its rows."""
    columns = made.columns
    heads = [str(column.header) for column in columns]
    rules = ["---:" if column.justify == "right" else "---" for column in columns]
    rows = zip(*(map(str, column.cells) for column in columns), strict=True)
    told = [_row(heads), _row(rules), *map(_row, rows)]
    title = [f"**{made.title}**", ""] if made.title and str(made.title) else []
    return "\n".join([*title, *told, ""])


def _row(cells: Sequence[str]) -> str:
    kept = (cell.replace("|", "\\|").replace("\n", "<br>") for cell in cells)
    return f"| {' | '.join(kept)} |"


def number(value: float, signed: bool = False) -> str:
    """Three decimals; a dash for what is undefined."""
    if not math.isfinite(value):
        return "–"
    value = round(value, 3) + 0.0  # no minus before a zero
    return f"{value:+.3f}" if signed else f"{value:.3f}"


def interval(figure: Figure, signed: bool = False) -> str:
    """`low to high`; a dash where there is no interval."""
    if not math.isfinite(figure.low):
        return "–"
    return f"{number(figure.low, signed)} to {number(figure.high, signed)}"


def cell(figure: Figure) -> str:
    """Value and interval on two lines, for tables of many figures."""
    if not math.isfinite(figure.low):
        return number(figure.value)
    return f"{number(figure.value)}\n{number(figure.low)}–{number(figure.high)}"


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """A table whose first column is a name and whose other columns are numbers."""
    made = Table(title=Text(title, style="bold"), box=SIMPLE_HEAD, title_justify="left")
    for at, column in enumerate(columns):
        made.add_column(Text(column), overflow="fold", justify="left" if at == 0 else "right")
    for row in rows:
        made.add_row(*(Text(item) for item in row))
    return made


def figures(title: str, named: Mapping[str, Figure], signed: bool = False) -> Table:
    """One figure per row: value, 95 % interval, n."""
    return table(
        title,
        ("", "value", "95 % interval", "n"),
        [
            (name, number(figure.value, signed), interval(figure, signed), f"{figure.n:,}")
            for name, figure in named.items()
        ],
    )


def print_json(report: Any) -> None:
    """A report as JSON; undefined numbers are null."""
    print(json.dumps(_finite(as_record(report)), ensure_ascii=False, indent=2, allow_nan=False))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
