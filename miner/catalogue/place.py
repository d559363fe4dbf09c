"""Countries and the organisations they belong to, as rows of the reference tables give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

# ISO's own order ("Korea, Republic of") is for sorting; these are for reading.
_COMMON = {
    "BES": "Caribbean Netherlands",
    "BRN": "Brunei",
    "CCK": "Cocos Islands",
    "COD": "Democratic Republic of the Congo",
    "KOR": "South Korea",
    "LAO": "Laos",
    "PRK": "North Korea",
    "RUS": "Russia",
    "SHN": "Saint Helena",
    "SYR": "Syria",
    "VAT": "Holy See",
    "VGB": "British Virgin Islands",
    "VIR": "U.S. Virgin Islands",
}


@dataclass(frozen=True, slots=True)
class Country:
    """A country: ISO 3166-1 codes (alpha-3 XAA to XZZ for invented ones) and its names."""

    code: str
    name: str
    alpha2: str = ""
    demonyms: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def common_name(self) -> str:
        """The short name that people read: "Bolivia" for "Bolivia, Plurinational State of"."""
        return _COMMON.get(self.code) or self.name.split(",")[0].split(" (")[0]


@dataclass(frozen=True, slots=True)
class Membership:
    """One period of a country's membership; both days are days of membership."""

    country: str
    since: date
    until: date | None = None

    def overlaps(self, first: date, last: date) -> bool:
        """Whether any day from `first` to `last` lies in the period."""
        return self.since <= last and (self.until is None or first <= self.until)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A regional organisation, or an informal grouping of countries (`kind`)."""

    id: str
    name: str
    kind: str = "organisation"
    aliases: tuple[str, ...] = ()
    members: tuple[Membership, ...] = ()


def _several(value: Any) -> tuple[str, ...]:
    if not value:
        return ()
    return tuple(str(item) for item in (value.split("|") if isinstance(value, str) else value))


def country_of(row: Mapping[str, Any]) -> Country:
    """A country from a row; KeyError, TypeError or ValueError where it is not one."""
    return Country(
        code=str(row["code"]),
        name=str(row["name"]),
        alpha2=str(row.get("alpha2") or ""),
        demonyms=_several(row.get("demonym")),
        aliases=_several(row.get("aliases")),
    )


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def organisation_of(row: Mapping[str, Any]) -> Organisation:
    """An organisation from a row; errors as with `country_of`."""
    return Organisation(
        id=str(row["id"]),
        name=str(row["name"]),
        kind=str(row.get("kind") or "organisation"),
        aliases=_several(row.get("aliases")),
        members=tuple(
            Membership(
                str(member["country"]),
                _day(member["since"]),
                _day(member["until"]) if member.get("until") else None,
            )
            for member in row["members"]
        ),
    )
