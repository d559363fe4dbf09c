"""`python -m evaluation crossfit`: the tagger, calibrated and measured on different documents.

The shipped calibration and thresholds come from the dev labels, so figures on these labels look
better than they are. Here the documents are dealt into folds; each fold is tagged with a
calibration made on the others. The learnt weights are the shipped ones: they never saw them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluation import show
from evaluation.asked import asked
from evaluation.rates import write_rates
from evaluation.rows import read_labelled
from evaluation.tagging import TaggingAnswer, divided, print_tables
from evaluation.tagging_score import score_tagging
from miner.settings import Settings
from miner.tagging.data import labelled
from miner.tagging.heads import Heads
from miner.tagging.tag import TaggedPassage
from miner.tagging.tagger import Tagger
from miner.tagging.train import Example, calibrate
from miner.tagging.tuned import Tuned, load_tuned, shipped_folder


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--labelled", type=Path, required=True, help="JSON lines, as for tagging")
    parser.add_argument("--model", type=Path, help="folder of a tagger (default: the shipped one)")
    parser.add_argument(
        "--corpus", type=Path, help="folder with manifest.tsv: also by countries trained on or not"
    )
    parser.add_argument("--folds", type=int, default=5, help="folds of documents")
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")
    parser.add_argument(
        "--write", type=Path, help="write what the tagger misses and mistakes, by concept"
    )


def run(options: argparse.Namespace) -> None:
    """Calibrate, tag, score, print."""
    rows, examples = read_labelled(options.labelled), labelled(options.labelled)
    parts = divided(rows, options.corpus)
    folder, texts = options.model or shipped_folder(), [example.text for example in examples]
    known = Known.of(texts, encoder_of(folder).logits(texts))
    tagged = cross_fitted(Heads.load(folder), examples, known, options.folds)
    report = score_tagging(rows, tagged, parts)
    answer = TaggingAnswer(
        Heads.id_of(folder),
        str(options.labelled),
        f"the documents of the other folds ({options.folds} folds)",
        report,
        asked(report),
    )
    if options.write:
        write_rates(options.write, Heads.id_of(folder), options.labelled.name, rows, tagged)
    if options.json:
        show.print_json(answer)
    else:
        print_tables(answer)


def encoder_of(folder: Path) -> Tuned:
    """The tuned encoder of the tagging model in `folder`, on the threads and the engine that the
    environment names. Raises ModelUnavailable."""
    settings = Settings.from_environment()
    return load_tuned(
        folder, threads=settings.threads, engine=settings.engine, cache=settings.cache
    )


class Known:
    """A tuned encoder that was asked already."""

    def __init__(self, logits: dict[str, NDArray[np.float32]]) -> None:
        self._logits = logits

    @classmethod
    def of(cls, texts: Sequence[str], logits: NDArray[np.float32]) -> Known:
        """Remembers the logits (n, 32) of these texts."""
        return cls(dict(zip(texts, logits, strict=True)))

    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `miner.tagging.tuned.Logits`."""
        return np.stack([self._logits[text] for text in texts])


def cross_fitted(
    heads: Heads, examples: Sequence[Example], known: Known, folds: int
) -> list[TaggedPassage]:
    """Each example tagged with a calibration that its document had no part in."""
    found: dict[int, TaggedPassage] = {}
    for number, (here, there) in enumerate(dealt(examples, folds)):
        others = [examples[n] for n in there]
        fitted = calibrate(heads, others, known.logits([e.text for e in others]))
        tagger = Tagger(fitted, f"fold {number}", lambda: known)
        found.update(zip(here, tagger.tag([examples[n].text for n in here]), strict=True))
    return [found[n] for n in range(len(examples))]


def dealt(examples: Sequence[Example], folds: int) -> Iterator[tuple[list[int], list[int]]]:
    """For each fold the places of its examples and those of all others; documents stay whole."""
    documents = sorted({example.group for example in examples})
    order = np.random.default_rng(0).permutation(len(documents))
    fold = {documents[number]: place % folds for place, number in enumerate(order)}
    for number in range(folds):
        here = [n for n, e in enumerate(examples) if fold[e.group] == number]
        yield here, [n for n, e in enumerate(examples) if fold[e.group] != number]
