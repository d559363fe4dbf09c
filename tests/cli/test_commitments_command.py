"""`miner commitments`: the export, its formats and its filters."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from cli_helpers import Miner, read_rows

from service.cli.commitments import _COLUMNS


def test_a_table_for_people(miner: Miner) -> None:
    ran = miner("commitments", "--limit", 3)
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert lines[0].split() == ["strength", "due", "country", "who", "what", "page"]
    assert len(lines) == 4
    assert "commitments" in ran.err


def test_rows_for_programs(miner: Miner, tmp_path: Path) -> None:
    ran = miner("commitments", "--output", "promises.jsonl", "--sort", "document")
    rows = read_rows(tmp_path / "promises.jsonl")
    assert ran.code == 0
    assert len(rows) >= 10
    first = rows[0]
    assert set(_COLUMNS) <= set(first)
    assert all(row["what"] and row["citation"] and row["page"] >= 1 for row in rows)
    assert all(row["start"] < row["end"] for row in rows)


def test_csv_by_the_files_ending(miner: Miner, tmp_path: Path) -> None:
    assert miner("commitments", "--output", "promises.csv", "--country", "Ismora").code == 0
    with (tmp_path / "promises.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(_COLUMNS)
    assert {row["country"] for row in rows} == {"XIM"}
    # A list's items begin with a dash, which spreadsheets take for a formula.
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_filters_and_order(miner: Miner) -> None:
    out = miner("commitments", "--format", "jsonl", "--sort", "strength").out
    rows = [json.loads(line) for line in out.splitlines()]
    values = [row["strength"] for row in rows]
    assert values == sorted(values, reverse=True)
    firm = miner("commitments", "--format", "jsonl", "--modal", "duty", "--min-strength", 0.7).out
    chosen = [json.loads(line) for line in firm.splitlines()]
    assert chosen
    assert all(row["class"] == "duty" and row["strength"] >= 0.7 for row in chosen)
    early = miner("commitments", "--format", "csv", "--until", 2013).out
    assert all(int(row["year"]) <= 2013 for row in csv.DictReader(io.StringIO(early)))


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        (("--format", "xlsx"), "no such format"),
        (("--format", "table", "--output", "x.txt"), "for the screen"),
        (("--sort", "size"), "no such order"),
        (("--modal", "maybe"), "no such class"),
        (("--country", "Atlantis"), "no country of this name"),
        (("--due-from", 2030, "--due-to", 2020), "end before they begin"),
        (("--document", "00ff"), "not in the store"),
        (("--output", "no/such/folder.csv"), "does not exist"),
    ],
)
def test_bad_input_names_cause_and_step(
    miner: Miner, options: tuple[object, ...], cause: str
) -> None:
    ran = miner("commitments", *options)
    assert ran.code == 2
    assert cause in ran.err
    assert ran.out == ""


def test_nothing_found_is_no_error(miner: Miner) -> None:
    ran = miner("commitments", "--actor", "nobody at all", "--format", "csv")
    assert ran.code == 0
    assert ran.out.splitlines() == [",".join(_COLUMNS)]
