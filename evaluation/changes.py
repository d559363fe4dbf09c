"""`python -m evaluation changes`: what is claimed of two strategies of a country, against a
reader's judgements; and the likeness of commitments that the claims rest on."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from evaluation import show
from evaluation.bootstrap import ROUNDS, SEED, Figure, Resampling
from evaluation.change_rows import CHOSEN, JudgedClaim, JudgedPair, Span, claims, located, pairs
from miner.changes import KINDS, Changes, Comparer, Pledge
from miner.changes.likeness import Backgrounds, Readings, features
from miner.changes.rule import FEATURES, rule

if TYPE_CHECKING:
    from service.workspace import Workspace

_TENTH = 10


@dataclass(frozen=True, slots=True)
class ChangesReport:
    """claims: claims the rule makes on the judged pairs of documents; judged: judgements of these.

    figures: share of the judged ones that are right. likeness: how well it tells the same promise
    from the nearest others. lost: what was wrong with claims that are no longer made.
    """

    model: str
    rule: str
    documents: int
    claims: int
    judged: int
    figures: Mapping[str, Figure]
    likeness: Mapping[str, Figure]
    wrong: Mapping[str, int]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the shared corpus")
    parser.add_argument("--store", type=Path, help="a store that holds its documents already")
    parser.add_argument("--fit", action="store_true", help="print the weights the pairs call for")
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")


def run(options: argparse.Namespace) -> None:
    """Compare the judged pairs of documents anew and print what is right."""
    judged, likened = claims(), pairs()
    wanted = {d for c in judged for d in (c.older, c.newer)}
    wanted |= {d for p in likened for d in (p.one, p.other)}
    found = located(wanted, options.corpus)
    with opened(options.store, list(found.values())) as workspace:
        comparer = Comparer(workspace.store, workspace.encoder)
        together = sorted({(c.older, c.newer) for c in judged})
        made = {pair: comparer.compare(*pair) for pair in together}
        read = {name: comparer.readings(name) for name in sorted(wanted)}
        values, grades = pair_features(likened, read, comparer.backgrounds())
        model = workspace.encoder.id
    if options.fit:
        print_fit(values, grades)
        return
    report = measured(judged, made, values, grades, model)
    if options.json:
        show.print_json(report)
    else:
        print_tables(report)


@contextmanager
def opened(store: Path | None, paths: Sequence[Path]) -> Iterator[Workspace]:
    """A workspace that holds these files: the given store, else a temporary one."""
    from miner.catalogue.manifest import read_manifest
    from miner.settings import Settings
    from service.workspace import Workspace

    settings = Settings.from_environment()
    if store is not None:
        with Workspace.open(replace(settings, store=store), create=False) as workspace:
            yield workspace
        return
    with (
        tempfile.TemporaryDirectory(prefix="miner-evaluation-") as folder,
        Workspace.open(replace(settings, store=Path(folder))) as workspace,
    ):
        table = paths[0].parents[1] / "manifest.tsv"
        manifest = read_manifest(table) if table.is_file() else None
        workspace.ingester(manifest=manifest).ingest(paths)
        yield workspace


def pair_features(
    judged: Sequence[JudgedPair], read: Mapping[str, Readings], beside: Backgrounds
) -> tuple[np.ndarray, np.ndarray]:
    """Features (n, 3) and grades (n,) of the judged pairs that are still found."""
    at = {
        name: {(p.quote.start, _action(p)): number for number, p in enumerate(readings.pledges)}
        for name, readings in read.items()
    }
    tables: dict[tuple[str, str], np.ndarray] = {}
    values, grades = [], []
    for pair in judged:
        one = at[pair.one].get((pair.one_span[0], pair.one_action))
        other = at[pair.other].get((pair.other_span[0], pair.other_action))
        if one is None or other is None:
            continue
        key = (pair.one, pair.other)
        if key not in tables:
            tables[key] = features(read[pair.one], read[pair.other], beside)
        values.append(tables[key][one, other])
        grades.append(pair.grade)
    return np.array(values), np.array(grades)


def _action(pledge: Pledge) -> int:
    return pledge.passage.passage.start + pledge.commitment.action.start


def measured(
    judged: Sequence[JudgedClaim],
    made: Mapping[tuple[str, str], Changes],
    values: np.ndarray,
    grades: np.ndarray,
    model: str,
) -> ChangesReport:
    """The figures of the claims that are made and were judged."""
    kept = [claim for claim in judged if _still(claim, made[claim.older, claim.newer])]
    total = sum(
        len([c for c in found.changes if c.kind != "kept"])
        + len([c for c in found.concepts if c.kind not in ("kept", "absent")])
        for found in made.values()
    )
    groups = {
        "all judged claims": kept,
        "drawn after the rule was fixed": [c for c in kept if c.round > CHOSEN],
        f"rounds 1 to {CHOSEN}, used to choose the rule": [c for c in kept if c.round <= CHOSEN],
        **{
            f"one commitment {kind}": [c for c in kept if c.concept is None and c.kind == kind]
            for kind in KINDS
        },
        **{
            f"a concept {kind}": [c for c in kept if c.concept is not None and c.kind == kind]
            for kind in KINDS
        },
        "what the rule claimed when it was judged": list(judged),
    }
    wrong: dict[str, int] = {}
    for claim in kept:
        if not claim.right:
            wrong[claim.why or "?"] = wrong.get(claim.why or "?", 0) + 1
    return ChangesReport(
        model=model,
        rule=rule().version,
        documents=len({d for pair in made for d in pair}),
        claims=total,
        judged=len(kept),
        figures={name: share([c.right for c in group]) for name, group in groups.items() if group},
        likeness=_likeness(values, grades),
        wrong=dict(sorted(wrong.items())),
    )


def _still(claim: JudgedClaim, found: Changes) -> bool:
    """Whether the rule makes a judged claim today."""
    if claim.concept is not None:
        return any(c.concept == claim.concept and c.kind == claim.kind for c in found.concepts)
    return any(
        change.kind == claim.kind
        and _holds(change.older, claim.older_span)
        and _holds(change.newer, claim.newer_span)
        for change in found.changes
    )


def _holds(side: Sequence[Pledge], span: Span | None) -> bool:
    if span is None:
        return not side
    return any(p.quote.start < span[1] and span[0] < p.quote.end for p in side)


def share(right: Sequence[bool]) -> Figure:
    """The share of what is right, with its interval."""
    return Resampling.of([str(at) for at in range(len(right))]).mean(np.array(right, dtype=float))


def _likeness(values: np.ndarray, grades: np.ndarray) -> dict[str, Figure]:
    """How well the shipped weights rank the judged pairs."""
    chosen = rule()
    scores = 1 / (1 + np.exp(-(values @ np.array(chosen.weights) + chosen.bias)))
    figures = {
        "AUC, the same promise against the rest": auc(scores, grades == 2),
        "AUC, the same or akin against the rest": auc(scores, grades >= 1),
    }
    sure = scores >= chosen.same
    if sure.any():
        figures[f"the same, where the probability is {chosen.same} or more"] = share(
            list(grades[sure] == 2)
        )
        figures[f"the same or akin, where it is {chosen.same} or more"] = share(
            list(grades[sure] >= 1)
        )
    return figures


def auc(scores: np.ndarray, wanted: np.ndarray) -> Figure:
    """Area under the ROC curve, with its interval over pairs."""
    value = float(roc_auc_score(wanted, scores))
    generator = np.random.default_rng(SEED)
    drawn = []
    for _ in range(ROUNDS // 4):
        some = generator.integers(0, len(scores), len(scores))
        if 0 < wanted[some].sum() < len(some):
            drawn.append(float(roc_auc_score(wanted[some], scores[some])))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Figure(value, float(low), float(high), len(scores))


def print_fit(values: np.ndarray, grades: np.ndarray) -> None:
    """The weights for models/changes/rule.yaml: logistic regression on standardised features."""
    spread = values.std(axis=0)
    model = LogisticRegression(C=1.0, max_iter=1000).fit(values / spread, grades == 2)
    weights = model.coef_[0] / spread
    named = ", ".join(f"{n}: {w:.2f}" for n, w in zip(FEATURES, weights, strict=True))
    print(f"likeness: {{{named}, bias: {model.intercept_[0]:.2f}}}  # {len(grades)} pairs")


def print_tables(report: ChangesReport) -> None:
    """The report as tables."""
    out = show.console()
    out.print(
        f"{report.documents} documents; {report.claims} claims, {report.judged} judgements of"
        f" them by one reader each. Rule {report.rule}, model {report.model}. Intervals: bootstrap"
        " over claims (pairs).\n"
    )
    out.print(show.figures("Claims that are right", report.figures))
    out.print(show.figures("Likeness of two commitments", report.likeness))
    rows = [(name, str(count)) for name, count in report.wrong.items()]
    out.print(show.table("What is wrong with the others", ("", "claims"), rows))
