"""Rankings: figures by hand, the comparison of modes, and the command around them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from evaluation import retrieval
from evaluation.__main__ import main
from evaluation.retrieval_score import Run, differences, means, score_run
from miner.errors import InputError

QRELS = {"1": {"10": 2, "11": 0}, "2": {"20": 1}, "3": {"10": 0}}
RUN: Run = {1: [11, 10, 12], 2: [20], 3: [10], 4: [10]}


def test_figures_by_hand() -> None:
    scores = score_run(RUN, QRELS)
    assert scores.queries == ("1", "2")  # 3 has nothing relevant, 4 no judgement
    figures = means(scores)
    assert figures["MRR"].value == pytest.approx((1 / 2 + 1) / 2)
    assert figures["nDCG@10"].value == pytest.approx((1 / math.log2(3) + 1) / 2)
    assert figures["recall@10"].value == 1.0
    assert figures["P@5"].value == pytest.approx(0.2)
    assert figures["unjudged@10"].value == pytest.approx((1 / 3 + 0) / 2)
    assert figures["MRR"].n == 2
    assert figures["MRR"].low <= figures["MRR"].value <= figures["MRR"].high


def test_far_recall_is_named_after_the_depth() -> None:
    assert "recall@100" in score_run(RUN, QRELS, 200).values
    assert "recall@50" in score_run(RUN, QRELS, 50).values


def test_ids_match_as_text() -> None:
    as_text: Run = {str(query): [str(p) for p in passages] for query, passages in RUN.items()}
    assert means(score_run(as_text, QRELS)) == means(score_run(RUN, QRELS))


def test_differences_are_paired() -> None:
    better = score_run({1: [10], 2: [20]}, QRELS)
    worse = score_run({1: [11, 10], 2: [20]}, QRELS)
    figures = differences(better, worse)
    assert figures["MRR"].value == pytest.approx(0.25)
    assert figures["recall@10"].value == 0.0
    with pytest.raises(ValueError, match="different queries"):
        differences(better, score_run({2: [20]}, QRELS))


def test_without_relevant_judgements_nothing_can_be_measured() -> None:
    with pytest.raises(InputError, match="no query has a relevant passage"):
        score_run({3: [10]}, QRELS)


@pytest.fixture
def files(write: Any) -> list[str]:
    passages = write("p.jsonl", *({"id": i, "doc": "d", "text": f"text {i}"} for i in range(30)))
    queries = write("q.jsonl", {"id": 1, "text": "words"}, {"id": 2, "text": "more words"})
    return ["retrieval", "--passages", str(passages), "--queries", str(queries)]


@pytest.fixture
def qrels(write: Any) -> str:
    path: Path = write(
        "r.jsonl", {"query": 1, "grades": {"10": 2}}, {"query": 2, "grades": {"20": 1}}
    )
    return str(path)


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"full": {1: [10, 3], 2: [3, 20]}, "bm25": {1: [3, 10], 2: [3]}}

    def search_all(passages: Any, queries: Any, modes: Any, depth: int, cache: Any) -> Any:
        assert (len(passages), len(queries), depth, cache) == (30, 2, 100, None)
        return {mode: answers[mode] for mode in modes}

    monkeypatch.setattr(retrieval, "search_all", search_all)


@pytest.mark.usefixtures("searched")
def test_the_command_prints_a_table(
    files: list[str], qrels: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*files, "--qrels", qrels, "--compare", "bm25"]) == 0
    printed = capsys.readouterr().out
    assert "nDCG@10" in printed
    assert "full minus bm25" in printed
    assert "+0.5" in printed
    assert "2 judged queries" in printed


@pytest.mark.usefixtures("searched")
def test_the_command_prints_json(
    files: list[str], qrels: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*files, "--qrels", qrels, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["figures"]["MRR"]["value"] == pytest.approx(0.75)
    assert report["compared"] is None


@pytest.mark.usefixtures("searched")
def test_without_judgements_the_run_is_written_and_this_is_said(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run.jsonl"
    assert main([*files, "--run", str(out)]) == 0
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert rows == [{"query": 1, "passages": [10, 3]}, {"query": 2, "passages": [3, 20]}]
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "nothing was measured" in captured.err


@pytest.mark.usefixtures("searched")
@pytest.mark.parametrize(
    ("more", "cause"),
    [
        ([], "neither --qrels nor --run"),
        (["--run", "x.jsonl", "--depth", "5"], "--depth 5"),
        (["--run", "x.jsonl", "--depth", "201"], "--depth 201"),
        (["--run", "x.jsonl", "--compare", "bm25"], "needs judgements"),
        (["--run", "/nowhere/x.jsonl"], "folder does not exist"),
        (["--run", "/"], "cannot be written"),
        (["--qrels", "/nowhere.jsonl"], "No such file"),
    ],
)
def test_faults_end_in_a_sentence_and_2(
    files: list[str], more: list[str], cause: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*files, *more]) == 2
    captured = capsys.readouterr()
    assert cause in captured.err
    assert captured.out == ""


def test_modes_and_depth_are_those_of_search() -> None:
    from typing import get_args

    search = pytest.importorskip("miner.search")
    assert get_args(search.Mode) == retrieval.MODES
    assert search.MAX_LIMIT == retrieval.DEEPEST
