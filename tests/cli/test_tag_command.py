"""`miner tag`: the batch job."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import Miner, read_rows

from service.cli.tag import safe_cell

POLICY = "The State will establish a response team for every serious incident by 2026."
ROWS = [
    {"id": "a", "text": POLICY},
    {"id": "empty", "text": ""},
    {"id": 7, "text": "Women hold forty per cent of the scholarships in the academies."},
    {
        "id": "fr",
        "text": "Le gouvernement va créer une équipe de réponse aux incidents.",
    },
    {
        "id": "=1+1",
        "text": "=2+3 The police shall have experts for computer crime.",
    },
]


def written(path: Path, *rows: object) -> Path:
    lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    path.write_bytes(b"\n".join(lines))
    return path


def test_every_row_gets_a_row_in_order(miner: Miner, tmp_path: Path) -> None:
    written(tmp_path / "in.jsonl", *ROWS)
    ran = miner("tag", "in.jsonl", "--output", "out.jsonl")
    assert ran.code == 0, ran.err
    found = read_rows(tmp_path / "out.jsonl")
    assert [row["id"] for row in found] == [row["id"] for row in ROWS]
    assert "5 passages tagged into out.jsonl" in ran.out


def test_rows_have_the_documented_form(miner: Miner, tmp_path: Path) -> None:
    written(tmp_path / "in.jsonl", *ROWS)
    miner("tag", "in.jsonl", "-o", "out.jsonl")
    for given, row in zip(ROWS, read_rows(tmp_path / "out.jsonl"), strict=True):
        assert {"id", "tags", "stance"} <= row.keys()
        assert set(row["stance"]) == {"label", "probability", "by", "evidence"}
        for tag in row["tags"]:
            assert {"concept", "probability", "evidence"} <= tag.keys()
            assert 0 <= tag["probability"] <= 1
            assert tag["evidence"]
        for said in (*row["tags"], row["stance"]):
            for item in said["evidence"]:
                assert set(item) == {"start", "end", "quote"}
                assert str(given["text"])[item["start"] : item["end"]] == item["quote"]
    first = read_rows(tmp_path / "out.jsonl")[0]
    assert [tag["concept"] for tag in first["tags"]] == ["dim.incident_management"]
    assert first["stance"]["label"] == "commitment"
    assert first["stance"]["evidence"]


def test_a_row_without_text_is_kept_and_abstained_on(miner: Miner, tmp_path: Path) -> None:
    written(tmp_path / "in.jsonl", *ROWS)
    miner("tag", "in.jsonl", "-o", "out.jsonl")
    found = {row["id"]: row for row in read_rows(tmp_path / "out.jsonl")}
    assert found["empty"]["tags"] == []
    assert "too little text" in found["empty"]["abstained"]
    assert "'fr'" in found["fr"]["abstained"]
    assert found["a"]["abstained"] is None


def test_all_concepts_can_be_asked_for(miner: Miner, tmp_path: Path) -> None:
    written(tmp_path / "in.jsonl", ROWS[0])
    miner("tag", "in.jsonl", "-o", "out.jsonl", "--all")
    (row,) = read_rows(tmp_path / "out.jsonl")
    assert len(row["tags"]) == 28
    assert [tag["concept"] for tag in row["tags"] if tag["decided"]] == ["dim.incident_management"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"{broken", "not JSON"),
        (b"[1, 2]", "no object"),
        (b'"text"', "no object"),
        (b'{"text": "a"}', "id is missing"),
        (b'{"id": "a"}', "text is missing"),
        (b'{"id": "a", "text": null}', "text is no string"),
        (b'{"id": null, "text": "a"}', "id is neither"),
        (b'{"id": true, "text": "a"}', "id is neither"),
        (b'{"id": {}, "text": "a"}', "id is neither"),
        (b'{"id": "a", "text": "\xe9"}', "not UTF-8"),
        (b'{"id": "a", "text": "\\ud800"}', "surrogate"),
        (b'{"id": "\\udfff", "text": "a"}', "surrogate"),
        (b"[" * 100_000, "nested too deeply"),
        (b"\x00\x01", "not JSON"),
    ],
)
def test_a_row_that_is_none_is_named_and_the_rest_goes_on(
    miner: Miner, tmp_path: Path, line: bytes, fault: str
) -> None:
    written(tmp_path / "in.jsonl", ROWS[0], b"  ", line, ROWS[2])
    ran = miner("tag", "in.jsonl", "-o", "out.jsonl")
    assert ran.code == 1
    assert "error: in.jsonl, line 3: not a row" in ran.err
    assert fault in ran.err
    assert [row["id"] for row in read_rows(tmp_path / "out.jsonl")] == ["a", 7]


def test_a_text_that_is_too_long_is_named_by_its_row(miner: Miner, tmp_path: Path) -> None:
    written(tmp_path / "in.jsonl", ROWS[0], {"id": "long", "text": "word\n" * 20_001}, ROWS[2])
    ran = miner("tag", "in.jsonl", "-o", "out.jsonl")
    assert ran.code == 1
    assert "row 'long': it has over 20,000 words" in ran.err
    assert [row["id"] for row in read_rows(tmp_path / "out.jsonl")] == ["a", 7]


def test_more_rows_than_a_batch(miner: Miner, tmp_path: Path) -> None:
    written(tmp_path / "in.jsonl", *({"id": n, "text": f"{n}. {POLICY}"} for n in range(600)))
    assert miner("tag", "in.jsonl", "-o", "out.jsonl").code == 0
    assert [row["id"] for row in read_rows(tmp_path / "out.jsonl")] == list(range(600))


def test_a_byte_order_mark_and_windows_lines(miner: Miner, tmp_path: Path) -> None:
    line = json.dumps(ROWS[0]).encode()
    (tmp_path / "in.jsonl").write_bytes(b"\xef\xbb\xbf" + line + b"\r\n" + line + b"\r\n")
    assert miner("tag", "in.jsonl", "-o", "out.jsonl").code == 0
    assert len(read_rows(tmp_path / "out.jsonl")) == 2


def test_an_empty_batch_is_done_at_once(miner: Miner, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b"")
    assert miner("tag", "in.jsonl", "-o", "out.jsonl").code == 0
    assert (tmp_path / "out.jsonl").read_bytes() == b""


def test_a_folder_of_documents(miner: Miner, documents: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("fjellmar-2020-policy.md", "ismora-2012-decree.txt"):
        (tmp_path / "in" / name).write_bytes((documents / "documents" / name).read_bytes())
    (tmp_path / "in" / "zero.txt").touch()
    ran = miner("tag", "in", "-o", "out.jsonl")
    assert ran.code == 1
    assert "zero.txt: the file is empty" in ran.err
    found = read_rows(tmp_path / "out.jsonl")
    assert {row["source"] for row in found} == {"fjellmar-2020-policy.md", "ismora-2012-decree.txt"}
    for row in found:
        assert row["page"] >= 1
        assert row["end"] - row["start"] == len(row["text"])
        for tag in row["tags"]:
            assert all(row["text"][e["start"] : e["end"]] == e["quote"] for e in tag["evidence"])


def test_documents_are_tagged_as_the_store_tags_them(
    miner: Miner, documents: Path, tmp_path: Path
) -> None:
    miner("tag", documents / "documents" / "ismora-2012-decree.txt", "-o", "out.jsonl")
    miner("export", "-o", "store.jsonl")
    kept = {row["id"]: row for row in read_rows(tmp_path / "store.jsonl")}
    for row in read_rows(tmp_path / "out.jsonl"):
        assert {**row, "source": ""}.items() >= {
            name: kept[row["id"]][name] for name in ("tags", "stance", "abstained", "page", "text")
        }.items()


def cells(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))


def test_csv_has_a_line_per_tag_and_no_formulas(miner: Miner, tmp_path: Path) -> None:
    written(tmp_path / "in.jsonl", *ROWS)
    assert miner("tag", "in.jsonl", "-o", "out.csv").code == 0
    found = cells(tmp_path / "out.csv")
    assert [row["id"] for row in found] == ["a", "empty", "7", "7", "fr", "'=1+1"]
    assert found[0]["concept"] == "dim.incident_management"
    assert found[1]["concept"] == ""
    for row in found:
        assert not any(str(cell).startswith(("=", "+", "-", "@")) for cell in row.values())


@pytest.mark.parametrize("start", [*"=+-@\t\r\n＝＋－＠"])
def test_cells_that_a_spreadsheet_would_compute_are_quoted(start: str) -> None:
    assert safe_cell(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize("value", ["a=1", "", 5, -3, 0.5, None, "2 + 2"])
def test_other_cells_are_left_alone(value: object) -> None:
    assert safe_cell(value) is value


@pytest.mark.parametrize(
    ("arguments", "named", "cause"),
    [
        (["none.jsonl", "-o", "o.jsonl"], "none.jsonl", "there is no such file"),
        (["none", "-o", "o.jsonl"], "none", "no such file or folder"),
        (["empty", "-o", "o.jsonl"], "empty", "no documents"),
        (["in.jsonl", "-o", "gone/o.jsonl"], "gone/o.jsonl", "does not exist"),
        (["in.jsonl", "-o", "empty"], "empty", "it is a folder"),
        (["in.jsonl", "-o", "in.jsonl"], "in.jsonl", "read and written"),
        (["in.jsonl", "-o", "link.jsonl"], "link.jsonl", "read and written"),
        (["in.jsonl", "-o", "/proc/o.jsonl"], "/proc/o.jsonl", ""),
        (["in.jsonl", "-o", "/dev/full"], "/dev/full", "no space left"),
    ],
)
def test_what_cannot_be_read_or_written_is_named(
    miner: Miner, tmp_path: Path, arguments: list[str], named: str, cause: str
) -> None:
    written(tmp_path / "in.jsonl", *ROWS)
    (tmp_path / "empty").mkdir()
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "in.jsonl")
    before = sorted(tmp_path.iterdir())
    ran = miner("tag", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert f"error: {named}" in ran.err
    assert cause in ran.err
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_named(miner: Miner, tmp_path: Path) -> None:
    written(tmp_path / "in.jsonl", *ROWS)
    (tmp_path / "shut").mkdir(mode=0o500)
    ran = miner("tag", "in.jsonl", "-o", "shut/o.jsonl")
    assert ran.code == 2
    assert "shut/o.jsonl: it cannot be written" in ran.err


def test_what_was_there_stays_until_the_new_is_whole(
    miner: Miner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "in.jsonl", *ROWS)
    (tmp_path / "out.jsonl").write_text("older\n")

    def broken(*_: Any, **__: Any) -> None:
        assert (tmp_path / "out.jsonl").read_text() == "older\n"
        raise RuntimeError("out of luck")

    monkeypatch.setattr("service.cli.tag.tagged_record", broken)
    ran = miner("tag", "in.jsonl", "-o", "out.jsonl")
    assert ran.code == 2
    assert "out of luck" in ran.err
    assert "fault of miner" in ran.err
    assert (tmp_path / "out.jsonl").read_text() == "older\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_a_link_is_written_through(miner: Miner, tmp_path: Path) -> None:
    written(tmp_path / "in.jsonl", *ROWS)
    (tmp_path / "real.jsonl").touch()
    (tmp_path / "link.jsonl").symlink_to("real.jsonl")
    assert miner("tag", "in.jsonl", "-o", "link.jsonl").code == 0
    assert (tmp_path / "link.jsonl").is_symlink()
    assert len(read_rows(tmp_path / "real.jsonl")) == len(ROWS)


def test_without_an_output_it_is_a_usage_error(miner: Miner) -> None:
    ran = miner("tag", "in.jsonl")
    assert ran.code == 2
    assert "--output" in ran.err
