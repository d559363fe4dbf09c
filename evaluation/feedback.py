"""`python -m evaluation feedback`: what decisions of analysts do for documents they did not see.

Documents are dealt into three parts, anew for each seed: on the first the model is calibrated,
on the second the labels play the analyst (wrong tags are rejected, missed ones added, right
ones accepted; all else stays unsaid), and the third is tagged before and after the model was
adapted. Every document is in each part once. The learnt weights are the shipped ones.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation import show
from evaluation.bootstrap import Figure, Resampling
from evaluation.crossfit import Known, encoder_of
from evaluation.metrics import f1
from miner.tagging.adapt import FIRMNESS, adapt
from miner.tagging.data import FEEDBACK_WEIGHT, labelled
from miner.tagging.heads import Heads, Scorer
from miner.tagging.train import Example, calibrate, labels_of
from miner.tagging.tuned import shipped_folder

_PARTS = 3
_FEWEST_POSITIVES = 9
Decided = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FeedbackAnswer:
    """What the command prints. decisions: mean number of decisions made for one part."""

    model: str
    labelled: str
    firmness: float
    seeds: int
    decisions: float
    before: Mapping[str, Figure]
    after: Mapping[str, Figure]
    gain: Mapping[str, Figure]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--labelled", type=Path, required=True, help="JSON lines, as for tagging")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--firmness", type=float, default=FIRMNESS, help="of the prior")
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")


def run(options: argparse.Namespace) -> None:
    """Calibrate, decide, adapt, tag, print."""
    examples = labelled(options.labelled)
    folder = shipped_folder()
    tuned = encoder_of(folder)
    texts = [example.text for example in examples]
    simulation = _Simulation(
        Heads.load(folder), examples, Known.of(texts, tuned.logits(texts)), options.firmness
    )
    answer = simulation.answer(Heads.id_of(folder), str(options.labelled), options.seeds)
    if options.json:
        show.print_json(answer)
    else:
        _print(answer, len(examples))


@dataclass(slots=True)
class _Simulation:
    heads: Heads
    examples: Sequence[Example]
    known: Known
    firmness: float

    def answer(self, model: str, name: str, seeds: int) -> FeedbackAnswer:
        sample = Resampling.of([example.group for example in self.examples])
        wanted = labels_of(self.examples, self.heads.concepts)
        draws: dict[str, list[Mapping[str, NDArray[Any]]]] = {"before": [], "after": []}
        said = []
        for seed in range(seeds):
            before, after, decisions = self._tagged(seed)
            said.append(decisions)
            draws["before"].append(_scores(before, wanted, sample))
            draws["after"].append(_scores(after, wanted, sample))
        mean = {
            when: {n: np.mean([one[n] for one in found], axis=0) for n in found[0]}
            for when, found in draws.items()
        }
        mean["gain"] = {n: mean["after"][n] - mean["before"][n] for n in mean["after"]}
        figures = {
            when: {n: sample.figure(values, len(self.examples)) for n, values in found.items()}
            for when, found in mean.items()
        }
        return FeedbackAnswer(model, name, self.firmness, seeds, float(np.mean(said)), **figures)

    def _tagged(self, seed: int) -> tuple[Decided, Decided, float]:
        """Decisions of the model on every passage before and after, (n, concepts) each, and how
        many the analyst made for a part."""
        documents = sorted({example.group for example in self.examples})
        order = np.random.default_rng(seed).permutation(len(documents))
        part = {documents[number]: place % _PARTS for place, number in enumerate(order)}
        placed = np.array([part[example.group] for example in self.examples])
        shape = (len(self.examples), len(self.heads.concepts))
        before, after = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        said = 0
        for number in range(_PARTS):
            first, second, third = (
                np.flatnonzero((placed + n) % _PARTS == number) for n in range(3)
            )
            there = [self.examples[int(row)] for row in first]
            heads = calibrate(self.heads, there, self.known.logits([e.text for e in there]))
            rows = self._decide(heads, second)
            said += sum(
                len(row.concepts) + shape[1] - len(row.concepts | row.undecided) for row in rows
            )
            before[third] = self._holds(heads, third)
            after[third] = self._holds(adapt(heads, rows, self.known, self.firmness), third)
        return before, after, said / _PARTS

    def _decide(self, heads: Heads, rows: NDArray[np.intp]) -> list[Example]:
        """What an analyst who reads these passages says of them."""
        made = []
        for row, holds in zip(rows, self._holds(heads, rows), strict=True):
            example = self.examples[int(row)]
            given = {c for c, h in zip(heads.concepts, holds, strict=True) if h}
            said = (given - example.undecided) | example.concepts
            if said:
                silent = frozenset(set(heads.concepts) - said)
                made.append(replace(example, undecided=silent, weight=FEEDBACK_WEIGHT))
        return made

    def _holds(self, heads: Heads, rows: NDArray[np.intp]) -> Decided:
        texts = [self.examples[int(row)].text for row in rows]
        scores = Scorer(heads).score(texts, self.known.logits(texts))
        noise = scores.stances.argmax(axis=1) == heads.stances.index("noise")
        return np.asarray((scores.probabilities >= heads.thresholds) & ~noise[:, None])


def _scores(
    decided: Decided, wanted: NDArray[np.int8], sample: Resampling
) -> Mapping[str, NDArray[Any]]:
    """Each measure for the whole sample and each draw of documents, (1 + rounds,)."""
    counted, holds = wanted >= 0, wanted == 1
    parts = (decided & holds, decided & counted & ~holds, holds & ~decided)
    hits, false, missed = (sample.totals(part) for part in parts)
    kept = holds.sum(axis=0) >= _FEWEST_POSITIVES
    return {
        "micro-F1": f1(hits.sum(axis=1), false.sum(axis=1), missed.sum(axis=1)),
        "macro-F1": np.nanmean(f1(hits, false, missed)[:, kept], axis=1),
    }


def _print(answer: FeedbackAnswer, passages: int) -> None:
    console = show.console()
    console.print(
        f"{answer.model}, {answer.labelled}: n = {passages} passages; {answer.seeds} seeds x "
        f"{_PARTS} parts of documents; {answer.decisions:.0f} decisions a part; prior "
        f"{answer.firmness:g}"
    )
    rows = {
        f"{measure}, {when}": figure
        for when, found in (("before", answer.before), ("after", answer.after))
        for measure, figure in found.items()
    }
    console.print(show.figures("Documents that nobody decided on", rows))
    console.print(show.figures("Gain, paired", answer.gain, signed=True))
