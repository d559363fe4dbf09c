"""`python -m evaluation retrieval`: the product's search over given passages and queries."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from evaluation import show
from evaluation.bootstrap import Figure
from evaluation.retrieval_score import (
    Qrels,
    RetrievalReport,
    Run,
    differences,
    means,
    score_run,
)
from evaluation.rows import Id, PassageRow, QueryRow, read_passages, read_qrels, read_queries
from miner.errors import InputError

if TYPE_CHECKING:
    from miner.search import Mode

MODES = ("bm25", "dense", "hybrid", "full")
DEEPEST = 200
# `full` with a part left out: a leg, or asking the tagging model what the query speaks of.
VARIANTS: Mapping[str, tuple[str, ...]] = {
    "without dense": ("bm25", "tags"),
    "without bm25": ("dense", "tags"),
    "without tags": ("dense", "bm25"),
    "tags of named concepts only": ("dense", "bm25", "tags"),
}

Rank = Callable[[str, str], Sequence[Id]]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--passages", type=Path, required=True, help="JSON lines: id, doc, text")
    parser.add_argument("--queries", type=Path, required=True, help="JSON lines: id, text")
    parser.add_argument(
        "--qrels", type=Path, nargs="+", help="JSON lines: query, grades; later files add to it"
    )
    parser.add_argument("--mode", choices=MODES, default="full")
    parser.add_argument("--compare", choices=MODES, help="print the paired difference to this mode")
    parser.add_argument(
        "--compare-model", help="embedding model of the compared mode, as MINER_MODEL names it"
    )
    parser.add_argument("--ablate", action="store_true", help="print each leg in and out")
    parser.add_argument("--run", type=Path, help="write the ranking here: query, passages")
    parser.add_argument("--depth", type=int, default=100, help="passages per query (10 to 200)")
    parser.add_argument("--cache", type=Path, help="folder that keeps vectors between runs")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")


def run(options: argparse.Namespace) -> None:
    """Search, score where there are judgements, write the ranking where asked for."""
    _check(options)
    passages, queries = read_passages(options.passages), read_queries(options.queries)
    qrels = judgements(options.qrels, queries, passages) if options.qrels else None
    modes = [options.mode, *([options.compare] if options.compare else [])]
    if options.ablate:
        modes = list(dict.fromkeys([*modes, *VARIANTS, *MODES]))
    runs = search_all(passages, queries, modes, options.depth, options.cache)
    if options.compare and options.compare_model:
        other = search_all(
            passages,
            queries,
            [options.compare],
            options.depth,
            options.cache,
            options.compare_model,
        )
        runs = {**runs, options.compare: other[options.compare]}
    if options.run:
        write_run(runs[options.mode], options.run)
        print(f"Ranking of {len(queries):,} queries written to {options.run}", file=sys.stderr)
    if qrels is None:
        print("No --qrels given: nothing was measured.", file=sys.stderr)
        return
    if options.ablate:
        print_ablation(ablation(runs, qrels, options.mode, options.depth), options.mode)
        return
    report = score(runs, qrels, options.mode, options.compare, options.depth, len(passages))
    if options.json:
        show.print_json(report)
    else:
        print_tables(report)


def judgements(
    files: Sequence[Path], queries: list[QueryRow], passages: list[PassageRow]
) -> dict[str, dict[str, int]]:
    """The grades of all files; what an earlier file judged stays."""
    found: dict[str, dict[str, int]] = {}
    for file in files:
        for query, grades in read_qrels(file, queries, passages).items():
            found[query] = {**grades, **found.get(query, {})}
    return found


def _check(options: argparse.Namespace) -> None:
    if not 10 <= options.depth <= DEEPEST:
        raise InputError(
            f"--depth {options.depth}", f"it must lie between 10 and {DEEPEST}", "Give another."
        )
    if options.qrels is None and options.run is None:
        raise InputError(
            "retrieval", "neither --qrels nor --run is given", "Give one: to measure, or to write."
        )
    if options.qrels is None and options.compare:
        raise InputError("--compare", "it needs judgements", "Give them with --qrels.")
    if options.run is not None and not options.run.parent.is_dir():
        raise InputError(str(options.run), "its folder does not exist", "Make it first.")


def search_all(
    passages: Sequence[PassageRow],
    queries: Sequence[QueryRow],
    modes: Sequence[str],
    depth: int,
    cache: Path | None,
    model: str | None = None,
) -> dict[str, Run]:
    """Rank the passages for each query in each mode or variant, through `miner.search.Searcher`."""
    from evaluation.passages_store import passage_store
    from miner.catalogue.geography import Geography
    from miner.embedding import load_encoder
    from miner.search import Searcher, SearchRequest
    from miner.settings import Settings
    from miner.tagging.tagger import Tagger

    settings, geography = Settings.from_environment(), Geography.shipped()
    encoder = load_encoder(
        model or settings.model,
        threads=settings.threads,
        engine=settings.engine,
        cache=settings.cache,
    )
    tagger = Tagger.load(threads=settings.threads, engine=settings.engine, cache=settings.cache)
    with passage_store(passages, encoder, tagger, geography, cache) as built:
        searcher = Searcher(built.store, encoder, geography, tagger.probabilities)

        def rank(mode: str, text: str) -> list[Id]:
            asked, name = searcher, cast("Mode", "full" if mode in VARIANTS else mode)
            if mode in VARIANTS:
                asked = replace(asked, mix={leg: asked.mix[leg] for leg in VARIANTS[mode]})
            if mode == "tags of named concepts only":
                asked = replace(asked, spoken=lambda _: {})
            answer = asked.search(SearchRequest(query=text, mode=name, limit=depth))
            return [built.given[hit.passage.passage.id] for hit in answer.hits]

        return ranked(queries, modes, rank)


def ranked(queries: Sequence[QueryRow], modes: Sequence[str], rank: Rank) -> dict[str, Run]:
    """The run of each mode."""
    return {mode: {query.id: rank(mode, query.text) for query in queries} for mode in modes}


def write_run(ranking: Run, path: Path) -> None:
    """One JSON object per query: query, passages (best first)."""
    rows = [{"query": query, "passages": list(found)} for query, found in ranking.items()]
    try:
        path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    except OSError as error:
        raise InputError(
            str(path), f"it cannot be written ({error.strerror})", "Choose another with --run."
        ) from error


def score(
    runs: dict[str, Run], qrels: Qrels, mode: str, compare: str | None, depth: int, passages: int
) -> RetrievalReport:
    """The figures of `mode`, and its differences to `compare`."""
    scores = score_run(runs[mode], qrels, depth)
    return RetrievalReport(
        mode=mode,
        queries=len(scores.queries),
        judged=sum(len(qrels[query]) for query in scores.queries),
        passages=passages,
        figures=means(scores),
        compared=compare,
        differences=(
            differences(scores, score_run(runs[compare], qrels, depth)) if compare else None
        ),
    )


@dataclass(frozen=True, slots=True)
class Ablated:
    """nDCG@10 of a mode or variant, and of it minus the measured mode, paired by query."""

    name: str
    ndcg: Figure
    difference: Figure


def ablation(runs: Mapping[str, Run], qrels: Qrels, mode: str, depth: int) -> list[Ablated]:
    """Each run against that of `mode`."""
    whole = score_run(runs[mode], qrels, depth)
    rows = []
    for name, found in runs.items():
        scores = score_run(found, qrels, depth)
        rows.append(Ablated(name, means(scores)["nDCG@10"], differences(scores, whole)["nDCG@10"]))
    return rows


def print_ablation(rows: Sequence[Ablated], mode: str) -> None:
    """One row per run."""
    show.console().print(
        show.table(
            f"nDCG@10 of each part in and out ({rows[0].ndcg.n} queries)",
            ("", "nDCG@10", "95 % interval", f"minus {mode}", "95 % interval"),
            [
                (
                    row.name,
                    show.number(row.ndcg.value),
                    show.interval(row.ndcg),
                    show.number(row.difference.value, True),
                    show.interval(row.difference, True),
                )
                for row in rows
            ],
        )
    )


def print_tables(report: RetrievalReport) -> None:
    """The report as tables."""
    out = show.console()
    out.print(
        f"Mode {report.mode}: {report.queries:,} judged queries, {report.judged:,} judgements,"
        f" {report.passages:,} passages. Passages that nobody judged count as not relevant."
    )
    out.print("Intervals: percentile bootstrap over queries.\n")
    out.print(show.figures(f"Mean over queries, {report.mode}", report.figures))
    if report.differences is not None:
        title = f"{report.mode} minus {report.compared}, paired by query"
        out.print(show.figures(title, report.differences, signed=True))
