"""The Line: a query's words, what they name, and which of them a chip has taken."""

from __future__ import annotations

from dataclasses import dataclass, field

from miner.catalogue.gazetteer import Named
from miner.catalogue.phrase import Match, Token
from miner.query.chip import Chip, ChipKind
from miner.query.claim import Claim
from miner.query.lexicon import Lexicon
from miner.taxonomy import Concept

_MONEY = frozenset("$€£")
_CURRENCIES = frozenset({"dollar", "dollars", "pound", "pounds", "franc", "francs"})


@dataclass(slots=True)
class Line:
    """One query in the course of being read; each word is taken once.

    spelt: by position, what a misspelt word was meant to be.
    """

    query: str
    tokens: tuple[Token, ...]
    lexicon: Lexicon
    spelt: dict[int, str] = field(default_factory=dict)
    names_spelt: dict[int, str] = field(default_factory=dict)
    labels_spelt: dict[int, str] = field(default_factory=dict)
    found: list[Claim] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    def claim(
        self, kind: ChipKind, value: str, label: str, first: int, last: int, *, kept: bool = False,
        named: Named | None = None,
    ) -> None:  # fmt: skip
        start, end = self.tokens[first].start, self.tokens[last - 1].end
        chip = Chip(kind, value, label, start, end)
        self.found.append(Claim(chip, first, last, kept, named=named))
        self.taken.update(range(first, last))

    def free(self, first: int, last: int) -> bool:
        return last <= len(self.tokens) and self.taken.isdisjoint(range(first, last))

    def word(self, position: int) -> str:
        return self.tokens[position].folded if 0 <= position < len(self.tokens) else ""

    def named(self, first: int) -> Match[Named] | None:
        match = self.lexicon.names.at(self.tokens, first, self.names_spelt)
        if match and (
            self.query[self.tokens[match.last - 1].end :][:1] in _MONEY
            or self.word(match.last) in _CURRENCIES
        ):
            return None  # "US$951 million" is no country
        return match if match and self.free(match.first, match.last) else None

    def place(self, first: int) -> Match[Named] | None:
        match = self.named(first) if first < len(self.tokens) else None
        return match if match and match.entry.value.kind != "neither" else None

    def labelled(self, first: int) -> Match[Concept] | None:
        match = self.lexicon.labels.at(self.tokens, first, self.labels_spelt)
        return match if match and self.free(match.first, match.last) else None

    def absorbed(self, position: int) -> int:
        """The position past a possessive s."""
        if self.word(position) == "s" and self.query[self.tokens[position].start - 1] in "'’":
            return position + 1
        return position
