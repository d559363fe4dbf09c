"""`python -m evaluation alignment`: scores of whole documents against two readings of them.

Two readers went through each document from end to end and said for each concept how far the
document addresses it: 0 absent, 1 mentioned, 2 described, 3 committed, and a strength from 0
to 1 (evaluation/data/document_readings.jsonl: judgements only, no text). A document counts as
addressing a concept where both readers say at least 2, as not addressing it where both say at
most 1; where they differ the pair is left out of presence and kept for the rank correlation.
Each document is aligned with presence calibrated on the others.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from evaluation import alignment_speed, show
from evaluation.bootstrap import ROUNDS, SEED, Figure, Resampling, ratio
from evaluation.documents import read_documents
from evaluation.length import Moves, moves
from evaluation.lines import lines
from evaluation.metrics import f1
from evaluation.presence import Band, Readings, bands, fit, joined, left_out
from evaluation.rates import write_json
from miner.alignment import Alignment, align
from miner.errors import InputError
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
    calibration: tuple[Band, ...] = ()
    length: Mapping[str, Moves] | None = None
    joined_f1: Figure | None = None
    joined_excess: Figure | None = None


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
    parser.add_argument("--corpus", type=Path, help="folder of the documents")
    parser.add_argument("--readings", type=Path, default=shipped, help="two readings per document")
    parser.add_argument(
        "--write", type=Path, help="write the calibration of presence, made on all documents"
    )
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")
    parser.add_argument("--speed", action="store_true", help="measure times instead")
    parser.add_argument("--store", type=Path, help="with --speed: align what is stored here too")


def run(options: argparse.Namespace) -> None:
    """Align, compare, print."""
    if options.speed:
        alignment_speed.run(options)
        return
    if options.corpus is None:
        raise InputError("--corpus", "it is missing", "Name the folder of the documents.")
    report = measure(options.readings, options.corpus, options.write)
    if options.json:
        show.print_json(report)
    else:
        print_tables(report)


def measure(readings: Path, corpus: Path, write: Path | None = None) -> AlignmentReport:
    """Align every document that was read and compare with the readings."""
    tagger = Tagger.load()
    rows = [(line.values["source"], line.values["readings"]) for line in lines(readings)]
    documents = read_documents(corpus, [source for source, _ in rows], tagger)
    chosen = framework()
    read = Readings.of(documents, [both for _, both in rows], chosen)
    if write is not None:
        _write(write, read, tagger.id)
    aligned = {
        d.source: align(
            d.document.id,
            d.source,
            d.pairs,
            chosen,
            warnings=d.document.warnings,
            unread=d.unread,
            presence=presence,
        )
        for d, presence in zip(documents, left_out(read, tagger.id), strict=True)
    }
    presence = np.array([[c.presence for c in aligned[s].concepts] for s, _ in rows])
    found = compare(rows, aligned, tagger.id, bands(presence, read), moves(documents, chosen))
    both, excess = joined(documents, read, chosen)
    return replace(found, joined_f1=both, joined_excess=excess)


def _write(path: Path, read: Readings, model: str) -> None:
    every = fit(read, np.ones(len(read.some), bool), model)
    write_json(
        path,
        {
            "model": model,
            "slope": every.slope,
            "intercept": every.intercept,
            "offsets": dict(every.offsets),
            "documents": every.documents,
            "pairs": int(read.sure.sum()),
        },
    )


def compare(
    rows: list[tuple[str, Any]],
    aligned: Mapping[str, Alignment],
    model: str,
    calibration: tuple[Band, ...] = (),
    length: Mapping[str, Moves] | None = None,
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
        calibration=calibration,
        length=length,
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
        f" Tagger {report.model}, rule {report.rule}. Each document with presence calibrated on"
        " the others. Intervals: bootstrap over documents.\n"
    )
    named = {
        "score against the readers' strength: Spearman": report.rank_correlation,
        "one reader against the other: Spearman": report.readers,
        "presence: F1": report.presence_f1,
        "presence: precision": report.presence_precision,
        "presence: recall": report.presence_recall,
    }
    out.print(show.figures("Alignment of whole documents", named))
    said = [
        (f"{band.low:.1f} to {band.high:.1f}", f"{band.n}", f"{band.said:.2f}", f"{band.true:.2f}")
        for band in report.calibration
    ]
    out.print(show.table("Is presence what it says?", ("presence", "pairs", "says", "is"), said))
    if report.joined_f1 is not None and report.joined_excess is not None:
        both = {
            "presence: F1": report.joined_f1,
            "presence says less what is true": report.joined_excess,
        }
        out.print(show.figures("Every two documents joined into one", both))
    if report.length is not None:
        changed = {name: move.mean for name, move in report.length.items()}
        out.print(show.figures("Moves of the overall score with length", changed, signed=True))
        furthest = [(name, show.number(m.furthest, True)) for name, m in report.length.items()]
        out.print(show.table("The furthest move of any document", ("", "move"), furthest))
    rows = [(source, show.number(value)) for source, value in report.by_document.items()]
    out.print(show.table("By document", ("document", "Spearman over concepts"), rows))
