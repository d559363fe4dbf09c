"""`miner ingest`, `list`, `delete` and `export`: into the store and out of it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from cli_helpers import NAMES, Miner, read_rows


@pytest.fixture
def files(tmp_path: Path, documents: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    for name in NAMES[:2]:
        shutil.copy(documents / "documents" / name, folder / name)
    return folder


def test_ingest_sums_up_what_became_of_the_files(miner: Miner, files: Path) -> None:
    (files / "zero.txt").touch()
    shutil.copy(files / NAMES[0], files / "copy.md")
    ran = miner("ingest", files, "--store", "s", "--workers", 0)
    assert ran.code == 1
    assert "    2 added" in ran.out
    assert "    1 duplicate" in ran.out
    assert "refused  zero.txt: the file is empty (0 bytes). Fetch the file again" in ran.out
    assert "The store holds 2 documents" in ran.out
    assert "4/4 refused" in ran.err
    again = miner("ingest", files, "--store", "s", "--workers", 0)
    assert "    3 unchanged" in again.out


def test_ingest_for_programs(miner: Miner, files: Path) -> None:
    (files / "zero.txt").touch()
    ran = miner("ingest", files, "--store", "s", "--workers", 0, "--json")
    assert ran.code == 1
    assert [row["status"] for row in ran.json["outcomes"]] == ["added", "added", "refused"]
    assert ran.json["store"]["documents"] == 2
    refused = ran.json["outcomes"][2]
    assert refused["error"] == "NoText"
    assert refused["problem"]
    assert refused["next_step"]
    (files / "zero.txt").unlink()
    assert miner("ingest", files, "--store", "s", "--workers", 0, "--json").code == 0


def test_a_manifest_in_the_folder_is_found(miner: Miner, files: Path, documents: Path) -> None:
    (files / "manifest.tsv").write_text(
        f"path\ttitle\tcountry\tyear\n{NAMES[0]}\tOur own title\tEstonia\t2001\n", "utf-8"
    )
    miner("ingest", files, "--store", "s", "--workers", 0)
    found = miner("list", "--country", "Estonia", "--store", "s", "--json").json["documents"]
    assert [item["metadata"]["title"] for item in found] == ["Our own title"]
    assert [item["metadata"]["year"] for item in found] == [2001]
    named = miner(
        "ingest", files, "--manifest", documents / "manifest.tsv", "--store", "s", "--workers", 0
    )
    assert "    2 replaced" in named.out


@pytest.mark.parametrize(
    ("arguments", "named", "cause"),
    [
        (["gone"], "gone", "no such file or folder"),
        (["empty"], "empty", "no documents"),
        (["files", "--manifest", "gone.tsv"], "gone.tsv", ""),
        (["files", "--manifest", "empty"], "empty", ""),
        (["files", "--store", "file"], "file", "cannot be used"),
        (["files", "--store", "/proc/none"], "/proc/none", "cannot be used"),
    ],
)
def test_what_cannot_be_ingested_is_named_and_makes_no_store(
    miner: Miner, files: Path, tmp_path: Path, arguments: list[str], named: str, cause: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    arguments = arguments if "--store" in arguments else [*arguments, "--store", "made"]
    ran = miner("ingest", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert f"error: {named}" in ran.err
    assert cause in ran.err
    assert not (tmp_path / "made").exists()


def test_list_shows_what_there_is(miner: Miner) -> None:
    ran = miner("list")
    assert ran.code == 0
    assert len(ran.out.splitlines()) == len(NAMES) + 1
    assert "XFJ  2020" in ran.out
    found = miner("list", "--json").json
    assert found["total"] == len(NAMES)
    assert [item["id"] for item in found["documents"]] == [
        line.split()[0] for line in ran.out.splitlines()[:-1]
    ]


def test_list_goes_by_country(miner: Miner) -> None:
    found = miner("list", "--country", "Ismora", "--country", "XFJ", "--json").json
    assert {item["metadata"]["country"] for item in found["documents"]} == {"XIM", "XFJ"}
    assert found["total"] == 3
    ran = miner("list", "--country", "Ismorra")
    assert ran.code == 2
    assert "Did you mean Ismora (XIM)?" in ran.err


@pytest.mark.parametrize(
    "arguments", [["list"], ["delete", "0123"], ["export"], ["align", "0123"], ["search", "a"]]
)
def test_only_ingest_makes_a_store(miner: Miner, tmp_path: Path, arguments: list[str]) -> None:
    ran = miner(*arguments, "--store", tmp_path / "none")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no store here" in ran.err
    assert not (tmp_path / "none").exists()


def test_delete_drops_one_document(miner: Miner, own: Path) -> None:
    ids = [item["id"] for item in miner("list", "--store", own, "--json").json["documents"]]
    ran = miner("delete", ids[1], "--store", own)
    assert (ran.code, ran.out) == (0, f"{ids[1]} is deleted\n")
    left = [item["id"] for item in miner("list", "--store", own, "--json").json["documents"]]
    assert left == [ids[0], *ids[2:]]
    hits = miner("search", "incident", "--limit", 100, "--store", own, "--json").json["hits"]
    assert ids[1] not in {hit["document"] for hit in hits}
    again = miner("delete", ids[1], "--store", own)
    assert again.code == 2
    assert ids[1] in again.err


def test_export_gives_every_passage_with_its_source(miner: Miner) -> None:
    ran = miner("export")
    assert ran.code == 0
    rows = [json.loads(line) for line in ran.out.splitlines()]
    listed = miner("list", "--json").json["documents"]
    assert len(rows) == sum(item["passages"] for item in listed)
    assert ran.err.strip() == f"{len(rows)} passages exported"
    for row in rows:
        assert row["country"] in {"XFJ", "XIM", "XVT"}
        assert row["end"] - row["start"] == len(row["text"])
        for tag in row["tags"]:
            assert all(row["text"][e["start"] : e["end"]] == e["quote"] for e in tag["evidence"])


def test_export_of_some_documents(miner: Miner, tmp_path: Path) -> None:
    ids = [item["id"] for item in miner("list", "--json").json["documents"]]
    miner("export", "--document", ids[0], "--document", ids[2], "-o", "out.jsonl")
    assert {row["document"] for row in read_rows(tmp_path / "out.jsonl")} == {ids[0], ids[2]}


@pytest.mark.parametrize("arguments", [["-o", "out.csv"], ["-o", "out.txt", "--format", "csv"]])
def test_export_as_csv(miner: Miner, tmp_path: Path, arguments: list[str]) -> None:
    assert miner("export", *arguments).code == 0
    text = (tmp_path / arguments[1]).read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    plain = [json.loads(line) for line in miner("export").out.splitlines()]
    assert len(rows) == sum(max(len(row["tags"]), 1) for row in plain)
    assert {row["id"] for row in rows} == {row["id"] for row in plain}
    for row in rows:
        assert row["quote"] in row["text"] or row["quote"].startswith("'")


def test_cells_of_an_export_are_no_formulas(miner: Miner, tmp_path: Path) -> None:
    text = (
        "@SUM(1+1)*cmd|' /C calc'!A0 The State will train experts for its networks and publish an "
        "account of it in each year, and schools shall teach all pupils to use the net in safety.\n"
    )
    (tmp_path / "a.txt").write_text(text)
    (tmp_path / "manifest.tsv").write_text("path\ttitle\na.txt\t=HYPERLINK(1)\n")
    miner("ingest", "a.txt", "--manifest", "manifest.tsv", "--store", "s", "--workers", 0)
    ran = miner("export", "--format", "csv", "--store", "s")
    (row, *_) = csv.DictReader(io.StringIO(ran.out, newline=""))
    assert row["title"] == "'=HYPERLINK(1)"
    assert row["text"].startswith("'@SUM")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--format", "xml"], "format 'xml'"),
        (["--document", "0123", "-o", "o.jsonl"], "document '0123'"),
        (["-o", "gone/o.jsonl"], "gone/o.jsonl"),
        (["-o", "."], "."),
    ],
)
def test_what_cannot_be_exported_is_named(
    miner: Miner, tmp_path: Path, arguments: list[str], named: str
) -> None:
    ran = miner("export", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert f"error: {named}" in ran.err
    assert list(tmp_path.iterdir()) == []
