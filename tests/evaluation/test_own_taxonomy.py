"""The figures of tagging by another framework: rows, splits, and what is printed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import evaluation.own_taxonomy
from evaluation.__main__ import main
from evaluation.own_methods import PARTS, Remembered, Split, Task, own, without
from evaluation.own_rows import Columns, OwnRow, read_own
from evaluation.own_taxonomy import _Measured
from miner.embedding import Encoder
from miner.errors import InputError
from miner.taxonomy import Framework, parse_framework

YAML = """
id: goals
title: Goals
concepts:
  - id: goal.1
    label: Clean water
    definition: Pipes and wells bring clean drinking water to every house.
    labels: [drinking water, water supply, wells]
  - id: goal.2
    label: Street light
    definition: Lamps along streets burn at night so that people walk safely.
    labels: [street lamps, lanterns, lamps]
"""
WATER, LIGHT = "Repair the water supply of town {}.", "Hang up lanterns and lamps in town {}."
OTHER = "The mayor of town {} thanks all citizens for their patience."
COLUMNS = Columns("text", "goal", "country")


@pytest.fixture
def goals() -> Framework:
    return parse_framework(YAML)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    lines = ["country,goal,text"]
    for country in "ABCDEF":
        for number in range(4):
            where = f"{country}{number}"
            lines.append(f"{country},Goal 1 - Water,{WATER.format(where)}")
            lines.append(f"{country},street light,{LIGHT.format(where)}")
        lines.append(f'{country},goal.2,"  {WATER.format(f"{country}0")} "')
    path = tmp_path / "goals.csv"
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_a_table_is_read_by_number_label_or_id(goals: Framework, table: Path) -> None:
    rows = read_own(table, goals, COLUMNS)
    assert len(rows) == 48
    both = [row for row in rows if len(row.concepts) == 2]
    assert [(row.text, row.group) for row in both] == [
        (WATER.format(f"{country}0"), country) for country in "ABCDEF"
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("country,goal,text\nA,Goal 3,x", "'Goal 3' is no concept"),
        ("country,goal\nA,Goal 1", "no column 'text'"),
        ("country,goal,text\n", "no labelled text"),
    ],
)
def test_bad_tables_are_named(goals: Framework, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=words):
        read_own(path, goals, COLUMNS)


def test_lines_are_read(goals: Framework, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "A", "concepts": ["goal.1"], "source": "d"}', "utf-8")
    row = OwnRow("A", frozenset(["goal.1"]), frozenset(), "d")
    assert read_own(path, goals, COLUMNS) == [row]
    path.write_text('{"text": "A", "concepts": ["goal.9"]}', "utf-8")
    with pytest.raises(InputError, match=r"goal\.9"):
        read_own(path, goals, COLUMNS)


def test_examples_are_picked_by_concept_from_the_training_side(
    goals: Framework, table: Path, encoder: Encoder
) -> None:
    task = Task.of(goals, read_own(table, goals, COLUMNS), encoder)
    split = Split(np.arange(0, 24), np.arange(24, 48))
    shown = task.picked(split, 3, np.random.default_rng(0))
    assert set(shown) <= set(split.train)
    assert ((task.wanted[shown] == 1).sum(axis=0) >= 3).all()
    assert len(shown) <= 6


def test_no_group_is_on_both_sides(goals: Framework, table: Path, encoder: Encoder) -> None:
    task = Task.of(goals, read_own(table, goals, COLUMNS), encoder)
    measured = _Measured(task, 1, 3)
    seen: list[tuple[set[str], set[str]]] = []

    def way(split: Split, _: np.random.Generator) -> object:
        seen.append(({*measured.groups[split.train]}, {*measured.groups[split.test]}))
        return own(task, split)

    draws = measured.draws(way)  # type: ignore[arg-type]
    assert len(seen) == 3
    assert all(not train & test for train, test in seen)
    assert set.union(*(test for _, test in seen)) == set("ABCDEF")
    assert len(draws["micro-F1"]) == 501
    assert 0 <= draws["micro-F1"][0] <= 1


def test_a_poorer_framework_lacks_what_it_says(goals: Framework) -> None:
    assert set(PARTS) >= {"examples", "all labels"}
    bare = without(goals, "labels and examples").concepts[0]
    assert (bare.labels, bare.hidden, bare.examples) == ((), (), ())
    assert len(without(goals, "every second label").concepts[0].labels) == 2


def test_vectors_are_kept_between_runs(encoder: Encoder, tmp_path: Path) -> None:
    first = Remembered(encoder, tmp_path / "kept.npz")
    made = first.encode(["a b", "c"])
    first.keep()

    class Silent:
        id, dimension = encoder.id, encoder.dimension

        def encode(self, texts: object) -> object:
            raise AssertionError(texts)

    again = Remembered(Silent(), tmp_path / "kept.npz")  # type: ignore[arg-type]
    assert (again.encode(["c", "a b"]) == made[::-1]).all()


def test_the_command_prints_every_way_with_its_gain(
    table: Path, tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(evaluation.own_taxonomy, "load_encoder", lambda *_, **__: encoder)
    (tmp_path / "goals.yaml").write_text(YAML, "utf-8")
    given = ["own-taxonomy", "--labelled", str(table), "--taxonomy", str(tmp_path / "goals.yaml")]
    given += [
        "--columns",
        "text",
        "goal",
        "country",
        "--shots",
        "2",
        "--seeds",
        "1",
        "--folds",
        "2",
    ]
    assert main([*given, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["texts"], report["groups"]) == (48, 6)
    assert [row["way"] for row in report["ways"]] == [
        "0: cosine to definition *",
        "0: own",
        "2: cosine to centroid *",
        "2: logistic regression *",
        "2: own",
    ]
    assert len(report["gains"]) == 2
    for row in report["ways"]:
        for figure in row["figures"].values():
            assert figure["low"] <= figure["value"] <= figure["high"]
    assert main([*given, "--ablation"]) == 0
    assert "0: without all labels" in capsys.readouterr().out
