"""Levels of coverage (committed, described, ...) against two readings of whole documents.

    python -m evaluation levels --corpus ../shared/corpus

Presence is calibrated on the other documents. A pair of document and concept is committed where
both readers say so (3), not committed where neither does; where they differ it is left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluation import show
from evaluation.bootstrap import Figure, Resampling, ratio
from evaluation.documents import TaggedDocument, read_documents
from evaluation.lines import lines
from evaluation.presence import Readings, left_out
from evaluation.rates import write_json
from miner.alignment import align
from miner.alignment.rule import Calibration
from miner.coverage import Level
from miner.coverage.cell import cell_of
from miner.tagging.tagger import Tagger
from miner.taxonomy import Framework, framework

_COMMITTED, _ADDRESSED, _MENTIONED = 3, 2, 1


@dataclass(frozen=True, slots=True)
class LevelsReport:
    """committed: precision, recall and F1. said: for each level of ours, what both readers say."""

    documents: int
    committed: Mapping[str, Figure]
    said: Mapping[str, Mapping[str, Figure]]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    shipped = Path(str(files("evaluation") / "data" / "document_readings.jsonl"))
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the documents")
    parser.add_argument("--readings", type=Path, default=shipped, help="two readings per document")
    parser.add_argument("--write", type=Path, help="write what gaps tell of their errors")
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")


def run(options: argparse.Namespace) -> None:
    """Align, compare, print."""
    tagger = Tagger.load()
    rows = [(row.values["source"], row.values["readings"]) for row in lines(options.readings)]
    documents = read_documents(options.corpus, [source for source, _ in rows], tagger)
    chosen = framework()
    read = Readings.of(documents, [both for _, both in rows], chosen)
    levels = [
        levels_of(document, chosen, presence)
        for document, presence in zip(documents, left_out(read, tagger.id), strict=True)
    ]
    report = compare([d.source for d in documents], levels, read.level)
    if options.write is not None:
        write_json(options.write, _known(report, tagger.id))
    if options.json:
        show.print_json(report)
        return
    console = show.console()
    console.print(show.figures(f"“committed” in {report.documents} documents", report.committed))
    for level, figures in report.said.items():
        console.print(show.figures(f"where we say “{level}”, both readers say", figures))


def _known(report: LevelsReport, model: str) -> dict[str, object]:
    """How often both readers find a commitment at each level of ours."""
    found = {
        level: {
            "value": round(figures["committed"].value, 4),
            "low": round(figures["committed"].low, 4),
            "high": round(figures["committed"].high, 4),
            "n": figures["committed"].n,
        }
        for level, figures in report.said.items()
    }
    return {"model": model, "documents": report.documents, "committed": found}


def levels_of(document: TaggedDocument, framework: Framework, presence: Calibration) -> list[Level]:
    """The level of each concept in a document."""
    found = align(
        document.document.id,
        document.source,
        document.pairs,
        framework,
        warnings=document.document.warnings,
        unread=document.unread,
        presence=presence,
    )
    passages = {passage.id: passage for passage, _ in document.pairs}
    return [cell_of(found.document, concept, passages).level for concept in found.concepts]


def compare(
    sources: Sequence[str], levels: Sequence[Sequence[Level]], readers: NDArray[np.int64]
) -> LevelsReport:
    """Levels (document by concept) against the readers' (document, reader, concept).

    Intervals are bootstrapped over documents.
    """
    ours = np.array([[level.value for level in row] for row in levels])
    low, high = readers.min(axis=1).ravel(), readers.max(axis=1).ravel()
    draws = Resampling.of([s for s, row in zip(sources, levels, strict=True) for _ in row])
    said = ours.ravel()
    ours_committed = said == Level.COMMITTED.value
    committed, never = low >= _COMMITTED, high < _COMMITTED
    sure = committed | never
    hits = draws.totals(ours_committed & committed)
    right, found = draws.totals(committed), draws.totals(ours_committed & sure)
    return LevelsReport(
        len(sources),
        {
            "precision": draws.figure(ratio(hits, found), int((ours_committed & sure).sum())),
            "recall": draws.figure(ratio(hits, right), int(committed.sum())),
            "F1": draws.figure(ratio(2 * hits, right + found), int(sure.sum())),
        },
        {
            level.value: _told(draws, said == level.value, low, high)
            for level in Level
            if (said == level.value).any()
        },
    )


def _told(
    draws: Resampling, ours: NDArray[np.bool_], low: NDArray[np.int64], high: NDArray[np.int64]
) -> dict[str, Figure]:
    under, n = draws.totals(ours), int(ours.sum())
    readings = {
        "committed": low >= _COMMITTED,
        "at least described": low >= _ADDRESSED,
        "at least mentioned": low >= _MENTIONED,
        "absent": high == 0,
    }
    return {
        name: draws.figure(ratio(draws.totals(ours & told), under), n)
        for name, told in readings.items()
    }
