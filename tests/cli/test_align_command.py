"""`miner align`: a document against a framework."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cli_helpers import Miner

from miner.taxonomy import frameworks


@pytest.fixture
def file(documents: Path) -> Path:
    return documents / "documents" / "fjellmar-2020-policy.md"


def test_json_has_scores_groups_and_evidence(miner: Miner, file: Path) -> None:
    ran = miner("align", file, "--json")
    assert (ran.code, ran.err) == (0, "")
    found: dict[str, Any] = ran.json
    assert 0 < found["overall"]["score"] < 1
    assert [group["group"] for group in found["groups"]] == ["dimension", "principle", "norm"]
    assert len(found["concepts"]) == 28
    for row in found["concepts"]:
        assert {
            "concept", "score", "present", "presence", "depth", "commitment", "interval",
            "evidence", "nearest",
        } <= row.keys()  # fmt: skip
        assert row["present"] == bool(row["evidence"])
        assert row["interval"][0] <= row["score"] <= row["interval"][1]
        for item in row["evidence"]:
            assert item["quote"] in item["text"]
    present = {row["concept"] for row in found["concepts"] if row["present"]}
    assert "dim.incident_management" in present
    absent = next(row for row in found["concepts"] if not row["present"])
    assert absent["nearest"]


def test_a_stored_document_gives_what_its_file_gives(miner: Miner, file: Path) -> None:
    listed = miner("list", "--country", "Fjellmar", "--json").json["documents"]
    stored = miner("align", listed[0]["id"], "--json").json
    fresh = miner("align", file, "--json").json
    assert stored["overall"] == fresh["overall"]
    assert stored["concepts"] == fresh["concepts"]
    assert stored["document"] == fresh["document"]


def test_people_see_a_line_per_concept(miner: Miner, file: Path) -> None:
    ran = miner("align", file)
    assert ran.code == 0
    assert "of 28 concepts present" in ran.out
    assert ran.out.count(", presence ") == ran.out.count("[commitment") + ran.out.count(
        "[in_place"
    ) + ran.out.count("[descriptive")
    assert "no passage found" in ran.out


@pytest.mark.parametrize("view", list(frameworks()))
def test_a_view_can_be_chosen(miner: Miner, file: Path, view: str) -> None:
    found = miner("align", file, "--framework", view, "--json").json
    assert found["framework"] == view
    assert len(found["concepts"]) == len(frameworks()[view].concepts)


def test_evidence_can_be_cut(miner: Miner, file: Path) -> None:
    whole, cut = (miner("align", file, "--evidence", n, "--json").json for n in (50, 1))
    assert max(len(row["evidence"]) for row in whole["concepts"]) > 1
    assert max(len(row["evidence"]) for row in cut["concepts"]) == 1
    assert whole["overall"] == cut["overall"]


def test_ones_own_framework_comes_from_a_file(miner: Miner, file: Path, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "id: own\ntitle: Own\nconcepts:\n- {id: teams, label: Teams, definition: Response teams of "
        "the state., maps_to: [dim.incident_management]}\n",
        "utf-8",
    )
    mine = miner("align", file, "--framework", "own.yaml", "--json").json
    theirs = miner("align", file, "--json").json["concepts"]
    wanted = next(row for row in theirs if row["concept"] == "dim.incident_management")
    assert (mine["framework"], mine["concepts"][0]["score"]) == ("own", wanted["score"])


def test_a_reference_is_looked_for_statement_by_statement(
    miner: Miner, file: Path, documents: Path
) -> None:
    other = documents / "documents" / "vintervald-2013-strategy.md"
    found = miner("align", file, "--reference", other, "--json").json["reference"]
    assert len(found["statements"]) > 5
    assert found["matched"] + found["partly"] + found["not_found"] == len(found["statements"])
    shown = miner("align", file, "--reference", other)
    assert f"of {len(found['statements'])} statements" in shown.out
    stored = miner("list", "--country", "Vintervald", "--json").json["documents"][0]["id"]
    by_id = miner("align", file, "--reference", stored, "--json").json["reference"]
    assert by_id["score"] == found["score"]


def test_a_file_needs_no_store(miner: Miner, file: Path, tmp_path: Path) -> None:
    assert miner("align", file, "--store", tmp_path / "none", "--json").code == 0
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("arguments", "named", "cause"),
    [
        (["gone.pdf"], "gone.pdf", "no such file"),
        (["folder/gone"], "folder/gone", "no such file"),
        (["."], ".", "it is a folder"),
        (["0123456789abcdef"], "document '0123456789abcdef'", "not in the store"),
        (["zero.txt"], "zero.txt", "empty"),
        (["0123", "--framework", "nist"], "framework 'nist'", "no framework"),
        (["0123", "--framework", "nist.yaml"], "nist.yaml", "cannot be read"),
        (["0123", "--reference", "gone.pdf"], "gone.pdf", "no such file"),
        (["x" * 5000], "x", ""),
    ],
)
def test_what_cannot_be_aligned_is_named(
    miner: Miner, tmp_path: Path, arguments: list[str], named: str, cause: str
) -> None:
    (tmp_path / "zero.txt").touch()
    ran = miner("align", *arguments, "--json")
    assert (ran.code, ran.out) == (2, "")
    assert f"error: {named}" in ran.err
    assert cause in ran.err
