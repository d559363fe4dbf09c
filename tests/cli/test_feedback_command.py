"""`miner feedback`, `miner retag` and `miner train --with-feedback`, as an analyst uses them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import Miner, read_rows

from miner.taxonomy import codebook

INCIDENT, SKILLS = "dim.incident_management", "dim.education_training"


@pytest.fixture
def passage(miner: Miner) -> dict[str, Any]:
    """A passage that carries incident management and not skills."""
    rows = [json.loads(line) for line in miner("export").out.splitlines()]
    return next(
        row
        for row in rows
        if {INCIDENT} == {tag["concept"] for tag in row["tags"]}
        and row["stance"]["label"] != "noise"
    )


def exported(miner: Miner, store: Path, passage: str) -> dict[str, Any]:
    rows = [json.loads(line) for line in miner("export", "--store", store).out.splitlines()]
    found: dict[str, Any] = next(row for row in rows if row["id"] == passage)
    return found


def test_decisions_show_in_what_is_exported_and_searched(
    miner: Miner, own: Path, passage: dict[str, Any]
) -> None:
    name = passage["id"]
    ran = miner(
        "feedback", "add", name, "--reject", "Incident management", "--add", SKILLS,
        "--stance", "in_place", "--who", "Ana", "--comment", "why", "--store", own,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert f"reject {INCIDENT}" in ran.out
    assert f"The passage now: in_place; {SKILLS} (analyst)." in ran.out
    row = exported(miner, own, name)
    assert [(t["concept"], t["by"], t["probability"]) for t in row["tags"]] == [
        (SKILLS, "analyst", 1.0)
    ]
    assert row["stance"] == {
        "label": "in_place",
        "probability": 1.0,
        "by": "analyst",
        "evidence": [],
    }
    hits = miner(
        "search", "", "--concept", SKILLS, "--document", passage["document"], "--limit", 50,
        "--store", own, "--json",
    ).json["hits"]  # fmt: skip
    assert name in [hit["passage"] for hit in hits]
    listed = miner("feedback", "list", "--concept", SKILLS, "--store", own, "--json").json
    assert [d["verdict"] for d in listed["decisions"]] == ["add"]
    told = miner("feedback", "list", "--who", "Ana", "--store", own)
    assert "3 decisions" in told.out
    assert "“why”" in told.out


def test_a_deleted_document_keeps_its_decisions(
    miner: Miner, own: Path, passage: dict[str, Any], tmp_path: Path
) -> None:
    miner("feedback", "add", passage["id"], "--accept", INCIDENT, "--who", "A", "--store", own)
    miner("delete", passage["document"], "--store", own)
    assert "(not in the store now)" in miner("feedback", "list", "--store", own).out
    ran = miner("feedback", "export", "--output", tmp_path / "rows.jsonl", "--store", own)
    assert ran.code == 0
    (row,) = read_rows(tmp_path / "rows.jsonl")
    assert (row["text"], row["concepts"]) == (passage["text"], [INCIDENT])
    assert len(row["undecided"]) == len(codebook()) - 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nope", "--add", INCIDENT], "not in the store"),
        (["PASSAGE", "--add", "incidents"], "there is no concept of this name"),
        (["PASSAGE", "--stance", "firm"], "Known: commitment"),
        (["PASSAGE"], "no decision"),
        (["PASSAGE", "--add", SKILLS, "--quote", "not its words"], "not in the passage"),
    ],
)
def test_bad_feedback_is_named_and_nothing_is_stored(
    miner: Miner, own: Path, passage: dict[str, Any], arguments: list[str], words: str
) -> None:
    given = [passage["id"] if one == "PASSAGE" else one for one in arguments]
    ran = miner("feedback", "add", *given, "--who", "A", "--store", own)
    assert ran.code == 2
    assert words in ran.err
    listed = miner("feedback", "list", "--store", own, "--json")
    assert listed.code == 0, listed.err
    assert listed.json["total"] == 0


def test_the_model_in_use_changes_nothing(miner: Miner, own: Path) -> None:
    ran = miner("retag", "--diff", "--store", own, "--json")
    assert ran.code == 0, ran.err
    assert (ran.json["passages"], ran.json["applied"]) == (0, False)
    assert ran.json["unchanged"] == ran.json["documents"]
    assert "all have the tags of tagger-test" in miner("retag", "--store", own).out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "not told what to learn from"),
        (["--examples", "rows.jsonl"], "goes with --taxonomy"),
        (["--with-feedback", "STORE"], "--output"),
        (["--with-feedback", "STORE", "--output", "m"], "nothing was decided"),
        (["--with-feedback", "nowhere.jsonl", "--output", "m"], "cannot be read"),
        (["--zero-shot"], "--corpus"),
        (["--taxonomy", "nowhere.yaml", "--output", "m"], "there is nothing to learn from"),
    ],
)
def test_training_says_what_it_lacks(
    miner: Miner, own: Path, arguments: list[str], words: str
) -> None:
    given = [own if one == "STORE" else one for one in arguments]
    ran = miner("train", *given)
    assert ran.code == 2
    assert words in ran.err
