"""`python -m evaluation thresholds`: when each concept is decided, and what that rests on.

With --write, `thresholds.json` is written beside the weights; `miner train` does so itself.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evaluation import show
from evaluation.rows import read_labelled
from miner.errors import InputError
from miner.tagging.heads import Heads
from miner.tagging.thresholds import FILE, publish, published
from miner.tagging.tuned import shipped_folder


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--model", type=Path, help="folder of a tagger (default: the shipped one)")
    parser.add_argument(
        "--labelled",
        type=Path,
        help="the file the thresholds were chosen on, for models whose card does not count it",
    )
    parser.add_argument("--write", action="store_true", help=f"write {FILE} beside the weights")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")


def run(options: argparse.Namespace) -> None:
    """Read the model, print, write.

    Raises InputError where the labels are of another file than the model's card names.
    """
    folder = options.model or shipped_folder()
    heads = Heads.load(folder)
    counted = None if options.labelled is None else positives(heads, options.labelled)
    told = published(heads, counted)
    if options.json:
        show.print_json(told)
    else:
        print_table(told)
    if options.write:
        try:
            publish(heads, folder, counted)
        except OSError as error:
            raise InputError(
                str(folder / FILE), f"it cannot be written ({error.strerror})", "Check the path."
            ) from error


def positives(heads: Heads, labelled: Path) -> dict[str, int]:
    """How many rows of the file hold each concept."""
    chosen = heads.card.get("thresholds_from")
    if chosen is not None and labelled.name != chosen:
        raise InputError(
            str(labelled), f"the thresholds were chosen on {chosen}", "Give that file."
        )
    rows = read_labelled(labelled)
    return {concept: sum(concept in row.concepts for row in rows) for concept in heads.concepts}


def print_table(told: Mapping[str, Any]) -> None:
    """One row per concept."""
    out = show.console()
    out.print(
        f"Chosen on {told['thresholds_from']}. A concept is decided where sigmoid(a x logit + b)"
        " reaches its threshold.\n"
    )
    out.print(
        show.table(
            "Thresholds",
            ("concept", "threshold", "a", "b", "positives trained on", "positives chosen on"),
            [
                (
                    concept,
                    f"{row['threshold']:.2f}",
                    f"{row['a']:.2f}",
                    f"{row['b']:.2f}",
                    *(_count(row[name]) for name in ("positives_trained", "positives_dev")),
                )
                for concept, row in told["concepts"].items()
            ],
        )
    )


def _count(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"
