"""The gazetteer: countries and organisations where a text names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

from miner.catalogue.geography import Country, Geography, Organisation
from miner.catalogue.name import fold
from miner.catalogue.phrase import Entry, Match, PhraseBook, Token, tokens

# Names within other names: the longer phrase is taken and means nothing.
_NOT_NAMES = (
    "Latin America", "Latin American", "North America", "North American", "South America",
    "South American", "Central America", "Central American", "Native American", "the Americas",
    "Northern Ireland", "British Columbia", "Indian Ocean", "South China Sea", "East China Sea",
    "Baltic Sea", "Gulf of Guinea", "Gulf of Mexico", "New Mexico", "New England", "New Jersey",
    "Persian Gulf", "Commonwealth government", "Sea of Japan",
)  # fmt: skip
# Lower-case words that are not the name; and names that lose their meaning with their accent.
_CAPITAL = frozenset({"polish", "jersey", "sco", "bric"})
_ACCENT = frozenset({"island", "reunion", "ira", "oma"})
# Short acronyms that people write in lower case in a search box and that are no other word.
_LOWER = frozenset({"uk", "eu", "usa", "uae", "nz", "gcc", "drc", "g7", "g20", "oas", "ksa", "v4"})


@dataclass(frozen=True, slots=True)
class Named:
    """What a name stands for: a country's code or an organisation's id, and how to show it."""

    kind: Literal["country", "organisation", "neither"]
    id: str
    label: str
    demonym: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """`text[start:end]` names something."""

    named: Named
    start: int
    end: int


_BOOKS: WeakKeyDictionary[Geography, dict[bool, PhraseBook[Named]]] = WeakKeyDictionary()


def book(geography: Geography, *, strict: bool) -> PhraseBook[Named]:
    """The geography's names (built once). `strict` wants them in the case of running text."""
    held = _BOOKS.setdefault(geography, {})
    if strict not in held:
        held[strict] = PhraseBook.of(_entries(tuple(_names(geography)), strict=strict), _folded)
    return held[strict]


def mentions(text: str, geography: Geography) -> tuple[Mention, ...]:
    """Countries and organisations named in running text, from left to right."""
    line = tokens(text)
    found = (_mention(match, line) for match in book(geography, strict=True).matches(line))
    return tuple(mention for mention in found if mention.named.kind != "neither")


def _mention(match: Match[Named], line: Sequence[Token]) -> Mention:
    return Mention(match.entry.value, line[match.first].start, line[match.last - 1].end)


def _folded(token: Token) -> str:
    return token.folded


def _names(geography: Geography) -> Iterator[tuple[str, Named]]:
    # First come, first served: names of organisations hold names of countries, not the reverse.
    for phrase in _NOT_NAMES:
        yield phrase, Named("neither", "", "")
    for organisation in geography.organisations:
        for name in (organisation.name, *organisation.aliases):
            yield name, Named("organisation", organisation.id, _short(organisation))
    for country in geography.countries:
        for name in (country.name, country.common_name):
            yield name, Named("country", country.code, country.common_name)
    for country in geography.countries:
        for name in country.aliases:
            yield name, Named("country", country.code, country.common_name)
    yield from _demonyms(geography.countries)


def _demonyms(countries: Sequence[Country]) -> Iterator[tuple[str, Named]]:
    # "Dominican" and "Congolese" point to two countries, so to neither.
    uses = Counter(name for country in countries for name in set(map(fold, country.demonyms)))
    for country in countries:
        for name in country.demonyms:
            if uses[fold(name)] == 1:
                yield name, Named("country", country.code, country.common_name, demonym=True)


def _short(organisation: Organisation) -> str:
    # Acronyms where the name is long ("ASEAN") or a number ("G7"); "Council of Europe" otherwise.
    lengthy = len(organisation.name.split()) > 3 or not organisation.id.isalpha()
    return (
        organisation.id
        if lengthy and organisation.id in organisation.aliases
        else organisation.name
    )


def _entries(names: Sequence[tuple[str, Named]], *, strict: bool) -> Iterator[Entry[Named]]:
    for name, named in names:
        yield Entry(name, named, _Spelling(name, strict) if named.kind != "neither" else None)


@dataclass(frozen=True, slots=True)
class _Spelling:
    """Whether a name is written as that name: US is a country, us is not."""

    name: str
    strict: bool

    def __call__(self, line: Sequence[Token]) -> bool:
        folded = fold(self.name)
        letters = [word for word in self.name.replace(".", " ").split() if word[:1].isalpha()]
        acronym = folded.replace(" ", "").isalnum() and all(word.isupper() for word in letters)
        written = " ".join(token.raw for token in line)
        if folded in _ACCENT:
            return written.casefold() == self.name.casefold()
        if acronym and (self.strict or len(folded) <= 3) and len(line) == 1:
            return line[0].raw.isupper() or (not self.strict and folded in _LOWER)
        if self.name[:1].isupper() and (self.strict or folded in _CAPITAL):
            return line[0].raw[:1].isupper()
        return self.name != "CoE" or written != written.lower()
