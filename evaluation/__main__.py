"""`python -m evaluation COMMAND`: one command per kind of figure, one module per command.

A command's module has `arguments(parser)`, which adds its options, and `run(options)`, which
prints. It is imported when it is called: models take seconds to load.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module

from evaluation import show
from miner.errors import InputError, MinerError

COMMANDS: Mapping[str, str] = {
    "tagging": "concepts, stances and probabilities against labelled passages",
    "crossfit": "the same, calibrated and measured on different documents",
    "heldout": "the same on hard passages of the project's own that it did not learn",
    "thresholds": "when each concept is decided, and on how many passages that rests",
    "ablation": "the tagger with each of its parts in and out",
    "card": "the balance of the training passages, by concept and set",
    "context": "the tagger with what stands around a passage, and with other labels' logits",
    "rebuilt": "two tagging models on the same passages, and how far they are apart",
    "candidates": "other ways to tag, each against the whole tagger",
    "alignment": "scores of whole documents against two readings of them",
    "reference": "documents against reference documents, statement by statement",
    "remeasure": "all that alignments know of the models, measured and written again",
    "agreement": "two readings of each training passage against each other",
    "shares": "how much of their words stored strategies give to each concept",
    "speed": "time, memory and disk, beside what people would use otherwise",
    "retrieval": "ranked passages against graded judgements, through the product's search",
    "feedback": "what analysts' decisions do for documents they did not see",
    "own-taxonomy": "tagging by another framework, zero-shot and with examples",
    "levels": "committed, described, likely, absent against two readings of documents",
    "bodies": "named bodies and what is said of them, against judged mentions",
    "changes": "what a newer strategy changed, against judged claims",
    "clusters": "promises that countries share, against judged pairs of them",
    "crosslingual": "the same passage found across languages",
    "commitments": "extracted commitments against two readings of real passages",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 2 where its input cannot be used."""
    given = list(sys.argv[1:] if argv is None else argv)
    if not given or given[0] in ("-h", "--help"):
        print("python -m evaluation COMMAND [OPTIONS]\n")
        for name, summary in COMMANDS.items():
            print(f"  {name:12} {summary}")
        print("\nEach figure has its n and a 95 % bootstrap interval. COMMAND --help for options.")
        return 0
    try:
        _run(given[0], given[1:])
    except MinerError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _run(name: str, rest: Sequence[str]) -> None:
    if name not in COMMANDS:
        raise InputError(
            f"command {name!r}", "there is no such command", f"Known: {', '.join(COMMANDS)}."
        )
    module = import_module(f"evaluation.{name.replace('-', '_')}")
    parser = argparse.ArgumentParser(
        prog=f"python -m evaluation {name}", description=f"Measure {COMMANDS[name]}."
    )
    module.arguments(parser)
    parser.add_argument("--markdown", action="store_true", help="tables as GitHub has them")
    options = parser.parse_args(rest)
    show.use_markdown(options.markdown)
    module.run(options)


if __name__ == "__main__":
    sys.exit(main())
