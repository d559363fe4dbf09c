"""The filter that a query's chips make."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from miner.catalogue.geography import Geography
from miner.catalogue.phrase import Token
from miner.index.schema import Filter
from miner.query.chip import ChipKind
from miner.query.claim import Claim
from miner.query.years import Ends, hull

_JOINS = frozenset({"and", "or", "nor", "plus", "versus", "vs", "with"})


def filter_of(claims: Sequence[Claim], line: Sequence[Token], geography: Geography) -> Filter:
    """Places, years, language and stance of the claims; what is negated in `none_of`.

    An organisation is the field `organisations` (membership in the document's own year) as long
    as no year and no country is named, else the codes of its members in those years. "EU members
    in 2014" are countries, whatever the year of their documents.
    """
    years = hull(c.period for c in claims if c.period and not c.of_members)
    membership = hull(claim.period for claim in claims if claim.period)
    any_of: dict[str, list[str]] = {}
    none_of: dict[str, list[str]] = {}
    countries = _values(claims, ChipKind.COUNTRY)
    organisations = _values(claims, ChipKind.ORGANISATION)
    if organisations and not countries and membership is None:
        any_of["organisations"] = organisations
    else:
        members = [code for name in organisations for code in _members(name, membership, geography)]
        if countries and members and not _joined(claims, line):
            # "NATO commitments of Estonia" is about Estonia, not about all of NATO.
            members = [] if set(countries) <= set(members) else members
        places = list(dict.fromkeys((*countries, *members)))
        if places:
            any_of["country"] = places
    for kind, name in ((ChipKind.LANGUAGE, "language"), (ChipKind.STANCE, "stance")):
        values = _values(claims, kind)
        if values:
            any_of[name] = values
    for claim in claims:
        if claim.chip.kind is ChipKind.NOT and claim.named:
            field = "country" if claim.named.kind == "country" else "organisations"
            none_of.setdefault(field, []).append(claim.chip.value)
    return Filter(any_of, none_of, years)


def _values(claims: Sequence[Claim], kind: ChipKind) -> list[str]:
    return list(dict.fromkeys(claim.chip.value for claim in claims if claim.chip.kind is kind))


def _members(organisation: str, years: Ends | None, geography: Geography) -> tuple[str, ...]:
    if years is None:
        return geography.members(organisation)
    today = date.today().year
    first = years[0] or years[1] or today
    last = years[1] or max(today, first)
    spans = (date(min(first, last), 1, 1), date(last, 12, 31))
    held = next(each for each in geography.organisations if each.id == organisation).members
    return tuple(dict.fromkeys(member.country for member in held if member.overlaps(*spans)))


def _joined(claims: Sequence[Claim], line: Sequence[Token]) -> bool:
    """Whether the places stand side by side: "Germany, France and ASEAN"."""
    places = [c for c in claims if c.chip.kind in (ChipKind.COUNTRY, ChipKind.ORGANISATION)]
    pairs = pairwise(places)
    return any(
        one.chip.kind is not other.chip.kind
        and all(
            token.folded in _JOINS or token.folded == "the"
            for token in line[one.last : other.first]
        )
        for one, other in pairs
    )
