"""`python -m evaluation commitments`: the extractor against two readings of real passages.

Reader A wrote the extractor (before it was tuned on these passages) and reader B saw neither its
output nor the other reading (of the second stratum both were seen: data/COMMITMENTS.md); both are
language models. Half of the passages (`dev`, by the parity
of their hash) were used to mend the extractor, the other half (`test`) is what is reported.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evaluation import show
from evaluation.bootstrap import Figure, Floats, Resampling
from evaluation.commitment_rows import ROLES, CommitmentRow, Marked, read_commitments
from evaluation.commitments_score import Counts, RoleFigures, compare, figures
from miner.commitments import Commitment, Source, extract, strength, strongest, version

READERS = ("A", "B")


@dataclass(frozen=True, slots=True)
class CommitmentsAnswer:
    """Figures by role. extractor: against both readings, each counted once (n is both together).
    by_reader: against each. readers: B against A. strength: Spearman's rho of the quick strength
    of a passage with the strongest of its extracted commitments. milliseconds: processor time
    per passage of both, models loaded, on this machine."""

    extractor_version: str
    half: str
    passages: int
    documents: int
    extractor: Mapping[str, RoleFigures]
    by_reader: Mapping[str, Mapping[str, RoleFigures]]
    readers: Mapping[str, RoleFigures]
    strength: Figure
    milliseconds: Mapping[str, float]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the shared corpus")
    parser.add_argument(
        "--half", choices=("test", "dev", "all"), default="test", help="which passages (test)"
    )
    parser.add_argument(
        "--stratum", help="only these: 'drawn' (by hash) or 'times and means' (chosen by words)"
    )
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")


def run(options: argparse.Namespace) -> None:
    """Extract, score, print."""
    rows = [
        row
        for row in read_commitments(options.corpus)
        if options.half in ("all", row.half) and options.stratum in (None, row.stratum)
    ]
    answer = measure(rows, options.half)
    if options.json:
        show.print_json(answer)
    else:
        print_tables(answer)


def measure(rows: Sequence[CommitmentRow], half: str) -> CommitmentsAnswer:
    """Extract from the rows' passages and compare. Rows need both readings."""
    rows = [row for row in rows if set(READERS) <= set(row.readings)]
    sources = [Source(row.source, row.id, row.text, row.stance) for row in rows]
    quick, parsing = _timed(sources)
    found = dict(extract(sources))
    marks = [tuple(_marked(one) for one in found[row.id]) for row in rows]
    against = {
        reader: [
            compare(row.text, row.readings[reader], mark)
            for row, mark in zip(rows, marks, strict=True)
        ]
        for reader in READERS
    }
    between = [compare(row.text, row.readings["A"], row.readings["B"]) for row in rows]
    twice: list[Counts] = [count for reader in READERS for count in against[reader]]
    return CommitmentsAnswer(
        version(),
        half,
        len(rows),
        len({row.source for row in rows}),
        figures([*rows, *rows], twice),
        {reader: figures(rows, counts) for reader, counts in against.items()},
        figures(rows, between),
        _strengths(rows, found),
        {"strength": quick, "extract": parsing},
    )


def _timed(sources: Sequence[Source]) -> tuple[float, float]:
    """Milliseconds of processor time per passage, of the words alone and of the parse."""
    list(extract(sources[:1]))
    for source in sources:
        strength(source.text, source.stance)
    begun = time.process_time()
    for source in sources:
        strength(source.text, source.stance)
    quick = time.process_time() - begun
    begun = time.process_time()
    list(extract(sources))
    parsing = time.process_time() - begun
    return 1000 * quick / len(sources), 1000 * parsing / len(sources)


def _marked(one: Commitment) -> Marked:
    spans = {role: getattr(one, role) for role in ROLES}
    return Marked(
        one.strength.modal,
        {role: (span.start, span.end) for role, span in spans.items() if span is not None},
    )


def _strengths(rows: Sequence[CommitmentRow], found: Mapping[str, Sequence[Commitment]]) -> Figure:
    quick = np.array([strength(row.text, row.stance).value for row in rows])
    parsed = np.array(
        [strongest((c.strength for c in found[row.id]), row.stance).value for row in rows]
    )
    sample = Resampling.of([row.source for row in rows], rounds=500)
    values = []
    for draw in sample.weights().astype(int):
        picked = np.repeat(np.arange(len(rows)), draw)
        values.append(_spearman(quick[picked], parsed[picked]))
    return sample.figure(np.array(values), len(rows))


def _spearman(one: Floats, other: Floats) -> float:
    """Spearman's rho; NaN where one side has no order."""
    from scipy.stats import rankdata

    first, second = rankdata(one), rankdata(other)
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    return float(np.corrcoef(first, second)[0, 1])


def print_tables(answer: CommitmentsAnswer) -> None:
    """For people: the extractor, each reader, and the readers against each other."""
    console = show.console()
    console.print(
        f"extractor {answer.extractor_version}, half {answer.half}: {answer.passages} passages of "
        f"{answer.documents} documents\n"
    )
    named = [("extractor against both readings", answer.extractor)]
    named += [(f"extractor against reading {name}", one) for name, one in answer.by_reader.items()]
    named.append(("reading B against reading A", answer.readers))
    for title, roles in named:
        console.print(_table(title, roles))
    console.print(
        show.figures(
            "strength",
            {"quick strength with the strongest extracted one, Spearman": answer.strength},
        )
    )
    for name, value in answer.milliseconds.items():
        console.print(f"{name}: {value:.2f} ms of processor time per passage")


def _table(title: str, roles: Mapping[str, RoleFigures]) -> object:
    return show.table(
        title,
        ("role", "precision", "n", "recall", "n", "F1", "95 % interval"),
        [
            (
                role,
                show.number(one.precision.value),
                f"{one.precision.n}",
                show.number(one.recall.value),
                f"{one.recall.n}",
                show.number(one.f1.value),
                show.interval(one.f1),
            )
            for role, one in roles.items()
        ],
    )
