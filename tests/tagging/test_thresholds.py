"""The published thresholds say what the weights say."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import stand_ins

from evaluation.__main__ import main
from miner.tagging.heads import Heads, save_tensors
from miner.tagging.thresholds import FILE, published
from miner.tagging.tuned import shipped_folder
from miner.taxonomy import codebook

AWKWARD = np.linspace(0.1, 0.7, len(codebook()), dtype=np.float32) / np.float32(3)


def test_the_shipped_file_is_that_of_the_shipped_weights() -> None:
    folder = shipped_folder()
    heads = Heads.load(folder)
    said = json.loads((folder / FILE).read_text("utf-8"))
    assert list(said["concepts"]) == list(codebook()) == list(heads.concepts)
    rows = list(said["concepts"].values())
    assert np.array_equal(np.float32([row["threshold"] for row in rows]), heads.thresholds)
    assert np.array_equal(np.float32([[row["a"], row["b"]] for row in rows]), heads.calibration)
    assert said["thresholds_from"] == heads.card["thresholds_from"]
    for concept, row in said["concepts"].items():
        assert row["positives_trained"] == heads.card["positives"][concept]
        assert row["positives_dev"] >= 0
        if "positives_dev" in heads.card:
            assert row["positives_dev"] == heads.card["positives_dev"][concept]


def test_saving_publishes_exactly(tmp_path: Path) -> None:
    heads = replace(stand_ins.heads(), thresholds=AWKWARD)
    heads.save(tmp_path)
    said = json.loads((tmp_path / FILE).read_text("utf-8"))
    read = [row["threshold"] for row in said["concepts"].values()]
    assert np.array_equal(np.float32(read), Heads.load(tmp_path).thresholds)
    # As short as the number is in 32 bits.
    assert max(len(str(number)) for number in read) <= 12


def test_saved_weights_can_be_read_by_everybody(tmp_path: Path) -> None:
    stand_ins.heads().save(tmp_path)
    save_tensors({"some": np.zeros((4, 3), np.float32).T}, tmp_path / "other.safetensors")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes["heads.safetensors"] == modes["other.safetensors"] == 0o644


def test_positives_are_null_where_nobody_counted_them() -> None:
    heads = replace(stand_ins.heads(), card={})
    first = next(iter(published(heads)["concepts"].values()))
    assert (first["positives_trained"], first["positives_dev"]) == (None, None)
    counted = published(heads, {heads.concepts[0]: 7})["concepts"][heads.concepts[0]]
    assert counted["positives_dev"] == 7
    known = replace(heads, card={"positives_dev": {heads.concepts[0]: 3}})
    told = published(known, {heads.concepts[0]: 7})["concepts"][heads.concepts[0]]
    assert told["positives_dev"] == 3


def test_the_command_prints_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heads = replace(stand_ins.heads(), thresholds=AWKWARD, card={"thresholds_from": "dev.jsonl"})
    heads.save(tmp_path)
    (tmp_path / FILE).unlink()
    dev = tmp_path / "dev.jsonl"
    row = {"id": 1, "text": "t", "concepts": [heads.concepts[0]], "stance": None}
    dev.write_text(json.dumps(row) + "\n", "utf-8")
    asked = ["thresholds", "--model", str(tmp_path), "--labelled"]
    assert main([*asked, str(dev), "--write", "--markdown"]) == 0
    assert f"| {heads.concepts[0]} | 0.03 |" in capsys.readouterr().out
    said = json.loads((tmp_path / FILE).read_text("utf-8"))["concepts"]
    assert [said[c]["positives_dev"] for c in heads.concepts[:2]] == [1, 0]
    other = tmp_path / "other.jsonl"
    other.write_bytes(dev.read_bytes())
    assert main([*asked, str(other)]) == 2
    assert "chosen on dev.jsonl" in capsys.readouterr().err
