"""`python -m evaluation remeasure`: all that alignments know of the models, measured again.

To be run when the tagging model or the embedding model has changed. In order, since each step
uses what the one before wrote: what the tagger misses and mistakes, the calibration of presence,
the corpus's shares, the model of a match, what levels are worth.
"""

from __future__ import annotations

import argparse
from importlib.resources import files
from pathlib import Path

from evaluation import alignment, crossfit, levels, reference, shares
from miner.alignment import corpus, rates
from miner.alignment.reference import model, similarity
from miner.alignment.rule import calibration

_DATA = files("evaluation") / "data"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the documents")
    parser.add_argument("--labelled", type=Path, required=True, help="JSON lines, as for tagging")
    parser.add_argument(
        "--store", type=Path, required=True, help="a store of strategies, tagged by the model"
    )
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder to write to")


def run(options: argparse.Namespace) -> None:
    """Measure, print, write."""
    given = {"corpus": options.corpus, "labelled": options.labelled, "store": options.store}
    folder = options.models / "alignment"
    tagger = options.models / "tagger"
    crossfit.run(
        argparse.Namespace(**given, model=tagger, folds=5, json=False, write=tagger / "rates.json")
    )
    rates.rates.cache_clear()
    alignment.run(
        argparse.Namespace(
            **given,
            readings=Path(str(_DATA / "document_readings.jsonl")),
            write=folder / "presence.json",
            json=False,
            speed=False,
        )
    )
    calibration.cache_clear()
    shares.run(argparse.Namespace(**given, write=folder / "shares.json", json=False))
    corpus.shares.cache_clear()
    similarity.rarity.cache_clear()
    reference.run(
        argparse.Namespace(
            **given,
            judgements=Path(str(_DATA / "reference_judgements.jsonl")),
            write=folder,
            json=False,
        )
    )
    model.match_model.cache_clear()
    levels.run(
        argparse.Namespace(
            **given,
            readings=Path(str(_DATA / "document_readings.jsonl")),
            write=options.models / "coverage" / "known.json",
            json=False,
        )
    )
