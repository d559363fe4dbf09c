"""`python -m evaluation ablation`: each part of the tagger in and out, in one table.

Every variant is calibrated on four fifths of the dev labels' documents and measured on the
rest, as in `crossfit`; differences to the whole are paired over documents. The lexical heads are
fitted anew for each variant that needs it; the fine-tuned encoder is the shipped one, with its
share in the blend set to 0 or to 1.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from evaluation import show
from evaluation.bootstrap import Figure
from evaluation.crossfit import Known, cross_fitted
from evaluation.rows import LabelledRow, read_labelled
from evaluation.tagging_score import score_tagging
from miner.settings import Settings
from miner.tagging import data
from miner.tagging.heads import Heads
from miner.tagging.tag import TaggedPassage
from miner.tagging.train import Example, fit
from miner.tagging.tuned import load_tuned


@dataclass(frozen=True, slots=True)
class Variant:
    """One row of the table: the figures of a tagger with a part left out."""

    name: str
    micro_f1: Figure
    macro_f1: Figure
    stance: Figure
    noise_f1: Figure
    expected_error: Figure


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--labelled", type=Path, required=True, help="JSON lines, as for tagging")
    parser.add_argument("--corpus", type=Path, required=True, help="the documents of the training")
    parser.add_argument("--folds", type=int, default=5, help="folds of documents")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")


def run(options: argparse.Namespace) -> None:
    """Fit, calibrate, tag, score, print."""
    rows, examples = read_labelled(options.labelled), data.labelled(options.labelled)
    folder, settings = Path(str(files("models") / "tagger")), Settings.from_environment()
    tuned = load_tuned(
        folder, threads=settings.threads, engine=settings.engine, cache=settings.cache
    )
    texts = [example.text for example in examples]
    known = Known.of(texts, tuned.logits(texts))
    found = [
        measured(name, rows, cross_fitted(make(), examples, known, options.folds))
        for name, make in variants(Heads.load(folder), data.written(), options.corpus).items()
    ]
    if options.json:
        show.print_json(found)
    else:
        print_table(found, len(rows))


def variants(
    whole: Heads, written: Sequence[Example], corpus: Path
) -> Mapping[str, Callable[[], Heads]]:
    """The tagger and its variants, made when asked."""
    real = data.standoff(corpus)
    return {
        "the whole tagger": lambda: whole,
        "without the fine-tuned encoder": lambda: replace(whole, lexical_share=1.0),
        "without the lexical heads": lambda: replace(whole, lexical_share=0.0),
        "lexical heads without rules": lambda: _without_rules(whole),
        "lexical heads without written passages": lambda: _words_of(whole, real),
        "lexical heads without real passages": lambda: _words_of(whole, written),
        "stance by the tuned encoder alone": lambda: replace(whole, manner_share=0.0),
        "stance by how it speaks alone": lambda: replace(whole, manner_share=1.0),
    }


def _without_rules(whole: Heads) -> Heads:
    """The heads with the weights of the rules' marks at 0, which spoke before and now do not."""
    weights = whole.concept_weights.copy()
    marks = [n for n, term in enumerate(whole.vocabulary.terms) if term.startswith("§")]
    weights[:, marks] = 0.0
    return replace(whole, concept_weights=weights)


def _words_of(whole: Heads, examples: Sequence[Example]) -> Heads:
    fitted = fit(examples)
    return replace(
        whole,
        vocabulary=fitted.vocabulary,
        concept_weights=fitted.concept_weights,
        concept_bias=fitted.concept_bias,
    )


def measured(name: str, rows: Sequence[LabelledRow], tagged: Sequence[TaggedPassage]) -> Variant:
    """The figures of one variant."""
    report = score_tagging(rows, tagged)
    noise = report.stance.f1.get("noise", Figure(np.nan, np.nan, np.nan, 0))
    return Variant(
        name,
        report.micro_f1,
        report.macro_f1,
        report.stance.accuracy,
        noise,
        report.calibration.expected_error,
    )


def print_table(found: Sequence[Variant], passages: int) -> None:
    """One row per variant."""
    out: Any = show.console()
    out.print(f"{passages:,} passages; calibrated and measured on different documents.\n")
    columns = ("", "micro-F1", "macro-F1", "stance accuracy", "noise F1", "calibration error")
    out.print(
        show.table(
            "Parts of the tagger in and out",
            columns,
            [
                (
                    row.name,
                    *map(
                        show.cell,
                        (row.micro_f1, row.macro_f1, row.stance, row.noise_f1, row.expected_error),
                    ),
                )
                for row in found
            ],
        )
    )
