"""`python -m evaluation rebuilt`: how far two tagging models are apart, say one and its rebuilding.

The same labelled passages are tagged with both. Each has its own calibration on the dev labels,
so the figures of quality flatter both alike; what counts is the difference.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evaluation import show
from evaluation.rows import LabelledRow, read_labelled
from evaluation.tagging_score import score_tagging
from miner.settings import Settings
from miner.tagging.heads import Heads
from miner.tagging.tag import TaggedPassage
from miner.tagging.tagger import Tagger


@dataclass(frozen=True, slots=True)
class Apart:
    """How far two models are apart on the same passages.

    same_bytes: whether they are one and the same. most, mean: of the differences of
    probabilities, over passages and concepts. decisions, stances: shares that are equal.
    micro_f1, stance: the other one's figure minus the one's.
    """

    passages: int
    same_bytes: bool
    most: float
    mean: float
    decisions: float
    stances: float
    micro_f1: float
    stance: float


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--labelled", type=Path, required=True, help="JSON lines, as for tagging")
    parser.add_argument("--one", type=Path, required=True, help="folder of a tagging model")
    parser.add_argument("--other", type=Path, required=True, help="folder of another one")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")


def run(options: argparse.Namespace) -> None:
    """Tag with both, compare, print."""
    rows, settings = read_labelled(options.labelled), Settings.from_environment()
    texts = [row.text for row in rows]
    one, other = (
        Tagger.load(
            folder, threads=settings.threads, engine=settings.engine, cache=settings.cache
        ).tag(texts)
        for folder in (options.one, options.other)
    )
    found = apart(rows, one, other, Heads.id_of(options.one) == Heads.id_of(options.other))
    if options.json:
        show.print_json(found)
    else:
        print_table(found)


def apart(
    rows: Sequence[LabelledRow],
    one: Sequence[TaggedPassage],
    other: Sequence[TaggedPassage],
    same_bytes: bool,
) -> Apart:
    """Compare the tags of the same passages."""
    p, q = (np.array([[t.probability for t in of.tags] for of in tags]) for tags in (one, other))
    d, e = (np.array([[t.decided for t in of.tags] for of in tags]) for tags in (one, other))
    stances = [[tagged.stance.label for tagged in tags] for tags in (one, other)]
    before, after = score_tagging(rows, one), score_tagging(rows, other)
    return Apart(
        len(rows),
        same_bytes,
        float(np.abs(p - q).max()),
        float(np.abs(p - q).mean()),
        float((d == e).mean()),
        float(np.mean([a == b for a, b in zip(*stances, strict=True)])),
        after.micro_f1.value - before.micro_f1.value,
        after.stance.accuracy.value - before.stance.accuracy.value,
    )


def print_table(found: Apart) -> None:
    """One figure a row."""
    same = "the same bytes" if found.same_bytes else "not the same bytes"
    show.console().print(f"{found.passages:,} passages; the two models are {same}.\n")
    rows = [
        ("probabilities: largest difference", f"{found.most:.3f}"),
        ("probabilities: mean difference", f"{found.mean:.4f}"),
        ("decisions that are the same", f"{found.decisions:.4f}"),
        ("stances that are the same", f"{found.stances:.3f}"),
        ("micro-F1: difference", f"{found.micro_f1:+.3f}"),
        ("stance accuracy: difference", f"{found.stance:+.3f}"),
    ]
    show.console().print(show.table("How far apart", ("", "value"), rows))
