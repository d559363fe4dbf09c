"""Passages to learn from: every other one is about crime, four make a document."""

from __future__ import annotations

from miner.tagging.train import Example

CRIME = "dim.legal_criminal_justice"


def example(number: int) -> Example:
    crime = number % 2 == 0
    text = f"Article {number}: " + (
        "the police shall prosecute computer crime." if crime else "the harbour is deep and calm."
    )
    concepts = frozenset({CRIME}) if crime else frozenset[str]()
    stance = "commitment" if crime else "descriptive"
    return Example(text, concepts, frozenset(), stance, f"document {number // 4}")
