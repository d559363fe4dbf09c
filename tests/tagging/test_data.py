"""The labelled passages: what the project ships, and labels by reference to real documents."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen import canvas

from miner.errors import InputError
from miner.tagging import data
from miner.taxonomy import Stance, codebook

WORDS = "The State shall train experts."


def row(path: str, text: str, start: int, **more: Any) -> dict[str, Any]:
    return {
        "source": path,
        "page": 1,
        "start": start,
        "end": start + len(text),
        "sha256": hashlib.sha256(" ".join(text.split()).encode()).hexdigest(),
        "concepts": ["dim.education_training"],
        "undecided": [],
        "stance": "commitment",
        **more,
    }


def test_shipped_passages_are_labelled_in_the_words_of_the_codebook() -> None:
    examples = data.written() + data.invented()
    assert len(examples) > 100
    assert {e.stance for e in examples} <= {*Stance, None}
    assert all(e.text.strip() and e.group == "written" for e in examples)
    assert {e.weight for e in examples} == {1.0}
    assert set(codebook()) == {concept for e in examples for concept in e.concepts}


def test_shipped_references_hold_no_text() -> None:
    for shipped in data._shipped("standoff.jsonl"):
        assert "text" not in shipped
        assert shipped["start"] < shipped["end"]
        assert len(shipped["sha256"]) == 64


def test_references_are_read_from_the_corpus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text(f"Preface.\r\n{WORDS} End.", "utf-8", newline="")
    monkeypatch.setattr(data, "_shipped", lambda _: iter([row("a.txt", WORDS, 10)]))
    (example,) = data.standoff(tmp_path)
    assert example.text == WORDS
    assert (example.group, example.weight) == ("a.txt", data.REAL_WEIGHT)


def test_references_into_a_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = canvas.Canvas(str(tmp_path / "a.pdf"))
    page.drawString(72, 700, WORDS)
    page.save()
    monkeypatch.setattr(data, "_shipped", lambda _: iter([row("a.pdf", WORDS, 0)]))
    assert data.standoff(tmp_path)[0].text == WORDS


def test_other_words_than_those_labelled_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b.txt").write_text(f"Preface: {WORDS}", "utf-8")
    monkeypatch.setattr(data, "_shipped", lambda _: iter([row("b.txt", WORDS, 8, page=3)]))
    with pytest.raises(InputError, match=r"b\.txt, page 3: these are not the words"):
        data.standoff(tmp_path)


@pytest.mark.parametrize("name", ["gone.txt", "gone.pdf"])
def test_a_document_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(data, "_shipped", lambda _: iter([row(name, WORDS, 0)]))
    with pytest.raises(InputError, match="--corpus"):
        data.standoff(tmp_path)


def test_labelled_rows_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "dev.jsonl"
    rows = [{"id": 1, "text": WORDS, "concepts": [], "stance": None, "source": "x"}]
    path.write_text("\n".join(json.dumps(r) for r in rows), "utf-8")
    (example,) = data.labelled(path)
    assert (example.text, example.stance, example.group) == (WORDS, None, "x")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "JSONDecodeError"),
        ('{"text": "a"}', "concepts"),
        ('{"concepts": []}', "text"),
        ("[]", "TypeError"),
        ('{"text": "a", "concepts": ["dim.nonsense"]}', "unknown concept dim.nonsense"),
    ],
)
def test_a_row_that_is_none_is_named_by_its_line(tmp_path: Path, line: str, fault: str) -> None:
    path = tmp_path / "dev.jsonl"
    path.write_text('{"text": "a", "concepts": []}\n' + line, "utf-8")
    with pytest.raises(InputError, match=r"dev\.jsonl, line 2") as refused:
        data.labelled(path)
    assert fault in refused.value.cause


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        data.labelled(tmp_path / "none.jsonl")


def _runs(text: str, words: int = 12) -> set[tuple[str, ...]]:
    found = re.findall(r"[a-z]{2,}", text.lower())
    return {tuple(found[at : at + words]) for at in range(len(found) - words + 1)}


def test_no_training_passage_repeats_a_measured_one(shared: Path) -> None:
    measured = data.labelled(shared / "labels" / "dev_passages.jsonl")
    runs = {run for example in measured for run in _runs(example.text)}
    taught = data.written() + data.invented() + data.standoff(shared / "corpus")
    assert not {example.group for example in measured} & {example.group for example in taught}
    # The name of a treaty or of a resolution is all that they may share.
    shares = {example.text: len(runs & _runs(example.text)) for example in taught}
    assert max(shares.values()) <= 4, max(shares, key=lambda text: shares[text])
    # The same document under another name, found by its garbled copy.
    assert not any("Ghana" in example.group and "ncss" in example.group for example in taught)
