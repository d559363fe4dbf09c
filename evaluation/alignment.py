"""`python -m evaluation alignment`: scores of whole documents against two readings of them.

Two readers went through each document from end to end and said for each concept how far the
document addresses it: 0 absent, 1 mentioned, 2 described, 3 committed, and a strength from 0
to 1 (evaluation/data/document_readings.jsonl: judgements only, no text). A document counts as
addressing a concept where both readers say at least 2, as not addressing it where both say at
most 1; where they differ the pair is left out of presence and kept for the rank correlation.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from evaluation import show
from evaluation.bootstrap import ROUNDS, SEED, Figure, Resampling, ratio
from evaluation.lines import lines
from evaluation.metrics import f1
from miner.alignment import Alignment, align
from miner.parsing import parse
from miner.passages import split
from miner.tagging.tagger import Tagger
from miner.taxonomy import framework


@dataclass(frozen=True, slots=True)
class AlignmentReport:
    """The figures. `pairs` are document-concept pairs; `readers` compares the two readers."""

    model: str
    rule: str
    documents: int
    pairs: int
    rank_correlation: Figure
    readers: Figure
    presence_f1: Figure
    presence_precision: Figure
    presence_recall: Figure
    by_document: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Document-concept pairs as arrays of n: scores, presence, the readers' levels, strengths."""

    document: list[str]
    score: NDArray[np.float64]
    present: NDArray[np.bool_]
    level: NDArray[np.int64]
    strength: NDArray[np.float64]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    shipped = Path(str(files("evaluation") / "data" / "document_readings.jsonl"))
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the documents")
    parser.add_argument("--readings", type=Path, default=shipped, help="two readings per document")
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")


def run(options: argparse.Namespace) -> None:
    """Align, compare, print."""
    report = measure(options.readings, options.corpus)
    if options.json:
        show.print_json(report)
    else:
        print_tables(report)


def measure(readings: Path, corpus: Path) -> AlignmentReport:
    """Align every document that was read and compare with the readings."""
    tagger = Tagger.load()
    rows = [(line.values["source"], line.values["readings"]) for line in lines(readings)]
    aligned = {source: _align(corpus / source, tagger) for source, _ in rows}
    return compare(rows, aligned, tagger.id)


def _align(path: Path, tagger: Tagger) -> Alignment:
    document = parse(path)
    passages = split(document)
    tagged = tagger.tag([p.text for p in passages], [p.language for p in passages])
    pairs = list(zip(passages, tagged, strict=True))
    return align(document.id, path.name, pairs, framework(), warnings=document.warnings)


def compare(
    rows: list[tuple[str, Any]], aligned: Mapping[str, Alignment], model: str
) -> AlignmentReport:
    """The figures of alignments against readings `[{concept: [level, strength]}, ...]`."""
    pairs = _pairs(rows, aligned)
    by_document = Resampling.of(pairs.document)
    sure = (pairs.level.min(axis=1) >= 2) | (pairs.level.max(axis=1) <= 1)
    wanted = pairs.level.min(axis=1) >= 2
    hits, false, missed = (
        by_document.totals(sure & found)
        for found in (
            pairs.present & wanted,
            pairs.present & ~wanted,
            ~pairs.present & wanted,
        )
    )
    n = int(sure.sum())
    mean = pairs.strength.mean(axis=1)
    names = np.array(pairs.document)
    return AlignmentReport(
        model=model,
        rule=next(iter(aligned.values())).rule,
        documents=len(rows),
        pairs=len(names),
        rank_correlation=_correlation(names, pairs.score, mean),
        readers=_correlation(names, pairs.strength[:, 0], pairs.strength[:, 1]),
        presence_f1=by_document.figure(f1(hits, false, missed), n),
        presence_precision=by_document.figure(ratio(hits, hits + false), n),
        presence_recall=by_document.figure(ratio(hits, hits + missed), n),
        by_document={
            source: float(spearmanr(pairs.score[names == source], mean[names == source]).statistic)
            for source, _ in rows
        },
    )


def _pairs(rows: list[tuple[str, Any]], aligned: Mapping[str, Alignment]) -> _Pairs:
    document, score, present, level, strength = [], [], [], [], []
    for source, readings in rows:
        for concept in aligned[source].concepts:
            document.append(source)
            score.append(concept.score)
            present.append(concept.present)
            level.append([reading[concept.concept][0] for reading in readings])
            strength.append([reading[concept.concept][1] for reading in readings])
    return _Pairs(document, np.array(score), np.array(present), np.array(level), np.array(strength))


def _correlation(
    names: NDArray[np.str_], one: NDArray[np.float64], other: NDArray[np.float64]
) -> Figure:
    """Spearman's rank correlation, with an interval from drawing documents."""
    value = float(spearmanr(one, other).statistic)
    rows = {name: np.flatnonzero(names == name) for name in np.unique(names)}
    generator = np.random.default_rng(SEED)
    drawn = []
    for _ in range(ROUNDS // 4):
        some = np.concatenate([rows[n] for n in generator.choice(list(rows), len(rows))])
        drawn.append(float(spearmanr(one[some], other[some]).statistic))
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Figure(value, float(low), float(high), len(names))


def print_tables(report: AlignmentReport) -> None:
    """The report as tables."""
    out = show.console()
    out.print(
        f"{report.documents} documents, {report.pairs} document-concept pairs."
        f" Tagger {report.model}, rule {report.rule}. Intervals: bootstrap over documents.\n"
    )
    named = {
        "score against the readers' strength: Spearman": report.rank_correlation,
        "one reader against the other: Spearman": report.readers,
        "presence: F1": report.presence_f1,
        "presence: precision": report.presence_precision,
        "presence: recall": report.presence_recall,
    }
    out.print(show.figures("Alignment of whole documents", named))
    rows = [(source, show.number(value)) for source, value in report.by_document.items()]
    out.print(show.table("By document", ("document", "Spearman over concepts"), rows))
