"""`python -m evaluation heldout`: the shipped tagger on passages that it did not learn.

Labelled as the training passages are, and drawn or written to be hard: real ones of whose stance
an earlier model was least sure, written near misses, four whole documents of invented countries.
No threshold, rule or share was chosen on them; the rate of learning was, beside the dev labels.
They say how models compare on what is difficult, not how good tags are on an ordinary document.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from evaluation import show
from evaluation.agreement import Agreement, agreement, read_twice
from evaluation.lines import Line, lines
from evaluation.rows import labelled_row
from evaluation.tagging import TaggingAnswer, load_tagger, measure, print_tables
from miner.tagging.data import words_of

FILE = Path(str(files("evaluation") / "data" / "heldout.jsonl"))
KINDS = {"written": "written", "invented": "invented documents", "real": "real"}


@dataclass(frozen=True, slots=True)
class HeldOutAnswer:
    """What the tagger says of them, and how far the two readings of them agree."""

    tagged: TaggingAnswer
    read: Agreement


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "--corpus", type=Path, help="folder of the real documents; without it they are left out"
    )
    parser.add_argument("--model", type=Path, help="folder of a tagger (default: the shipped one)")
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")


def run(options: argparse.Namespace) -> None:
    """Read, tag, score, print."""
    found = held_out(options.corpus)
    rows = [labelled_row(line) for line in found]
    parts = {
        name: places
        for kind, name in KINDS.items()
        if (places := [n for n, line in enumerate(found) if line.text("kind") == kind])
    }
    answer = HeldOutAnswer(
        measure(rows, load_tagger(options.model), FILE.name, parts),
        agreement([read_twice(line, row.document) for line, row in zip(found, rows, strict=True)]),
    )
    if options.json:
        show.print_json(answer)
        return
    print_tables(answer.tagged)
    read = {"concepts: micro-F1": answer.read.micro_f1, "stance: share": answer.read.stance}
    show.console().print(show.figures("One reading against the other", read))


def held_out(corpus: Path | None, path: Path = FILE) -> Sequence[Line]:
    """The rows, with the words of the real ones, which are read from `corpus`.

    Raises InputError where a file is missing or its words are not those that were labelled.
    """
    found = list(lines(path))
    if corpus is None:
        return [line for line in found if "text" in line.values]
    return [
        line
        if "text" in line.values
        else replace(line, values={**line.values, "text": words_of(corpus, line.values)})
        for line in found
    ]
