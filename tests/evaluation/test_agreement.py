"""Agreement of two readings: known counts, the shipped readings, and a passage without any."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaluation.agreement import Read, agreement, read, unseen
from miner.errors import InputError
from miner.tagging import data

AWARE, TRAIN = "dim.hygiene_awareness", "dim.education_training"


def _read(group: str, first: set[str], second: set[str], stances: tuple[str, str]) -> Read:
    return Read(group, (frozenset(first), frozenset(second)), stances)


def test_agreement_counts_what_both_name() -> None:
    told = agreement(
        [
            _read("a", {AWARE, TRAIN}, {AWARE}, ("commitment", "commitment")),
            _read("b", {AWARE}, {AWARE}, ("commitment", "noise")),
        ]
    )
    assert told.micro_f1.value == pytest.approx(2 * 2 / 5)
    assert told.stance.value == 0.5
    assert told.concepts[AWARE].value == 1.0
    assert told.concepts[TRAIN].value == 0.0
    assert (told.concepts[AWARE].n, told.concepts[TRAIN].n) == (2, 1)


def test_shipped_labels_are_what_both_readings_say() -> None:
    folder = Path(data.__file__).parents[2] / "models" / "training"
    for name in ("standoff", "invented", "written"):
        rows = [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]
        for row, told in zip(rows, read(folder, name), strict=True):
            if row["stance"] != "noise":
                assert set(row["concepts"]) == told.concepts[0] & told.concepts[1], row["id"]
            assert told.stances is not None
            agreed = told.stances[0] if told.stances[0] == told.stances[1] else None
            assert row["stance"] == agreed, row["id"]


def test_a_passage_without_readings_is_named(tmp_path: Path) -> None:
    (tmp_path / "readings.jsonl").write_text('{"id": "w2"}\n')
    (tmp_path / "written.jsonl").write_text('{"id": "w1"}\n')
    with pytest.raises(InputError, match=r"written.jsonl, line 1"):
        read(tmp_path, "written")


def test_what_the_labels_leave_open_counts_neither_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"id": "dev-1", "text": "Users learn.", "source": "a.txt"}
    labels = {"concepts": [AWARE], "undecided": [TRAIN], "stance": None}
    (tmp_path / "dev.jsonl").write_text(json.dumps({**row, **labels}) + "\n")
    reading = {"id": "dev-1", "concepts": [AWARE, TRAIN], "maybe": [], "stance": "commitment"}
    (tmp_path / "read.jsonl").write_text(json.dumps(reading) + "\n")
    monkeypatch.setattr("evaluation.agreement._UNSEEN", tmp_path / "read.jsonl")
    (told,) = unseen(tmp_path / "dev.jsonl")
    assert told == Read("a.txt", (frozenset({AWARE}), frozenset({AWARE})), None)
    (tmp_path / "read.jsonl").write_text('{"id": "dev-2", "concepts": [], "stance": "noise"}\n')
    with pytest.raises(InputError, match="no such passage"):
        unseen(tmp_path / "dev.jsonl")
