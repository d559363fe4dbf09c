"""`python -m evaluation own-taxonomy`: tagging by another framework, zero-shot and few-shot.

Groups (countries, documents) are dealt into folds; each fold is tagged by what was made of the
others, so no group is on both sides. Unlabelled training rows are the background. Examples are
picked by concept, as a user would who looks for some of each. This is done for several seeds;
a figure is the mean over seeds, its interval drawn over groups.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from evaluation import show
from evaluation.bootstrap import Figure, Resampling
from evaluation.metrics import average_precision, f1
from evaluation.own_methods import (
    PARTS,
    Answer,
    Remembered,
    Split,
    Task,
    cosine_to_centroid,
    cosine_to_definition,
    logistic,
    own,
    without,
)
from evaluation.own_rows import Columns, read_own
from miner.embedding import load_encoder
from miner.settings import Settings
from miner.taxonomy import Framework, codebook, load_framework

_ROUNDS = 500
MEASURES = ("macro-F1", "micro-F1", "mean average precision")
Floats = NDArray[np.float64]
Way = Callable[[Split, np.random.Generator], Answer]


@dataclass(frozen=True, slots=True)
class WayFigures:
    """One way's figures by measure."""

    way: str
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What the command prints. gains: the product's way minus the best plain one of the same
    number of examples (best by micro-F1), paired."""

    framework: str
    labelled: str
    encoder: str
    texts: int
    groups: int
    concepts: int
    seeds: int
    folds: int
    ways: list[WayFigures]
    gains: list[WayFigures]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "--labelled", type=Path, required=True, help="CSV (a line per text and concept), or JSONL"
    )
    parser.add_argument(
        "--taxonomy",
        default=str(Path(__file__).parents[1] / "models" / "taxonomy" / "sdg.yaml"),
        help="file of the framework (the Sustainable Development Goals), or `codebook`",
    )
    parser.add_argument(
        "--columns",
        nargs=3,
        default=("ndc_text", "goal", "country"),
        metavar=("TEXT", "CONCEPT", "GROUP"),
        help="columns of the CSV",
    )
    parser.add_argument("--shots", type=int, nargs="*", default=[8, 32, 128], help="examples each")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--folds", type=int, default=3, help="folds of groups")
    parser.add_argument("--ablation", action="store_true", help="zero-shot with less to go by")
    parser.add_argument("--cache", type=Path, help="file that keeps vectors between runs (.npz)")
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")


def run(options: argparse.Namespace) -> None:
    """Split, tag, score, print."""
    framework = (
        Framework("codebook", "The codebook", "", (), tuple(codebook().values()))
        if options.taxonomy == "codebook"
        else load_framework(Path(options.taxonomy))
    )
    rows = read_own(options.labelled, framework, Columns(*options.columns))
    settings = Settings.from_environment()
    encoder = Remembered(
        load_encoder(
            settings.model, threads=settings.threads, engine=settings.engine, cache=settings.cache
        ),
        options.cache,
    )
    task = Task.of(framework, rows, encoder)
    measured = _Measured(task, options.seeds, options.folds)
    ways = _ablation(task) if options.ablation else _ways(task, options.shots)
    with threadpool_limits(1, user_api="blas"):
        draws = {name: measured.draws(way) for name, way in ways.items()}
    encoder.keep()
    answer = OwnAnswer(
        f"{framework.id} ({framework.version})",
        str(options.labelled),
        encoder.id,
        len(rows),
        measured.sample.clusters,
        len(framework.concepts),
        options.seeds,
        options.folds,
        [WayFigures(name, measured.figures(found)) for name, found in draws.items()],
        [] if options.ablation else measured.gains(draws),
    )
    if options.json:
        show.print_json(answer)
    else:
        _print(answer)


def _ways(task: Task, shots: list[int]) -> dict[str, Way]:
    ways: dict[str, Way] = {
        "0: cosine to definition *": lambda split, _: cosine_to_definition(task, split),
        "0: own": lambda split, _: own(task, split),
    }
    plain = {"cosine to centroid *": cosine_to_centroid, "logistic regression *": logistic}
    for many in shots:
        for name, way in (*plain.items(), ("own", own)):

            def shown(
                split: Split,
                generator: np.random.Generator,
                many: int = many,
                way: Callable[[Task, Split, NDArray[np.intp]], Answer] = way,
            ) -> Answer:
                return way(task, split, task.picked(split, many, generator))

            ways[f"{many}: {name}"] = shown
    return ways


def _ablation(task: Task) -> dict[str, Way]:
    def poorer(split: Split, _: np.random.Generator, part: str) -> Answer:
        return own(replace(task, framework=without(task.framework, part)), split)

    whole: dict[str, Way] = {"0: own": lambda split, _: own(task, split)}
    return whole | {f"0: without {part}": partial(poorer, part=part) for part in PARTS}


class _Measured:
    """Runs ways over all splits and sums up what they got right, by draws of groups."""

    def __init__(self, task: Task, seeds: int, folds: int) -> None:
        self.task = task
        self.seeds, self.folds = seeds, folds
        self.groups = np.array([row.group for row in task.rows])
        self.sample = Resampling.of(self.groups.tolist(), rounds=_ROUNDS)

    def draws(self, way: Way) -> dict[str, Floats]:
        """Each measure for the whole sample and each draw, (1 + rounds,), mean over seeds."""
        found = [self._measures(*self._tagged(way, seed)) for seed in range(self.seeds)]
        return {name: np.mean([one[name] for one in found], axis=0) for name in MEASURES}

    def _tagged(self, way: Way, seed: int) -> tuple[Floats, NDArray[np.bool_]]:
        """Scores and decisions of every row, (n, K), by the folds it was not in."""
        names = np.unique(self.groups)
        order = np.random.default_rng(seed).permutation(len(names))
        fold = {names[number]: place % self.folds for place, number in enumerate(order)}
        placed = np.array([fold[group] for group in self.groups])
        scores = np.zeros(self.task.wanted.shape)
        decided: NDArray[np.bool_] | None = np.zeros(self.task.wanted.shape, dtype=bool)
        for number in range(self.folds):
            split = Split(np.flatnonzero(placed != number), np.flatnonzero(placed == number))
            answer = way(split, np.random.default_rng([seed, number]))
            scores[split.test] = answer.scores
            if answer.decided is None:
                decided = None
            elif decided is not None:
                decided[split.test] = answer.decided
        return scores, self._in_hindsight(scores) if decided is None else decided

    def _in_hindsight(self, scores: Floats) -> NDArray[np.bool_]:
        """Decisions at the one threshold of best micro-F1."""
        kept = self.task.wanted >= 0
        order = np.argsort(-scores[kept])
        hits = np.cumsum(self.task.wanted[kept][order] == 1)
        quality = 2 * hits / (np.arange(1, len(hits) + 1) + hits[-1])
        return np.asarray(scores >= scores[kept][order][int(quality.argmax())])

    def _measures(self, scores: Floats, decided: NDArray[np.bool_]) -> dict[str, Floats]:
        wanted = self.task.wanted
        counted, holds = wanted >= 0, wanted == 1
        parts = (decided & holds, decided & counted & ~holds, holds & ~decided)
        hits, false, missed = (self.sample.totals(part) for part in parts)
        ranked = [
            average_precision(
                scores[counted[:, column], column],
                holds[counted[:, column], column],
                self.sample.weights(counted[:, column]),
            )
            for column in range(wanted.shape[1])
        ]
        there = holds.any(axis=0)
        with np.errstate(invalid="ignore"):
            return {
                "macro-F1": np.nanmean(f1(hits, false, missed)[:, there], axis=1),
                "micro-F1": f1(hits.sum(axis=1), false.sum(axis=1), missed.sum(axis=1)),
                "mean average precision": np.nanmean(np.array(ranked)[there], axis=0),
            }

    def figures(self, found: Mapping[str, Floats]) -> dict[str, Figure]:
        return {name: self.sample.figure(found[name], len(self.task.rows)) for name in MEASURES}

    def gains(self, draws: Mapping[str, Mapping[str, Floats]]) -> list[WayFigures]:
        rows = []
        for many in dict.fromkeys(name.split(":")[0] for name in draws):
            plain = [n for n in draws if n.startswith(f"{many}:") and n.endswith("*")]
            best = max(plain, key=lambda name: float(draws[name]["micro-F1"][0]))
            apart = {n: draws[f"{many}: own"][n] - draws[best][n] for n in MEASURES}
            name = f"{many}: own minus {best.split(': ')[1].removesuffix(' *')}"
            rows.append(WayFigures(name, self.figures(apart)))
        return rows


def _print(answer: OwnAnswer) -> None:
    console = show.console()
    console.print(
        f"{answer.framework}, {answer.concepts} concepts; {answer.labelled}: n = {answer.texts:,} "
        f"texts of {answer.groups} groups; {answer.seeds} seeds x {answer.folds} folds of groups; "
        f"{answer.encoder}"
    )
    for title, rows, signed in (
        ("Examples per concept: way", answer.ways, False),
        ("The gain, paired", answer.gains, True),
    ):
        if rows:
            console.print(_table(title, rows, signed))
    console.print(
        "* at the threshold that is best for it in hindsight; `own` has thresholds made without "
        "labels. Intervals: 95 %, drawn over groups."
    )


def _table(title: str, rows: list[WayFigures], signed: bool) -> object:
    def written(figure: Figure) -> str:
        return f"{show.number(figure.value, signed)} [{show.interval(figure, signed)}]"

    return show.table(
        title,
        ("", *MEASURES),
        [(row.way, *(written(row.figures[name]) for name in MEASURES)) for row in rows],
    )
