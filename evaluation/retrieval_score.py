"""How good is a ranking? Figures of ranked passages against graded judgements, query by query.

A query without a relevant judgement says nothing about a ranking and is left out (n shows it).
Queries are drawn for the intervals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.bootstrap import Figure, Floats, Resampling
from evaluation.metrics import ndcg, precision, recall, reciprocal_rank, unjudged
from evaluation.rows import Id
from miner.errors import InputError

Run = Mapping[Id, Sequence[Id]]
Qrels = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class QueryScores:
    """Measures of each judged query: `values[name][i]` belongs to `queries[i]`."""

    queries: tuple[str, ...]
    values: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """Means over queries of one mode, and where asked for the paired differences to another."""

    mode: str
    queries: int
    judged: int
    passages: int
    figures: Mapping[str, Figure]
    compared: str | None = None
    differences: Mapping[str, Figure] | None = None


def score_run(run: Run, qrels: Qrels, depth: int = 100) -> QueryScores:
    """Score a run: best passage first, `depth` of them at most.

    The second recall is taken at `depth` where that is below 100. Raises InputError where no
    query of the run has a relevant judgement.
    """
    far = min(depth, 100)
    table: dict[str, list[float]] = {}
    scored = []
    for query, passages in run.items():
        grades = qrels.get(str(query), {})
        if not any(grades.values()):
            continue
        scored.append(str(query))
        ranked = [grades.get(str(passage)) for passage in passages]
        judged = list(grades.values())
        measured = {
            "nDCG@10": ndcg(ranked, judged, 10),
            "recall@10": recall(ranked, judged, 10),
            f"recall@{far}": recall(ranked, judged, far),
            "MRR": reciprocal_rank(ranked),
            "P@5": precision(ranked, 5),
            "unjudged@10": unjudged(ranked, 10),
        }
        for name, value in measured.items():
            table.setdefault(name, []).append(value)
    if not scored:
        raise InputError(
            "judgements", "no query has a relevant passage", "Judge some, or leave --qrels out."
        )
    return QueryScores(tuple(scored), {name: np.array(column) for name, column in table.items()})


def means(scores: QueryScores) -> dict[str, Figure]:
    """Mean of each measure over the queries."""
    draws = Resampling.of(scores.queries)
    return {name: draws.mean(values) for name, values in scores.values.items()}


def differences(scores: QueryScores, other: QueryScores) -> dict[str, Figure]:
    """Mean of `scores - other`, paired by query. Both must hold the same queries in order."""
    if scores.queries != other.queries:
        raise ValueError("the runs answer different queries")
    draws = Resampling.of(scores.queries)
    return {
        name: draws.paired(values, other.values[name]) for name, values in scores.values.items()
    }
