"""`miner coverage`, `gaps`, `compare`, `bodies`, `report`, `cite` and the forms of `export`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pyarrow.parquet as parquet
import pytest
from cli_helpers import Miner


def documents(miner: Miner) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(miner("list", "--json").out)["documents"]
    return found


def test_coverage(miner: Miner) -> None:
    shown = miner("coverage", "--concept", "Incident management")
    assert shown.code == 0
    assert "■ committed" in shown.out
    assert "Ismora" in shown.out
    found = json.loads(miner("coverage", "--json", "--evidence", "1").out)
    assert len(found["concepts"]) == len(found["rows"][0]["cells"]) == 28
    by_document = json.loads(miner("coverage", "--by", "document", "--json").out)
    assert {row["key"] for row in by_document["rows"]} == {d["id"] for d in documents(miner)}
    assert miner("coverage", "--by", "moon").code == 2
    assert "Did you mean" in miner("coverage", "--country", "Ismorra").err


def test_gaps(miner: Miner) -> None:
    shown = miner("gaps", "--organisation", "MCA", "--on", "2022")
    assert shown.code == 0, shown.err
    assert "Nobody commits to" in shown.out
    assert "nothing is known of" in shown.out
    found = json.loads(miner("gaps", "--organisation", "MCA", "--json").out)
    assert found["region"]["id"] == "MCA"
    assert all(member["since"] for member in found["members"])


def test_compare(miner: Miner) -> None:
    ids = [document["id"] for document in documents(miner)][:2]
    shown = miner("compare", *ids)
    assert shown.code == 0, shown.err
    assert "Incident management" in shown.out
    found = json.loads(miner("compare", *ids, "--json").out)
    assert [one["document"] for one in found["documents"]] == ids
    assert miner("compare", ids[0]).code == 2
    assert miner("compare", ids[0], "none").code == 2


def test_bodies(miner: Miner) -> None:
    shown = miner("bodies")
    assert "Meridian Coast Association" in shown.out
    one = miner("bodies", "Meridian Coast Association")
    assert one.code == 0
    assert "p. " in one.out
    found = json.loads(miner("bodies", "mca", "--json").out)
    assert found["bodies"][0]["id"] == "mca"
    assert all(item["body"] == "mca" for item in found["involvements"])
    assert miner("bodies", "--role", "boss").code == 2
    assert miner("bodies", "nobody at all").code == 2


def test_report(miner: Miner, tmp_path: Path) -> None:
    name = documents(miner)[0]["id"]
    path = tmp_path / "report.html"
    assert miner("report", name, "--output", path).code == 0
    assert path.read_text("utf-8").startswith("<!doctype html>")
    region = miner("report", "--organisation", "MCA", "-o", tmp_path / "region.html")
    assert region.code == 0, region.err
    assert miner("report", name, "-o", tmp_path / "report.doc").code == 2
    assert miner("report", name, "--organisation", "MCA", "-o", path).code == 2
    assert miner("report", "none", "-o", tmp_path / "none.html").code == 2
    assert not (tmp_path / "none.html").exists()


def test_cite(miner: Miner) -> None:
    name = documents(miner)[0]["id"]
    passage = json.loads(miner("export", "--document", name).out.splitlines()[0])["id"]
    assert json.loads(miner("cite", passage, name).out)[0]["locator"]
    assert miner("cite", passage, "--style", "ris").out.startswith("TY  - ")
    assert miner("cite", name, "--style", "bibtex").out.startswith("@")
    assert miner("cite", name, "--style", "apa").code == 2
    assert "neither" in miner("cite", "none").err


@pytest.mark.parametrize("what", ["passages", "tags", "alignment", "coverage", "matrix", "bodies"])
def test_tables_are_exported(miner: Miner, tmp_path: Path, what: str) -> None:
    path = tmp_path / f"{what}.csv"
    result = miner("export", "--what", what, "-o", path, "--country", "Ismora")
    assert result.code == 0, result.err
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert all(None not in row for row in rows)
    lines = miner("export", "--what", what, "--country", "Ismora").out.splitlines()
    assert len(lines) == len(rows)
    assert json.loads(lines[0]).keys() == rows[0].keys()


def test_workbooks_and_parquet(miner: Miner, tmp_path: Path) -> None:
    path = tmp_path / "all.xlsx"
    assert miner("export", "-o", path).code == 0
    assert openpyxl.load_workbook(path).sheetnames == ["about", "passages", "tags"]
    path = tmp_path / "coverage.parquet"
    assert miner("export", "--what", "coverage", "-o", path).code == 0
    assert parquet.read_table(path).num_rows % 28 == 0
    none = tmp_path / "none.csv"
    assert miner("export", "--what", "matrix", "--country", "Singapore", "-o", none).code == 0
    assert len(none.read_text("utf-8").splitlines()) == 1
    for wrong in (
        ("--what", "moon"),
        ("--format", "xlsx"),
        ("--what", "tags", "--what", "bodies"),
        ("--what", "annotations", "--format", "csv"),
    ):
        assert miner("export", *wrong).code == 2, wrong


def test_annotations_are_exported(miner: Miner) -> None:
    name = documents(miner)[0]["id"]
    one = json.loads(miner("export", "--what", "annotations", "--document", name).out)
    assert one["type"] == "AnnotationPage"
    every = json.loads(miner("export", "--what", "annotations").out)
    assert len(every) == len(documents(miner))
