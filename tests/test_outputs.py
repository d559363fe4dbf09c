"""Tables that no spreadsheet runs, citations, colours and charts."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyarrow.parquet as parquet
import pytest
from lxml import etree

from miner.coverage import Level
from miner.coverage.selection import by_country, chosen
from miner.document import Metadata
from miner.errors import InputError, MissingExtra
from miner.outputs import palette
from miner.outputs.chart import Bar, Stack, bars, stacks
from miner.outputs.citation import Citation, bibtex, csl, ris
from miner.outputs.table import Table, Value, columns
from miner.outputs.write import FORMULA, Format, write
from miner.store import StoredDocument

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
]  # fmt: skip


def table(rows: list[tuple[Value, ...]]) -> Table:
    return Table("rows", columns("text count:i share:n right:f"), rows)


def written(form: Format, rows: list[tuple[Value, ...]]) -> bytes:
    file = io.BytesIO()
    assert write([table(rows)], form, file) == len(rows)
    return file.getvalue()


ROWS: list[tuple[Value, ...]] = [(text, -3, -0.5, True) for text in FORMULAS]


def test_csv_holds_no_formula() -> None:
    found = list(csv.reader(io.StringIO(written("csv", ROWS).decode(), newline="")))[1:]
    for row, text in zip(found, FORMULAS, strict=True):
        assert row[0] == f"'{text}"
        assert row[1:] == ["-3", "-0.5", "True"]


def test_xlsx_holds_no_formula() -> None:
    data = written("xlsx", ROWS)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["rows"]
    for number, text in enumerate(FORMULAS, 2):
        cell = sheet.cell(number, 1)
        assert cell.data_type == "s"
        assert not str(cell.value).startswith(FORMULA)
        assert str(cell.value).lstrip("'").replace("_x000D_", "\r").split()[0] in text
        assert sheet.cell(number, 2).value == -3
        assert sheet.cell(number, 4).value is True
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in parts.read(name)
                assert b"hyperlink" not in parts.read(name)


def test_parquet_and_json_lines_hold_the_exact_words() -> None:
    found = parquet.read_table(io.BytesIO(written("parquet", ROWS)))
    assert found.column("text").to_pylist() == FORMULAS
    assert [str(field.type) for field in found.schema] == ["string", "int64", "double", "bool"]
    lines = written("jsonl", ROWS).decode().splitlines()
    assert [json.loads(line)["text"] for line in lines] == FORMULAS


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "jsonl"])
def test_odd_values_are_written(form: Format) -> None:
    rows: list[tuple[Value, ...]] = [
        (None, None, None, None),
        ("\x00\x07 Ø “quotes”, commas\nlines", 0, 0.0, False),
        ("x" * 40_000, 1, 1.0, True),
    ]
    assert written(form, rows)
    assert bool(written(form, [])) is (form != "jsonl")


def test_only_a_workbook_holds_several_tables() -> None:
    file = io.BytesIO()
    two = [table(ROWS), replace(table(ROWS), name="more")]
    assert write(two, "xlsx", file, about="=1+1\nmade by") == 2 * len(ROWS)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["about", "rows", "more"]
    assert book["about"]["A1"].value == "'=1+1"
    with pytest.raises(InputError, match="one table"):
        write(two, "csv", io.BytesIO())


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for package, form in (("pyarrow", "parquet"), ("xlsxwriter", "xlsx")):
        monkeypatch.setitem(__import__("sys").modules, package, None)
        with pytest.raises(MissingExtra, match=f"pip install {package}"):
            written(form, ROWS)  # type: ignore[arg-type]


CITED = Citation(
    key="xcv2022-3f9a1c0b-p7-3",
    document="3f9a1c0b",
    title="Trust & {Security}: 100 % of_us\nTY  - HACK",
    author="Ministry of X\\Y",
    year=2022,
    kind="report",
    genre="Strategy",
    country="Calvessa",
    language="en",
    url="https://example.org/a_b?c=1",
    pages="7-8",
    section="1 > 1.2",
    passage="p",
    quote="The Council #1 will act.",
    start=1,
    end=24,
)
# Properties of citation-style-language/schema, csl-data.json; no other is allowed.
CSL = set(
    "id type title author issued publisher publisher-place genre language URL locator section"
    " custom".split()
)


def test_no_field_breaks_out_of_its_citation() -> None:
    record = ris(CITED)
    assert record.count("\nTY  - ") == 0
    assert "TI  - Trust & {Security}: 100 % of_us TY - HACK\n" in record
    assert "SP  - 7\nEP  - 8\n" in record
    entry = bibtex(CITED)
    assert r"Trust \& \{Security\}: 100 \% of\_us" in entry
    assert "pages = {7--8}" in entry
    bare = entry.replace(r"\{", "").replace(r"\}", "")
    assert bare.count("{") == bare.count("}")
    item = csl(CITED)
    assert set(item) <= CSL
    assert item["locator"] == "7-8"
    assert csl(replace(CITED, year=None, url="", pages="")).keys() == CSL - {
        "issued",
        "URL",
        "locator",
    }


def test_ink_can_be_read_on_its_ground() -> None:
    for badge in palette.BADGES.values():
        assert palette.contrast(badge.ink, badge.ground) >= 4.5, badge
    for ink in (palette.INK, palette.SOFT, palette.ACCENT, palette.CAUTION, *palette.GROUPS):
        assert palette.contrast(ink, palette.PAPER) >= 4.5, ink
    assert palette.contrast(palette.LINE, palette.PAPER) >= 3
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert {badge.sign for badge in palette.BADGES.values()} == set("CDL?–")


def test_charts_are_well_formed_and_to_scale() -> None:
    label = "<b> & “very long label of a concept that does not fit in its place at all”"
    drawn = etree.fromstring(
        bars([Bar(label, 0.5, 0.4, 0.7, "#000000", "C")], name="a", title="<t>", description="d")
    )
    space = {"s": "http://www.w3.org/2000/svg"}
    assert drawn.findtext("s:title", namespaces=space) == "<t>"
    (bar,) = drawn.findall("s:rect", space)
    assert float(bar.get("width", "")) == pytest.approx(0.5 * (680 - 60 - 310))
    stack = Stack("x", ((Level.COMMITTED, 3), (Level.ABSENT, 1), (Level.LIKELY, 0)))
    parts = etree.fromstring(stacks([stack], name="b", title="t", description="d"))
    widths = [float(r.get("width", "")) for r in parts.findall("s:rect", space)]
    assert len(widths) == 2
    assert widths[0] == pytest.approx(3 * widths[1], rel=0.01)


def document(name: str, year: int | None, kind: str | None = "strategy") -> StoredDocument:
    about = Metadata(title=name, country="XCV", year=year, type=kind)
    return StoredDocument(name, "r", "2026-01-01", 10, about, ())


def test_the_newest_readable_document_speaks() -> None:
    held = [document("old", 2010), document("new", 2020), document("law", 2020, "law")]
    several = by_country([*held, document("unknown", None)])["XCV"]
    assert [one.id for one in several] == ["new", "law", "old", "unknown"]
    assert chosen(several, "latest", lambda one: True)[0].id == "new"
    assert chosen(several, "latest", lambda one: one.id == "old")[0].id == "old"
    assert chosen(several, "latest", lambda one: False)[0].id == "new"
    assert len(chosen(several, "all", lambda one: True)) == 4


def test_templates_are_in_the_package() -> None:
    from miner.outputs.report import environment

    names = environment().list_templates()
    folder = Path(__file__).resolve().parents[1] / "miner" / "outputs" / "templates"
    assert set(names) == {path.name for path in folder.iterdir()}
