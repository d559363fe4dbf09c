"""The passages that the tagger did not learn: whole, not learned, real ones without their text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaluation.heldout import FILE, KINDS, held_out
from evaluation.lines import lines
from evaluation.rows import labelled_row
from miner.errors import InputError
from miner.tagging import data


def test_real_ones_hold_no_text_and_the_others_do() -> None:
    found = list(lines(FILE))
    assert {line.text("kind") for line in found} == set(KINDS)
    assert len({line.id() for line in found}) == len(found)
    for line in found:
        assert ("text" in line.values) == (line.text("kind") != "real")
        assert ("sha256" in line.values) == (line.text("kind") == "real")


def test_none_is_learned() -> None:
    learned = {e.text for e in data.written() + data.invented()}
    places = {(row["source"], row["page"], row["start"]) for row in data._shipped("standoff.jsonl")}
    documents = {row["document"] for row in data._shipped("invented.jsonl")}
    for line in lines(FILE):
        row = line.values
        assert row.get("text") not in learned
        assert (row.get("source"), row.get("page"), row.get("start")) not in places
        assert row.get("source") not in documents


def test_labels_are_what_both_readings_say() -> None:
    for line in lines(FILE):
        first, second = (line.value(which, dict, "a reading") for which in ("first", "second"))
        said = [set(reading["concepts"]) for reading in (first, second)]
        assert set(line.values["concepts"]) <= said[0] & said[1]
        assert not (said[0] ^ said[1]) & set(line.values["concepts"])
        if line.values["stance"] is not None:
            assert line.values["stance"] == first["stance"] == second["stance"]


def test_without_a_corpus_real_ones_are_left_out() -> None:
    found = held_out(None)
    assert found
    assert {line.text("kind") for line in found} == {"written", "invented"}
    assert all(labelled_row(line).text for line in found)


def test_a_corpus_with_other_words_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Other words.", "utf-8")
    row = {"id": "v", "kind": "real", "source": "a.txt", "page": 1, "start": 0, "end": 5}
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({**row, "sha256": "0" * 64}) + "\n", "utf-8")
    with pytest.raises(InputError, match=r"a\.txt, page 1: these are not the words"):
        held_out(tmp_path, path)


def test_real_ones_are_read_from_the_corpus(shared: Path) -> None:
    found = held_out(shared / "corpus")
    assert len(found) == len(list(lines(FILE)))
    assert all(labelled_row(line).text for line in found)
