"""How far the two readings of each training passage agree.

    python -m evaluation agreement [--labelled ../shared/labels/dev_passages.jsonl]

With --labelled, also how far three readers of training passages agree with labels of others that
they did not see. The first reading is taken as what the second is measured against, but micro-F1
is the same the other way round. Intervals: bootstrap over documents; a written passage is a
document of its own.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from evaluation import show
from evaluation.bootstrap import Figure, Resampling, ratio
from evaluation.lines import Line, lines
from evaluation.rows import read_labelled
from miner.taxonomy import codebook

_SETS = {
    "standoff": "real passages",
    "invented": "passages of invented documents",
    "written": "written passages",
}
_TRAINING = Path(str(files("models") / "training"))
_UNSEEN = Path(str(files("evaluation") / "data" / "dev_readings.jsonl"))


@dataclass(frozen=True, slots=True)
class Read:
    """Two readings of a passage. concepts: what each says holds. group: its document.

    stances: None where they are not to be compared.
    """

    group: str
    concepts: tuple[frozenset[str], frozenset[str]]
    stances: tuple[str | None, str | None] | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """micro_f1: over all concepts. stance: share of passages. concepts: F1 of each."""

    micro_f1: Figure
    stance: Figure
    concepts: Mapping[str, Figure]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--training", type=Path, default=_TRAINING, help="folder of the labels")
    parser.add_argument("--labelled", type=Path, help="labels that the readers did not see")
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")


def run(options: argparse.Namespace) -> None:
    """Read, compare, print."""
    found = {
        f"Two readings of {what}": agreement(read(options.training, name))
        for name, what in _SETS.items()
    }
    if options.labelled is not None:
        found[f"Readers against {options.labelled.name}"] = agreement(unseen(options.labelled))
    if options.json:
        show.print_json(found)
        return
    console = show.console()
    for what, told in found.items():
        whole = {"concepts: micro-F1": told.micro_f1, "stance: share": told.stance}
        console.print(show.figures(what, {**whole, **told.concepts}))


def read(folder: Path, name: str) -> list[Read]:
    """The readings of a set, in its order. Raises InputError where a passage has none."""
    path = folder / "readings.jsonl"
    both = {line.text("id"): line for line in lines(path)}
    rows = []
    for row in lines(folder / f"{name}.jsonl"):
        line = both.get(row.text("id"))
        if line is None:
            raise row.fault("its passage has no readings", f"Add them to {path}.")
        rows.append(read_twice(line, _document(row)))
    return rows


def read_twice(line: Line, document: str) -> Read:
    """The two readings that a line holds, of a passage of `document`."""
    readings = [line.value(which, dict, "a reading") for which in ("first", "second")]
    one, other = (frozenset(reading["concepts"]) for reading in readings)
    return Read(document, (one, other), (readings[0]["stance"], readings[1]["stance"]))


def unseen(path: Path) -> list[Read]:
    """The labels of `path` beside what readers said who had not seen them.

    What is undecided in the labels, and stances that are, count neither way.
    """
    labelled = {str(row.id): row for row in read_labelled(path)}
    rows = []
    for line in lines(_UNSEEN):
        row = labelled.get(line.text("id"))
        if row is None:
            raise line.fault(f"{path} has no such passage", "Give the labels that were read.")
        concepts = frozenset(line.value("concepts", list, "a list of concept ids")) - row.undecided
        stances = (row.stance, line.text("stance")) if row.stance is not None else None
        rows.append(Read(row.document, (row.concepts, concepts), stances))
    return rows


def _document(row: Line) -> str:
    return str(row.values.get("source") or row.values.get("document") or row.text("id"))


def agreement(rows: Sequence[Read]) -> Agreement:
    """How far the readings agree, with intervals. n of a concept: passages that either names."""
    draws = Resampling.of([row.group for row in rows])
    held = np.array([[[c in of for c in codebook()] for of in row.concepts] for row in rows])
    first, second = held[:, 0], held[:, 1]
    both, either = draws.totals(first & second), first | second
    named = draws.totals(held.sum(axis=1))
    return Agreement(
        draws.figure(ratio(2 * both.sum(1), named.sum(1)), len(rows)),
        _same(rows),
        {
            concept: draws.figure(
                ratio(2 * both[:, column], named[:, column]), int(either[:, column].sum())
            )
            for column, concept in enumerate(codebook())
        },
    )


def _same(rows: Sequence[Read]) -> Figure:
    spoken = [(row.group, row.stances) for row in rows if row.stances is not None]
    draws = Resampling.of([group for group, _ in spoken])
    return draws.mean([one == other for _, (one, other) in spoken])
