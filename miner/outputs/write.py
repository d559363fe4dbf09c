"""Writing tables: CSV, JSON Lines, XLSX and Parquet.

CSV and XLSX are for spreadsheet programs: a text that one would take for a formula begins with an
apostrophe (OWASP, CSV injection). JSON Lines and Parquet are for programs, and hold the exact
words.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, Any, Literal, get_args

from miner.errors import InputError, MissingExtra
from miner.outputs.table import Column, Table, Value

Format = Literal["jsonl", "csv", "xlsx", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA_TYPES: dict[Format, str] = {
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
# What a cell may not begin with: the full-width forms are formulas in East Asian editions.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Limits of the XLSX format: characters of a cell, rows of a sheet (its header included).
_CELL = 32_767
_ROWS = 1_048_576
_BATCH = 5_000
_WIDTHS = {"text": 18, "integer": 8, "number": 10, "flag": 7}
_WIDE = ("text", "quote", "sentence", "title", "citation", "label", "what", "note")


def write(tables: Sequence[Table], form: Format, file: IO[bytes], *, about: str = "") -> int:
    """Write tables and count their rows.

    Args:
        tables: one; for XLSX several, a sheet each.
        form: the format. file: where to write, open for bytes.
        about: for XLSX, lines on where the figures come from, on a sheet of their own.

    Raises InputError for several tables in a format that holds one, MissingExtra where the
    package that writes the format is not installed.
    """
    if form == "xlsx":
        return _xlsx(tables, file, about)
    if len(tables) != 1:
        raise InputError(f"format {form!r}", "it holds one table", "Export the tables one by one.")
    writers = {"csv": _csv, "jsonl": _jsonl, "parquet": _parquet}
    return writers[form](tables[0], file)


def format_named(name: str) -> Format:
    """The format of this name. Raises InputError."""
    for form in FORMATS:
        if form == name:
            return form
    raise InputError(f"format {name!r}", "there is no such format", f"Use {', '.join(FORMATS)}.")


def safe(value: Value) -> Value:
    """A cell that no spreadsheet program takes for a formula."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def _csv(table: Table, file: IO[bytes]) -> int:
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([column.name for column in table.columns])
    count = 0
    for row in table.rows:
        writer.writerow(["" if value is None else safe(value) for value in row])
        count += 1
    text.detach()
    return count


def _jsonl(table: Table, file: IO[bytes]) -> int:
    names = [column.name for column in table.columns]
    count = 0
    for row in table.rows:
        record = dict(zip(names, row, strict=True))
        file.write(f"{json.dumps(record, ensure_ascii=False)}\n".encode())
        count += 1
    return count


def _parquet(table: Table, file: IO[bytes]) -> int:
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError as error:
        raise _missing("pyarrow", "Parquet") from error
    kinds = {
        "text": arrow.string(),
        "integer": arrow.int64(),
        "number": arrow.float64(),
        "flag": arrow.bool_(),
    }
    schema = arrow.schema([(column.name, kinds[column.kind]) for column in table.columns])
    count = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in _batches(table.rows):
            values = [list(column) for column in zip(*batch, strict=True)]
            arrays = [
                arrow.array(held, type=field.type)
                for held, field in zip(values, schema, strict=True)
            ]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
            count += len(batch)
    return count


def _batches(rows: Any) -> Iterator[list[tuple[Value, ...]]]:
    source = iter(rows)
    while batch := list(islice(source, _BATCH)):
        yield batch


def _xlsx(tables: Sequence[Table], file: IO[bytes], about: str) -> int:
    try:
        import xlsxwriter
    except ImportError as error:
        raise _missing("xlsxwriter", "XLSX") from error
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    count = 0
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": tables[0].name, "comments": about})
        # A second lock: the cell's own mark for "this is text".
        text = book.add_format({"quote_prefix": True})
        head = book.add_format({"bold": True, "bottom": 1})
        if about:
            _about(book.add_worksheet("about"), about, text)
        for table in tables:
            for name, rows in _sheets(table):
                count += _sheet(book.add_worksheet(name), table.columns, rows, head, text)
    return count


def _sheets(table: Table) -> Iterator[tuple[str, Iterator[tuple[Value, ...]]]]:
    """Sheets of as many rows as fit: their rows must be read before the next is asked for."""
    source = iter(table.rows)
    number = 0
    while True:
        number += 1
        name = table.name if number == 1 else f"{table.name} {number}"
        yield name[:31], islice(source, _ROWS - 1)
        first = next(source, None)
        if first is None:
            return
        source = _chained(first, source)


def _chained(
    first: tuple[Value, ...], rest: Iterator[tuple[Value, ...]]
) -> Iterator[tuple[Value, ...]]:
    yield first
    yield from rest


def _sheet(
    sheet: Any, columns: Sequence[Column], rows: Iterator[tuple[Value, ...]], head: Any, text: Any
) -> int:
    for at, column in enumerate(columns):
        width = 60 if column.name in _WIDE else _WIDTHS[column.kind]
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, column.name, head)
    sheet.freeze_panes(1, 0)
    count = 0
    for count, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(count, at, _cut(str(safe(value))), text)
            elif isinstance(value, bool):
                sheet.write_boolean(count, at, value)
            elif value is not None:
                sheet.write_number(count, at, value)
    if columns:
        sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
    return count


def _about(sheet: Any, about: str, text: Any) -> None:
    sheet.set_column(0, 0, 110)
    for number, line in enumerate(about.splitlines()):
        sheet.write_string(number, 0, _cut(str(safe(line))), text)


def _cut(value: str) -> str:
    return value if len(value) <= _CELL else f"{value[: _CELL - 1]}…"


def _missing(package: str, form: str) -> MissingExtra:
    return MissingExtra(
        f"{form} export", f"the package {package} is not installed", f"pip install {package}"
    )
