"""A Chip: something that a query names, to be shown, used as a filter and switched off."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from miner.index.schema import Filter


class ChipKind(StrEnum):
    """What a chip stands for."""

    COUNTRY = "country"
    ORGANISATION = "organisation"
    YEAR = "year"
    LANGUAGE = "language"
    CONCEPT = "concept"
    STANCE = "stance"
    PHRASE = "phrase"
    NOT = "not"
    SPELLING = "spelling"


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing named in `query[start:end]`.

    value: ISO 3166-1 alpha-3 code, organisation id, years ("2015", "2015-2020", "2015-",
        "-2009"; both ends included), ISO 639-1 code, concept id, stance, the quoted phrase,
        what is ruled out (a country's code, an organisation's id or a word in lower case), or
        the word that is searched for one that was misspelt.
    label: how to show it; for a misspelt name, the right one.
    """

    kind: ChipKind
    value: str
    label: str
    start: int
    end: int

    @property
    def id(self) -> str:
        """What `without` of `read_query` takes: "country:EST"."""
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A query, read.

    chips: what it names, in the order of the words, each id once.
    text: what is to be searched by meaning; it holds the words of concepts and phrases, and
        not those of places, years, stances, nor "strategies" and the like where they only say
        that documents are looked for. It can be empty.
    residual: `text` has content words that no chip accounts for.
    where: the filter that the chips make.
    phrases: wordings that must occur as they are. excluded: words that must not occur.
    unknown: words of `text` that no passage of the store holds, in any form.
    gibberish: `text` has nothing but unknown words, and none of them is English.
    doubtful: chips of years that stand in the query without "in", "since" and the like: they
        may belong to a name ("Budapest Convention 2001").
    """

    query: str
    chips: tuple[Chip, ...]
    text: str
    residual: bool
    where: Filter
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    gibberish: bool = False
    doubtful: tuple[Chip, ...] = ()
