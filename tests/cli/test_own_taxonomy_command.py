"""`miner tag --taxonomy` and `miner train --taxonomy`: a framework of one's own."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from cli_helpers import Miner, read_rows

FRAMEWORK = """
id: towns
title: What towns do
concepts:
  - id: water
    label: Clean water
    definition: Pipes and wells bring clean drinking water to every house.
    labels: [drinking water, water supply, wells]
  - id: light
    label: Street light
    definition: Lamps along streets burn at night so that people walk safely.
    labels: [street lamps, lanterns, lamps]
"""
TEXTS = (
    "The council will repair the water supply of the old town.",
    "Street lamps along the river will be replaced.",
    "The mayor thanks all citizens for their patience.",
    "A market is held on Saturdays behind the church.",
)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "towns.yaml").write_text(FRAMEWORK, "utf-8")
    rows = [{"id": n, "text": text} for n, text in enumerate(TEXTS)]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    shown = [
        {"text": "Hydrants get taps for thirsty walkers.", "concepts": ["water"]},
        {"text": "The harbour master counts ships.", "concepts": []},
    ]
    (tmp_path / "shown.jsonl").write_text("\n".join(map(json.dumps, shown)), "utf-8")
    return tmp_path


def test_rows_are_tagged_at_once(miner: Miner, files: Path) -> None:
    ran = miner("tag", "in.jsonl", "-o", "out.jsonl", "--taxonomy", "towns.yaml")
    assert ran.code == 0, ran.err
    assert "Only 4 background texts" in ran.err
    rows = read_rows(files / "out.jsonl")
    assert [[tag["concept"] for tag in row["tags"]] for row in rows] == [
        ["water"], ["light"], [], [],
    ]  # fmt: skip
    (tag,) = rows[0]["tags"]
    assert [item["quote"] for item in tag["evidence"]] == ["water supply"]
    assert tag["by"] == "pattern"
    assert "stance" not in rows[0]
    assert rows[0]["model"].startswith("own-")


def test_documents_and_csv_work_as_well(miner: Miner, files: Path, documents: Path) -> None:
    ran = miner(
        "tag", documents / "documents" / "fjellmar-2020-policy.md", "-o", "out.csv", "--taxonomy",
        "towns.yaml",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    rows = list(csv.DictReader((files / "out.csv").read_text("utf-8").splitlines()))
    assert rows
    assert {row["stance"] for row in rows} == {""}


def test_a_model_is_trained_kept_and_used(miner: Miner, files: Path, filled: Path) -> None:
    ran = miner(
        "train", "--taxonomy", "towns.yaml", "--examples", "shown.jsonl", "--background", filled,
        "--output", "made",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert "2 concepts) from 2 examples and" in ran.out
    ran = miner("tag", "in.jsonl", "-o", "out.jsonl", "--taxonomy", "made")
    assert ran.code == 0, ran.err
    rows = read_rows(files / "out.jsonl")
    assert [tag["concept"] for tag in rows[0]["tags"]] == ["water"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--taxonomy", "no.yaml"], "cannot be read"),
        (["--taxonomy", "in.jsonl"], "no YAML"),
        (["--taxonomy", "broken.yaml"], "definition"),
        (["--taxonomy", "towns.yaml", "--examples", "in.jsonl"], "'concepts' is no list"),
        (["--examples", "shown.jsonl"], "goes with --taxonomy"),
        (["--taxonomy", "."], "cannot be read"),
        (["--taxonomy", "towns.yaml", "--background", "nowhere"], "no store"),
    ],
)
def test_bad_frameworks_are_named_and_nothing_is_written(
    miner: Miner, files: Path, arguments: list[str], words: str
) -> None:
    broken = FRAMEWORK.replace("definition: Lamps", "defintion: Lamps")
    (files / "broken.yaml").write_text(broken, "utf-8")
    ran = miner("tag", "in.jsonl", "-o", "out.jsonl", *arguments)
    assert ran.code == 2, ran.out
    assert words in ran.err
    assert not (files / "out.jsonl").exists()
