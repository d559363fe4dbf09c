"""`python -m evaluation shares`: how much of their words stored strategies give to each concept.

What depth is held against. Documents in other languages, documents about something else and
texts of less than `least_words` words are left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluation import show
from evaluation.bootstrap import ROUNDS, SEED, Figure
from evaluation.rates import write_json
from miner.alignment.measure import Measured, measure
from miner.alignment.rule import calibration, rule
from miner.alignment.score import score
from miner.errors import InputError
from miner.settings import Settings
from miner.taxonomy import Framework, framework


@dataclass(frozen=True, slots=True)
class SharesReport:
    """By concept: for how many documents a passage is decided, and the median share there.

    half: the median over all such pairs; `depth_half` of the rule is this figure, rounded.
    """

    model: str
    documents: int
    half: Figure
    concepts: Mapping[str, tuple[int, float]]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--store", type=Path, required=True, help="a store of strategies")
    parser.add_argument("--write", type=Path, help="write the shares of all documents")
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")


def run(options: argparse.Namespace) -> None:
    """Measure what is stored, print, write."""
    chosen = framework()
    model, found = _shares(options.store, chosen)
    if not found:
        raise InputError(str(options.store), "it holds no strategy in English", "Ingest some.")
    if options.write:
        write_json(
            options.write,
            {
                "model": model,
                "documents": len(found),
                "concepts": {
                    concept.id: sorted(round(abs(float(row[n])), 5) for row in found.values())
                    for n, concept in enumerate(chosen.concepts)
                },
            },
        )
    report = _report(model, found, chosen)
    if options.json:
        show.print_json(report)
    else:
        print_tables(report)


def _shares(folder: Path, chosen: Framework) -> tuple[str, dict[str, NDArray[np.float64]]]:
    from service.workspace import Workspace

    found: dict[str, NDArray[np.float64]] = {}
    model, ids = "", [concept.id for concept in chosen.concepts]
    with Workspace.open(
        replace(Settings.from_environment(), store=folder), create=False
    ) as workspace:
        for item in workspace.store.documents():
            pairs = workspace.readings.of(item.id).pairs
            measured = measure(pairs, chosen)
            if pairs and is_strategy(measured, len(pairs)):
                model = pairs[0][1].model
                found[item.id] = of(measured, ids)
    return model, found


def of(measured: Measured, concepts: Sequence[str]) -> NDArray[np.float64]:
    """Shares of the words (c,); below 0 where only near misses count."""
    share = score(measured, rule(), calibration(), concepts).share
    return np.where(measured.decided.any(axis=0), share, -share)


def is_strategy(measured: Measured, passages: int) -> bool:
    return (
        measured.on_subject
        and len(measured.pairs) > passages / 2
        and float(measured.words.sum()) >= rule()["least_words"]
    )


def _report(
    model: str, found: Mapping[str, NDArray[np.float64]], chosen: Framework
) -> SharesReport:
    rows = np.stack(list(found.values()))
    return SharesReport(
        model,
        len(rows),
        _median(rows),
        {
            concept.id: (int((held := rows[:, n] > 0).sum()), float(np.median(rows[held, n])))
            for n, concept in enumerate(chosen.concepts)
            if (rows[:, n] > 0).any()
        },
    )


def _median(rows: NDArray[np.float64]) -> Figure:
    """The median of what is above 0, with an interval from drawing documents."""
    generator = np.random.default_rng(SEED)
    drawn = []
    for _ in range(ROUNDS // 4):
        some = rows[generator.integers(0, len(rows), len(rows))]
        drawn.append(float(np.median(some[some > 0])))
    low, high = np.percentile(drawn, [2.5, 97.5])
    held = rows[rows > 0]
    return Figure(float(np.median(held)), float(low), float(high), len(held))


def print_tables(report: SharesReport) -> None:
    """The report as tables."""
    out = show.console()
    out.print(f"{report.documents} strategies. Tagger {report.model}. Interval: over documents.\n")
    out.print(
        show.figures("Share of the words", {"median where a passage is decided": report.half})
    )
    rows = [
        (concept, f"{count}", f"{median:.4f}")
        for concept, (count, median) in report.concepts.items()
    ]
    out.print(show.table("By concept", ("concept", "strategies", "median share"), rows))
