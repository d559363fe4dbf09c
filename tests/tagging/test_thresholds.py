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


def test_the_command_prints_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = {"thresholds_from": "dev.jsonl", "positives_dev": {next(iter(codebook())): 3}}
    heads = replace(stand_ins.heads(), thresholds=AWKWARD, card=card)
    heads.save(tmp_path)
    assert main(["thresholds", "--model", str(tmp_path), "--markdown"]) == 0
    printed = capsys.readouterr().out
    assert f"| {heads.concepts[0]} | 0.03 | 1.00 | 0.00 | – | 3 |" in printed
    assert "Chosen on dev.jsonl" in printed
