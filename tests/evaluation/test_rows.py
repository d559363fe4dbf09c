"""Input files: what is read, and what each fault says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evaluation.rows import (
    LabelledRow,
    read_labelled,
    read_passages,
    read_qrels,
    read_queries,
)
from miner.errors import InputError
from miner.taxonomy import Stance

GOOD: dict[str, Any] = {
    "id": "a",
    "text": "We will.",
    "concepts": ["prin.ownership"],
    "stance": "commitment",
}


def test_labelled_rows(write: Any) -> None:
    path = write("l.jsonl", {**GOOD, "source": "ncss_txt/x.txt", "page": 3}, "", {**GOOD, "id": 2})
    first, second = read_labelled(path)
    assert first.concepts == {"prin.ownership"}
    assert first.stance is Stance.COMMITMENT
    assert (first.document, first.folder) == ("ncss_txt/x.txt", "ncss_txt")
    assert (second.document, second.folder) == ("row 2", "(none)")


def test_a_source_without_a_folder_is_of_no_group() -> None:
    assert LabelledRow(1, "t", frozenset(), source="x.txt").folder == "(none)"


def test_line_separators_within_a_text_do_not_end_the_line(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"id": 1, "text": "one\u2028two"}\n', "utf-8")
    assert read_queries(path)[0].text == "one\u2028two"


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        ("{broken", "not valid JSON"),
        pytest.param("[" * 100_000, "nested too deep", id="deep"),
        ("[1]", "not a JSON object"),
        ({"id": "b"}, "'concepts' is missing"),
        ({**GOOD, "id": True}, "'id' is True"),
        ({**GOOD, "id": "b", "text": "  "}, "'text' is empty"),
        ('{"id": "b", "text": "x\\ud800", "concepts": []}', "'text' holds half a surrogate"),
        ('{"id": "\\udfff"}', "'id' holds half a surrogate"),
        ({**GOOD, "id": "b", "concepts": "x"}, "'concepts' is 'x'"),
        ({**GOOD, "id": "b", "concepts": ["norm.z"]}, "'norm.z' in 'concepts' is no concept"),
        ({**GOOD, "id": "b", "concepts": [["x"]]}, "no concept"),
        ({**GOOD, "id": "b", "undecided": ["norm.z"]}, "in 'undecided' is no concept"),
        ({**GOOD, "id": "b", "undecided": ["prin.ownership"]}, "both in"),
        ({**GOOD, "id": "b", "stance": "plan"}, "'plan' is no stance"),
        ({k: v for k, v in GOOD.items() if k != "stance"} | {"id": "b"}, "'stance' is missing"),
        ({**GOOD, "id": "b", "source": 3}, "'source' is 3"),
        (GOOD, "stands in line 1 already"),
    ],
)
def test_faults_name_file_line_cause_and_next_step(write: Any, row: Any, cause: str) -> None:
    path = write("labelled.jsonl", GOOD, row)
    with pytest.raises(InputError) as caught:
        read_labelled(path)
    assert caught.value.what == f"{path}, line 2"
    assert cause in caught.value.cause
    assert caught.value.next_step


def test_a_null_stance_is_left_open(write: Any) -> None:
    assert read_labelled(write("l.jsonl", {**GOOD, "stance": None}))[0].stance is None


def test_a_missing_an_empty_and_a_binary_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_queries(tmp_path / "none.jsonl")
    with pytest.raises(InputError, match="cannot be read"):
        read_queries(tmp_path)
    (tmp_path / "empty.jsonl").write_text("\n\n")
    with pytest.raises(InputError, match="is empty"):
        read_queries(tmp_path / "empty.jsonl")
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not UTF-8"):
        read_queries(tmp_path / "binary.jsonl")


def test_ids_keep_their_type(write: Any) -> None:
    path = write(
        "p.jsonl", {"id": 7, "doc": "d", "text": "t"}, {"id": "x", "doc": "d", "text": "t"}
    )
    assert [row.id for row in read_passages(path)] == [7, "x"]


@pytest.mark.parametrize(
    ("rows", "cause"),
    [
        ([{"query": 9, "grades": {}}], "query 9 is not in"),
        ([{"query": 1, "grades": {"99": 1}}], "passage 99 is not in"),
        ([{"query": 1, "grades": {"7": -1}}], "grade of passage 7 is -1"),
        ([{"query": 1, "grades": {"7": True}}], "grade of passage 7 is True"),
        ([{"query": 1, "grades": {"7": 1.5}}], "grade of passage 7 is 1.5"),
        ([{"query": 1, "grades": [7]}], "'grades' is [7]"),
        ([{"query": 1, "grades": {}}, {"query": 1, "grades": {}}], "query 1 occurs twice"),
        ([{"grades": {}}], "'query' is missing"),
    ],
)
def test_faults_of_judgements(write: Any, rows: list[dict[str, Any]], cause: str) -> None:
    passages = read_passages(write("p.jsonl", {"id": 7, "doc": "d", "text": "t"}))
    queries = read_queries(write("q.jsonl", {"id": 1, "text": "words"}))
    with pytest.raises(InputError) as caught:
        read_qrels(write("r.jsonl", *rows), queries, passages)
    assert cause in caught.value.cause


def test_judgements(write: Any) -> None:
    passages = read_passages(write("p.jsonl", {"id": 7, "doc": "d", "text": "t"}))
    queries = read_queries(write("q.jsonl", {"id": 1, "text": "words"}))
    path = write("r.jsonl", {"query": 1, "grades": {"7": 2}})
    assert read_qrels(path, queries, passages) == {"1": {"7": 2}}
