"""`python -m evaluation card`: the balance of the training passages, for their data card.

By concept and set: passages that hold it, passages on which the readers differed, and near
misses: passages with words of the concept (one of its rules matches) that both readers say do not
hold it. Those are what teaches a model the `exclude` rules of the codebook.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from evaluation import show
from miner.tagging import data
from miner.tagging.patterns import rules
from miner.tagging.train import Example
from miner.taxonomy import codebook

_BRITISH = re.compile(
    r"\b(?:programmes?|defence|centres?|behaviours?|labour|licences?"
    r"|(?:organ|recogn|util|real|author|priorit)is\w+)\b",
    re.IGNORECASE,
)
_AMERICAN = re.compile(
    r"\b(?:programs|defense|centers?|behaviors?|labor|(?:organ|recogn|util|real|author|priorit)iz\w+)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Balance:
    """Passages by what the readers say of a concept."""

    held: int
    undecided: int
    near_misses: int


@dataclass(frozen=True, slots=True)
class Card:
    """A set of passages. words: the median length. stances: passages by stance, `open` where the
    readers differed. british, american: passages with words spelled that way."""

    passages: int
    words: float
    stances: Mapping[str, int]
    british: int
    american: int
    concepts: Mapping[str, Balance]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--corpus", type=Path, help="the documents, to count real passages too")
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")


def run(options: argparse.Namespace) -> None:
    """Count and print."""
    sets = {"written": data.written(), "invented": data.invented()}
    if options.corpus is not None:
        sets["real"] = data.standoff(options.corpus)
    cards = {name: card(examples) for name, examples in sets.items()}
    if options.json:
        show.print_json(cards)
    else:
        print_tables(cards)


def card(examples: Sequence[Example]) -> Card:
    """Count a set."""
    return Card(
        len(examples),
        median(len(e.text.split()) for e in examples),
        Counter(e.stance or "open" for e in examples),
        sum(_BRITISH.search(e.text) is not None for e in examples),
        sum(_AMERICAN.search(e.text) is not None for e in examples),
        {concept: balance(examples, concept) for concept in codebook()},
    )


def balance(examples: Sequence[Example], concept: str) -> Balance:
    """Count what a set says of one concept."""
    rule = rules().get(concept)
    others = [e for e in examples if concept not in e.concepts | e.undecided]
    return Balance(
        sum(concept in e.concepts for e in examples),
        sum(concept in e.undecided for e in examples),
        sum(bool(rule.matches(e.text)) for e in others) if rule else 0,
    )


def print_tables(cards: Mapping[str, Card]) -> None:
    """One table of the sets, one of the concepts."""
    console = show.console()
    stances = sorted({stance for card in cards.values() for stance in card.stances})
    columns = ("set", "passages", "words", *stances, "British spelling", "American spelling")
    rows = [
        (
            name,
            f"{card.passages:,}",
            f"{card.words:.0f}",
            *(f"{card.stances.get(stance, 0):,}" for stance in stances),
            f"{card.british:,}",
            f"{card.american:,}",
        )
        for name, card in cards.items()
    ]
    console.print(show.table("Sets (words: median)", columns, rows))
    names = [f"{name}: {what}" for name in cards for what in ("held", "undecided", "near misses")]
    each = [
        (
            concept,
            *(
                f"{count:,}"
                for card in cards.values()
                for balance in [card.concepts[concept]]
                for count in (balance.held, balance.undecided, balance.near_misses)
            ),
        )
        for concept in codebook()
    ]
    console.print(show.table("Passages by concept", ("concept", *names), each))
