"""Response teams by the pattern of their names: CERT-XX, XX-CERT, CERT.xx, CERT Country."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from miner.bodies.body import Body, Kind
from miner.catalogue.geography import Geography
from miner.catalogue.name import fold

_KIND = r"(?:CERT|CSIRT|CIRT)"
_DASH = r"[-_\u2010\u2011\u2013]"
_FREE = r"(?<![\w/.@-])"
_LAST = r"(?:\.(?P<place>[A-Za-z]{2})|/CC)?"
_ENDS = r"(?![A-Za-z_@])"  # the number of a footnote may follow
# A part that is a name in any case (SI-CERT, AFCERT, CERT.at), or only where it is known as the
# name of a country or of a kind of team (CERT-Bund, CERT Polska: "CERT Team" is none).
_PATTERNS = (
    (rf"{_FREE}(?P<part>[A-Z]{{2,7}}|[A-Z]\w{{2,9}}){_DASH}{_KIND}{_LAST}{_ENDS}", False),
    (rf"{_FREE}(?P<part>[A-Z][a-zA-Z]{{1,7}})(?:CERT|CIRT){_LAST}{_ENDS}", False),
    (rf"{_FREE}(?P<part>[a-z]{{2,4}}){_KIND}{_LAST}{_ENDS}", True),
    (rf"{_FREE}{_KIND}[.-](?P<part>GOV|gov)[.-](?P<place>[A-Z]{{2}}|[a-z]{{2}}){_ENDS}", False),
    (rf"{_FREE}{_KIND}(?:{_DASH}|\.)(?P<part>[A-Z][A-ZÍ]{{0,2}}[A-Z]|ÍS){_ENDS}(?!-)", False),
    (rf"{_FREE}{_KIND}(?:\.(?P<part>[a-z]{{2}})|{_DASH}(?P<name>[A-Z][a-z]{{1,8}})){_ENDS}", True),
    (rf"{_FREE}{_KIND} (?P<part>[A-Z][a-z]+(?: [A-Z][a-z]+)?|[A-Z]{{2}}){_ENDS}", True),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern), known) for pattern, known in _PATTERNS)
_QUICK = re.compile(r"CERT|CSIRT|CIRT")
# What stands beside CERT and is no name of a team.
_NO_NAMES = frozenset(
    "cc cert csirt cirt isac soc ii iii iv tf eu oic ops nren noc dos and government governmental"
    " national sectoral computer private public regional military".split()
)


@dataclass(frozen=True, slots=True)
class Team:
    """A team that is named at `text[start:end]`."""

    body: Body
    start: int
    end: int


def teams(
    text: str, country: str | None, known: Mapping[str, str], geography: Geography
) -> Iterator[Team]:
    """Teams that a text names, with their country where the name tells it.

    Args:
        text: a passage.
        country: the country whose document it is.
        known: countries by parts of names that are neither code nor name of them; `~` is the
            document's own country, to whose teams (GovCERT) its code is added.
    """
    if not _QUICK.search(text):
        return
    taken: list[tuple[int, int]] = []
    for pattern, must_be_known in _COMPILED:
        for match in pattern.finditer(text):
            start, end = match.span()
            parts = match.groupdict()
            part, place = parts["part"] or parts.get("name") or "", parts.get("place") or ""
            if fold(part) in _NO_NAMES or any(start < b and a < end for a, b in taken):
                continue
            found = _country(place, country, known, geography) or _country(
                part, country, known, geography
            )
            if must_be_known and found is None:
                continue
            taken.append((start, end))
            own = known.get(fold(part)) == "~" and not place and found is not None
            yield Team(_team(text[start:end], found, own), start, end)


def _team(name: str, country: str | None, own: bool) -> Body:
    name = re.sub(_DASH, "-", name)
    identity = f"team.{fold(name).replace(' ', '-')}"
    if own:
        return Body(
            f"{identity}.{country}", f"{name} ({country})", name, Kind.TEAM, country=country
        )
    return Body(identity, name, name, Kind.TEAM, country=country)


def _country(
    part: str, own: str | None, known: Mapping[str, str], geography: Geography
) -> str | None:
    if not part:
        return None
    code = known.get(fold(part).replace(" ", ""))
    if code == "~":
        return own
    if own is not None and own.startswith("X"):
        return own  # teams of invented countries have codes that belong to real ones
    if code:
        return code
    if len(part) > 3:
        found = geography.country(part)
    elif len(part) == 3:
        found = geography.country(part) if part.isupper() else None
    else:
        found = geography.country(fold(part).upper())
    return found.code if found else None
