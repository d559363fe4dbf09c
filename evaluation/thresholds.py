"""`python -m evaluation thresholds`: when each concept is decided, and what that rests on."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evaluation import show
from miner.tagging.heads import Heads
from miner.tagging.thresholds import published
from miner.tagging.tuned import shipped_folder


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--model", type=Path, help="folder of a tagger (default: the shipped one)")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")


def run(options: argparse.Namespace) -> None:
    """Read the model and print."""
    told = published(Heads.load(options.model or shipped_folder()))
    if options.json:
        show.print_json(told)
    else:
        print_table(told)


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
