"""`python -m evaluation tagging`: the shipped tagger against labelled passages."""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation import groups, show
from evaluation.asked import Asked
from evaluation.bootstrap import Figure
from evaluation.rows import LabelledRow, read_labelled
from evaluation.tagger import CardedTagger
from evaluation.tagging_report import TaggingReport
from evaluation.tagging_score import ENOUGH_CONCEPTS, ENOUGH_POSITIVES, LIKELY, score_tagging
from miner.tagging.tag import TaggedPassage


@dataclass(frozen=True, slots=True)
class TaggingAnswer:
    """What is printed: what was measured on what, and the figures.

    thresholds_from: the file that the model card says the thresholds were chosen on.
    asked: what the figures should be, where they can be held against that.
    """

    model: str
    labelled: str
    thresholds_from: str | None
    report: TaggingReport
    asked: tuple[Asked, ...] = ()


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "--labelled", type=Path, required=True, help="JSON lines: id, text, concepts, stance, ..."
    )
    parser.add_argument("--model", type=Path, help="folder of a tagger (default: the shipped one)")
    parser.add_argument(
        "--corpus", type=Path, help="folder with manifest.tsv: also by countries trained on or not"
    )
    parser.add_argument("--by-source", action="store_true", help="also by folder of documents")
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")


def run(options: argparse.Namespace) -> None:
    """Tag, score, print."""
    rows = read_labelled(options.labelled)
    parts = divided(rows, options.corpus, by_source=options.by_source)
    answer = measure(rows, load_tagger(options.model), str(options.labelled), parts)
    if options.json:
        show.print_json(answer)
    else:
        print_tables(answer)


def divided(
    rows: Sequence[LabelledRow], corpus: Path | None, *, by_source: bool = False
) -> dict[str, list[int]]:
    """The groups that figures are given for: places of their rows, by name.

    Raises InputError where `corpus` has no manifest that can be read.
    """
    parts = groups.by_subject(rows)
    if corpus is not None:
        parts |= groups.by_country_seen(rows, groups.trained_countries(corpus))
    return parts | (groups.by_folder(rows) if by_source else {})


def load_tagger(folder: Path | None) -> CardedTagger:
    """The tagger to be measured; loading it takes seconds, so not before the input is read."""
    from miner.tagging.tagger import Tagger

    return Tagger.load(folder)


def measure(
    rows: Sequence[LabelledRow],
    tagger: CardedTagger,
    labelled: str,
    parts: Mapping[str, Sequence[int]] | None = None,
) -> TaggingAnswer:
    """Tag the rows' texts and score the tags. Languages are passed where all rows name one."""
    languages = [row.language for row in rows if row.language is not None]
    tagged: list[TaggedPassage] = tagger.tag(
        [row.text for row in rows], languages=languages if len(languages) == len(rows) else None
    )
    chosen = tagger.card.get("thresholds_from")
    report = score_tagging(rows, tagged, parts)
    return TaggingAnswer(tagger.id, labelled, None if chosen is None else str(chosen), report)


def threshold_note(answer: TaggingAnswer) -> str:
    """On which file the thresholds were chosen, and what follows for the figures."""
    chosen = answer.thresholds_from
    if chosen is None:
        return "The model card does not say on which file the thresholds were chosen."
    note = f"Thresholds were chosen on {chosen}."
    if Path(answer.labelled).name in chosen:
        note += " That is the file measured here: decisions look better than on new documents."
    return note


def print_tables(answer: TaggingAnswer) -> None:
    """The report as tables."""
    report, out = answer.report, show.console()
    out.print(f"{answer.labelled}: {report.rows:,} passages, {report.documents:,} documents drawn")
    out.print(f"Tagger {answer.model}. {threshold_note(answer)}")
    out.print(
        "Intervals: percentile bootstrap over documents (– for a single one). Under about 10"
        " positives or documents they are too narrow: what was never wrong is 1 in every draw.\n"
    )
    stance, calibration = report.stance, report.calibration
    summary = {
        "concepts: micro-F1": report.micro_f1,
        "concepts: micro precision": report.micro_precision,
        "concepts: micro recall": report.micro_recall,
        f"concepts: macro-F1 ({report.macro_concepts} with {ENOUGH_POSITIVES}+ positives)": (
            report.macro_f1
        ),
        "stance: accuracy": stance.accuracy,
        **{f"stance: F1 {name}": figure for name, figure in stance.f1.items()},
        "probabilities: expected calibration error (10 equal widths)": calibration.expected_error,
        "probabilities: expected calibration error (adaptive)": calibration.adaptive_error,
        f"pairs with a probability over {LIKELY}: expected calibration error": (
            calibration.likely_error
        ),
        "probabilities: Brier score": calibration.brier,
        "stance: expected calibration error": calibration.stance_error,
        "share abstained on": report.abstained,
    }
    out.print(show.figures("All documents", summary))
    out.print(_concepts(report))
    out.print(_confusion(report))
    out.print(_groups(report))
    if answer.asked:
        out.print(_asked(answer.asked))


def _concepts(report: TaggingReport) -> Any:
    return show.table(
        "By concept (n: positives / scored rows)",
        ("concept", "n", "precision", "recall", "F1", "average precision"),
        [
            (
                row.concept,
                f"{row.positives} / {row.f1.n}",
                show.cell(row.precision),
                show.cell(row.recall),
                show.cell(row.f1),
                show.cell(row.average_precision),
            )
            for row in report.concepts
        ],
    )


def _confusion(report: TaggingReport) -> Any:
    confusion = report.stance.confusion
    return show.table(
        f"Stance: read (rows) as tagged (columns), n = {report.stance.accuracy.n}",
        ("", *confusion),
        [(read, *(str(count) for count in said.values())) for read, said in confusion.items()],
    )


def _groups(report: TaggingReport) -> Any:
    return show.table(
        f"By group of documents (n: passages / documents; macro-F1: over the concepts with"
        f" {ENOUGH_POSITIVES}+ positives in the group, where these are {ENOUGH_CONCEPTS} or more)",
        ("group", "n", "micro-F1", "macro-F1", "stance accuracy", "noise F1", "calibration error"),
        [
            (
                name,
                f"{group.rows} / {group.documents}",
                show.cell(group.micro_f1),
                _with(group.macro_f1, f"{group.macro_concepts} concepts"),
                show.cell(group.stance_accuracy),
                _with(group.noise_f1, f"{group.noise_f1.n} noise"),
                show.cell(group.expected_error),
            )
            for name, group in report.groups.items()
        ],
    )


def _with(figure: Figure, of: str) -> str:
    """A figure and what it is of; a dash alone where it is undefined."""
    told = show.cell(figure)
    return f"{told}\n{of}" if math.isfinite(figure.value) else told


def _asked(rows: Sequence[Asked]) -> Any:
    return show.table(
        "Asked and reached",
        ("", "asked", "reached", "short by", "n"),
        [
            (
                row.name,
                f"{'at most' if row.at_most else 'at least'} {row.asked:.2f}",
                show.cell(row.reached),
                show.number(row.short) if row.short else "–",
                f"{row.reached.n:,}",
            )
            for row in rows
        ],
    )
