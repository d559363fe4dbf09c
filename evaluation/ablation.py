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
from pathlib import Path
from typing import Any

from evaluation import show
from evaluation.bootstrap import Figure, Floats, Resampling
from evaluation.crossfit import Known, cross_fitted, encoder_of
from evaluation.rows import LabelledRow, read_labelled
from evaluation.tagging_score import drawn
from miner.tagging import data
from miner.tagging.heads import Heads
from miner.tagging.tag import TaggedPassage
from miner.tagging.train import Example, fit
from miner.tagging.tuned import shipped_folder
from miner.taxonomy import Stance, codebook

COLUMNS: Mapping[str, str] = {
    "micro": "micro-F1",
    "macro": "macro-F1",
    "stance": "stance accuracy",
    "noise": "noise F1",
    "calibration": "calibration error",
}


@dataclass(frozen=True, slots=True)
class Variant:
    """One row of the table: the figures of a tagger with a part left out, by column.

    differences: these figures minus the whole tagger's, paired over documents.
    """

    name: str
    figures: Mapping[str, Figure]
    differences: Mapping[str, Figure]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--labelled", type=Path, required=True, help="JSON lines, as for tagging")
    parser.add_argument("--corpus", type=Path, required=True, help="the documents of the training")
    parser.add_argument("--folds", type=int, default=5, help="folds of documents")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")


def run(options: argparse.Namespace) -> None:
    """Fit, calibrate, tag, score, print."""
    rows, examples = read_labelled(options.labelled), data.labelled(options.labelled)
    folder = shipped_folder()
    tuned = encoder_of(folder)
    texts = [example.text for example in examples]
    known = Known.of(texts, tuned.logits(texts))
    tagged = {
        name: cross_fitted(make(), examples, known, options.folds)
        for name, make in variants(Heads.load(folder), options.corpus).items()
    }
    found = compared(rows, tagged)
    if options.json:
        show.print_json(found)
    else:
        print_table(found, len(rows))


def variants(whole: Heads, corpus: Path) -> Mapping[str, Callable[[], Heads]]:
    """The tagger and its variants, made when asked; the first is the whole."""
    alone, invented, real = data.written(), data.invented(), data.standoff(corpus)
    return {
        "the whole tagger": lambda: whole,
        "without the fine-tuned encoder": lambda: replace(whole, lexical_share=1.0),
        "without the lexical heads": lambda: replace(whole, lexical_share=0.0),
        "lexical heads without rules": lambda: _without_rules(whole),
        "lexical heads without passages written one by one": lambda: _words_of(
            whole, invented + real
        ),
        "lexical heads without passages of invented documents": lambda: _words_of(
            whole, alone + real
        ),
        "lexical heads without real passages": lambda: _words_of(whole, alone + invented),
        "lexical heads of real passages alone": lambda: _words_of(whole, real),
        "without the shape of the text": lambda: replace(whole, shape_share=0.0),
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


def compared(
    rows: Sequence[LabelledRow], tagged: Mapping[str, Sequence[TaggedPassage]]
) -> list[Variant]:
    """The figures of each variant, and of each but the first their difference to the first."""
    draws = Resampling.of([row.document for row in rows])
    known = sum(row.stance is not None for row in rows)
    noise = sum(row.stance is Stance.NOISE for row in rows)
    pairs = sum(len(codebook()) - len(row.undecided) for row in rows)
    n = {"stance": known, "noise": noise, "calibration": pairs}
    told = {name: drawn(rows, tags) for name, tags in tagged.items()}
    whole = next(iter(told.values()))

    def figures(of: Mapping[str, Floats]) -> dict[str, Figure]:
        return {column: draws.figure(of[column], n.get(column, len(rows))) for column in COLUMNS}

    return [
        Variant(
            name,
            figures(own),
            figures({c: own[c] - whole[c] for c in COLUMNS}) if own is not whole else {},
        )
        for name, own in told.items()
    ]


def print_table(found: Sequence[Variant], passages: int) -> None:
    """One row per variant: figures, and below them their difference to the whole."""
    out: Any = show.console()
    out.print(f"{passages:,} passages; calibrated and measured on different documents.")
    out.print(
        "Below each figure: of the whole its 95 % interval, of the others their difference to the"
        " whole with that difference's (paired bootstrap over documents).\n"
    )
    out.print(
        show.table(
            "Parts of the tagger in and out",
            ("", *COLUMNS.values()),
            [(row.name, *(_cell(row, column) for column in COLUMNS)) for row in found],
        )
    )


def _cell(row: Variant, column: str) -> str:
    if not row.differences:
        return show.cell(row.figures[column])
    less = row.differences[column]
    return (
        f"{show.number(row.figures[column].value)}\n{show.number(less.value, True)}\n"
        f"{show.interval(less, True)}"
    )
