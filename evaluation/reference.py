"""`python -m evaluation reference`: documents against reference documents, judged by a reader.

Every passage of four strategies was read against every statement of two reference documents and
graded 2 (says the statement), 1 (says part of it, or the same of a narrower thing) or 0
(evaluation/data/reference_judgements.jsonl: places and hashes, no text). Each strategy is judged
by a model fitted on the other three.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluation import show
from evaluation.bootstrap import Figure, Resampling, ratio
from evaluation.documents import TaggedDocument, read_documents
from evaluation.metrics import f1
from evaluation.rates import write_json
from evaluation.reference_fit import fit
from evaluation.reference_rows import Judged, JudgedPair, judged, judgements
from miner.alignment.reference.model import MatchModel
from miner.embedding import Encoder, load_encoder
from miner.records import as_record
from miner.settings import Settings
from miner.tagging.tagger import Tagger


@dataclass(frozen=True, slots=True)
class ReferenceReport:
    """The figures. Pairs are of a statement and a document; passages of a pair and a passage."""

    tagger: str
    encoder: str
    statements: int
    documents: int
    lost: int
    accuracy: Figure
    majority: float
    found_f1: Figure
    found_precision: Figure
    found_recall: Figure
    matched_precision: Figure
    matched_recall: Figure
    evidence_precision: Figure
    confusion: dict[str, dict[str, int]]


_VERDICTS = ("not found", "partly", "matched")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    shipped = Path(str(files("evaluation") / "data" / "reference_judgements.jsonl"))
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the documents")
    parser.add_argument("--judgements", type=Path, default=shipped, help="judged pairs")
    parser.add_argument(
        "--write",
        type=Path,
        help="write the match model, fitted on all pairs, and the background into this folder",
    )
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")


def run(options: argparse.Namespace) -> None:
    """Compare, fit, measure, print."""
    rows = judgements(options.judgements)
    settings = Settings.from_environment()
    tagger = Tagger.load(threads=settings.threads, engine=settings.engine, cache=settings.cache)
    encoder = load_encoder(threads=settings.threads, engine=settings.engine, cache=settings.cache)
    names = list(dict.fromkeys([r.document for r in rows] + [r.reference for r in rows]))
    documents = {d.source: d for d in read_documents(options.corpus, names, tagger)}
    if options.write:
        write_background(options.write / "background.json", list(documents.values()), encoder)
    found = judged(rows, documents, tagger, encoder)
    if options.write:
        model = fit(found.pairs, tagger.id, encoder.id)
        write_json(options.write / "reference_model.json", as_record(model))
    report = measure(found, tagger.id, encoder.id)
    if options.json:
        show.print_json(report)
    else:
        print_tables(report)


def write_background(path: Path, documents: Sequence[TaggedDocument], encoder: Encoder) -> None:
    """The mean vector of the documents' passages: what policy texts have in common."""
    texts = [passage.text for document in documents for passage, _ in document.pairs]
    mean = encoder.encode(texts).mean(axis=0)
    write_json(
        path,
        {
            "model": encoder.id,
            "passages": len(texts),
            "mean": [round(float(value), 5) for value in mean],
        },
    )


def measure(found: Judged, tagger: str, encoder: str) -> ReferenceReport:
    """The figures of judged pairs, each judged by a model fitted on the other documents."""
    pairs = found.pairs
    names = sorted({pair.document for pair in pairs})
    models = {
        name: fit([pair for pair in pairs if pair.document != name], tagger, encoder)
        for name in names
    }
    said = np.array([_verdict(pair, models[pair.document]) for pair in pairs])
    true = np.array([int(pair.grades.max(initial=0)) for pair in pairs])
    draws = Resampling.of([f"{pair.document} {pair.statement}" for pair in pairs])
    hits, false, missed = (
        draws.totals(rows)
        for rows in (
            (said > 0) & (true > 0),
            (said > 0) & (true == 0),
            (said == 0) & (true > 0),
        )
    )
    right, claimed, held = (
        draws.totals(rows) for rows in ((said == 2) & (true == 2), said == 2, true == 2)
    )
    shown = [_shown(pair, models[pair.document]) for pair in pairs]
    good = draws.totals([one[0] for one in shown])
    all_shown = draws.totals([one[1] for one in shown])
    n = len(pairs)
    return ReferenceReport(
        tagger=tagger,
        encoder=encoder,
        statements=len({(pair.reference, pair.statement) for pair in pairs}),
        documents=len(names),
        lost=found.lost,
        accuracy=draws.mean((said == true).astype(float)),
        majority=float(np.bincount(true).max() / n),
        found_f1=draws.figure(f1(hits, false, missed), n),
        found_precision=draws.figure(ratio(hits, hits + false), int((said > 0).sum())),
        found_recall=draws.figure(ratio(hits, hits + missed), int((true > 0).sum())),
        matched_precision=draws.figure(ratio(right, claimed), int((said == 2).sum())),
        matched_recall=draws.figure(ratio(right, held), int((true == 2).sum())),
        evidence_precision=draws.figure(ratio(good, all_shown), sum(one[1] for one in shown)),
        confusion={
            _VERDICTS[a]: {_VERDICTS[b]: int(((true == a) & (said == b)).sum()) for b in range(3)}
            for a in range(3)
        },
    )


def _verdict(pair: JudgedPair, model: MatchModel) -> int:
    part, whole = model.passages(pair.signals[None])
    some, every = model.documents(part, whole)
    return int(some[0] >= 0.5) + int(some[0] >= 0.5 and every[0] >= 0.5)


def _shown(pair: JudgedPair, model: MatchModel) -> tuple[int, int]:
    """Of the passages shown as evidence: how many the reader graded above 0, and how many."""
    from miner.alignment.reference.align import EVIDENCE

    if not _verdict(pair, model):
        return 0, 0
    part: NDArray[np.float64] = model.passages(pair.signals[None])[0][0]
    order = np.argsort(-part, kind="stable")[:5]
    held = [row for row in order if part[row] >= EVIDENCE] or [order[0]]
    return int((pair.grades[held] > 0).sum()), len(held)


def print_tables(report: ReferenceReport) -> None:
    """The report as tables."""
    out = show.console()
    out.print(
        f"{report.statements} statements of two references, {report.documents} documents, "
        f"{report.accuracy.n} pairs. {report.tagger}, {report.encoder}. Each document judged by a"
        " model fitted on the others. Intervals: bootstrap over pairs.\n"
    )
    if report.lost:
        out.print(f"{report.lost} judged passages or statements are not there any more.\n")
    named = {
        "verdict of three: accuracy": report.accuracy,
        "found (partly or matched): F1": report.found_f1,
        "found: precision": report.found_precision,
        "found: recall": report.found_recall,
        "matched: precision": report.matched_precision,
        "matched: recall": report.matched_recall,
        "passages shown that the reader graded above 0": report.evidence_precision,
    }
    out.print(show.figures("Statement by statement", named))
    out.print(f"The most frequent verdict alone would have accuracy {report.majority:.3f}.\n")
    rows = [
        (true, *(str(said[name]) for name in _VERDICTS)) for true, said in report.confusion.items()
    ]
    out.print(show.table("The reader (rows) and the product", ("", *_VERDICTS), rows))
