"""`python -m evaluation clusters`: promises that are said to be the same across countries, against
judged pairs of them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from evaluation import show
from evaluation.bootstrap import Figure
from evaluation.change_rows import JudgedPair, located, promises
from evaluation.changes import auc, opened, share
from miner.changes import ClusterRequest, Pledge, clusters_of
from miner.changes.likeness import Backgrounds, Readings
from miner.changes.rule import ACROSS, rule
from miner.embedding import Encoder
from miner.index import Filter
from miner.store import Store

Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class ClustersReport:
    """pairs: how many judged ones are still found. total: clusters of two countries and more
    among the judged documents, and how many of their `commitments` are in one.

    likeness: how well the shipped weights tell the same promise. together: of the judged pairs
    that share a cluster, how many promise the same.
    """

    model: str
    documents: int
    pairs: int
    commitments: int
    inside: int
    total: int
    likeness: Mapping[str, Figure]
    together: Mapping[str, Figure]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the shared corpus")
    parser.add_argument("--store", type=Path, help="a store that holds its documents already")
    parser.add_argument("--fit", action="store_true", help="print the weights the pairs call for")
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")


def run(options: argparse.Namespace) -> None:
    """Tell the judged pairs anew, cluster their documents and print what is right."""
    judged = promises()
    wanted = {document for pair in judged for document in (pair.one, pair.other)}
    found = located(wanted, options.corpus)
    with opened(options.store, list(found.values())) as workspace:
        read = {name: workspace.comparer.readings(name) for name in sorted(wanted)}
        kept, values = pair_features(judged, read, workspace.comparer.backgrounds())
        grades = np.array([pair.grade for pair in kept])
        if options.fit:
            print_fit(values, grades)
            return
        report = measured(kept, values, grades, workspace.store, workspace.encoder, wanted)
    if options.json:
        show.print_json(report)
    else:
        print_tables(report)


def pair_features(
    judged: Sequence[JudgedPair], read: Mapping[str, Readings], beside: Backgrounds
) -> tuple[list[JudgedPair], NDArray[np.float64]]:
    """The judged pairs that are still found, and their features (n, 2): see rule.ACROSS."""
    at = {
        place(pledge): (name, number)
        for name, readings in read.items()
        for number, pledge in enumerate(readings.pledges)
    }
    stems = {name: readings.stems for name, readings in read.items()}
    kept, values = [], []
    for pair in judged:
        one, other = (at.get(key) for key in places(pair))
        if one is None or other is None:
            continue
        (here, i), (there, j) = one, other
        gists = read[here].gists[i : i + 1], read[there].gists[j : j + 1]
        shared = len(stems[here][i] & stems[there][j])
        values.append((float(beside.gist.alike(*gists)[0, 0]), float(shared)))
        kept.append(pair)
    return kept, np.array(values)


def place(pledge: Pledge) -> Place:
    """Where a commitment stands: document, start of its sentence, start of its verb."""
    passage = pledge.passage.passage
    return passage.document, pledge.quote.start, passage.start + pledge.commitment.action.start


def places(pair: JudgedPair) -> tuple[Place, Place]:
    """Where the two of a judged pair stand."""
    return (
        (pair.one, pair.one_span[0], pair.one_action),
        (pair.other, pair.other_span[0], pair.other_action),
    )


def measured(
    pairs: Sequence[JudgedPair],
    values: NDArray[np.float64],
    grades: NDArray[np.int64],
    store: Store,
    encoder: Encoder,
    documents: set[str],
) -> ClustersReport:
    """The figures of the shipped rule."""
    across = rule().across
    scores = 1 / (1 + np.exp(-(values @ np.array(across.weights) + across.bias)))
    clustered = _clustered(store, encoder, documents)
    home = {key: number for number, keys in enumerate(clustered.clusters) for key in keys}
    both = [
        grade
        for pair, grade in zip(pairs, grades, strict=True)
        if (one := home.get(places(pair)[0])) is not None and one == home.get(places(pair)[1])
    ]
    sure = scores >= across.same
    likeness = {
        "AUC, the same promise against the rest": auc(scores, grades == 2),
        "AUC, the same or akin against the rest": auc(scores, grades >= 1),
    }
    if sure.any():
        likeness[f"the same, where the probability is {across.same} or more"] = share(
            list(grades[sure] == 2)
        )
    together = {}
    if both:
        together["the same promise"] = share([grade == 2 for grade in both])
        together["the same or akin"] = share([grade >= 1 for grade in both])
    return ClustersReport(
        model=encoder.id,
        documents=len(documents),
        pairs=len(pairs),
        commitments=clustered.commitments,
        inside=len(home),
        total=len(clustered.clusters),
        likeness=likeness,
        together=together,
    )


@dataclass(frozen=True, slots=True)
class _Clustered:
    clusters: Sequence[Sequence[Place]]
    commitments: int


def _clustered(store: Store, encoder: Encoder, documents: set[str]) -> _Clustered:
    where = Filter({"document": sorted(documents)})
    found: list[list[Place]] = []
    commitments, total = 0, 1
    while len(found) < total:
        some = clusters_of(store, encoder, ClusterRequest(where, 200, len(found)))
        found += [
            [place(p) for member in one.members for p in (member.pledge, *member.folded)]
            for one in some.clusters
        ]
        total, commitments = some.total, some.commitments
    return _Clustered(found, commitments)


def print_fit(values: NDArray[np.float64], grades: NDArray[np.int64]) -> None:
    """The weights for models/changes/rule.yaml: logistic regression on standardised features."""
    spread = values.std(axis=0)
    model = LogisticRegression(C=10.0, max_iter=1000).fit(values / spread, grades == 2)
    weights = model.coef_[0] / spread
    named = ", ".join(f"{n}: {w:.2f}" for n, w in zip(ACROSS, weights, strict=True))
    print(f"across: {{{named}, bias: {model.intercept_[0]:.2f}}}  # {len(grades)} pairs")


def print_tables(report: ClustersReport) -> None:
    """The report as tables."""
    out = show.console()
    out.print(
        f"{report.documents} documents with {report.commitments:,} commitments; {report.total}"
        f" clusters of two countries and more hold {report.inside:,} of them. {report.pairs} pairs"
        f" judged by one reader. Model {report.model}. Intervals: bootstrap over pairs.\n"
    )
    out.print(show.figures("Likeness of two commitments of different countries", report.likeness))
    out.print(show.figures("Judged pairs that share a cluster", report.together))
