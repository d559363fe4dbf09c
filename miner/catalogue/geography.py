"""Countries, the regional organisations they belong to, and since when.

The tables are the project's own (`corpus/geography`): ISO 3166-1 codes and names, and dated
membership compiled from the organisations' own lists. A user may add a YAML file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from miner.catalogue.name import fold, squeeze
from miner.catalogue.place import (
    Country,
    Membership,
    Organisation,
    country_of,
    organisation_of,
)
from miner.errors import InputError, NotFound

__all__ = ["Country", "Geography", "Membership", "Organisation"]

_FORM = "Write it like corpus/geography/organisations.yaml: id, name and dated members."


# Identity decides equality: a geography is large, and what is built from one is cached by it.
@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Geography:
    """All countries and organisations, with look-up by name."""

    countries: tuple[Country, ...]
    organisations: tuple[Organisation, ...]
    _countries: dict[str, Country] = field(init=False, repr=False)
    _organisations: dict[str, Organisation] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_countries", _country_names(self.countries))
        object.__setattr__(self, "_organisations", _organisation_names(self.organisations))

    @staticmethod
    def shipped() -> Geography:
        """The project's own tables (read once)."""
        return _shipped()

    def extended(self, path: Path) -> Geography:
        """This geography with a YAML file's countries and organisations; same ids replace.

        Raises InputError that names the file and what is wrong with it.
        """
        try:
            data = yaml.safe_load(path.read_text("utf-8")) or {}
            countries = tuple(country_of(row) for row in data.get("countries") or ())
            organisations = tuple(organisation_of(row) for row in data.get("organisations") or ())
        except KeyError as error:
            raise InputError(str(path), f"the field {error} is missing", _FORM) from error
        except (OSError, ValueError, TypeError, AttributeError, yaml.YAMLError) as error:
            raise InputError(str(path), f"not a readable geography ({error})", _FORM) from error
        codes = {country.code for country in countries}
        ids = {organisation.id for organisation in organisations}
        return Geography(
            (*(c for c in self.countries if c.code not in codes), *countries),
            (*(o for o in self.organisations if o.id not in ids), *organisations),
        )

    def country(self, name: str) -> Country | None:
        """The country with this name, alias, demonym, alpha-3 or upper-case alpha-2 code.

        Case, accents and spaces do not count. None where nothing or more than one fits
        ("Dominican").
        """
        name = name.strip()
        if len(name) == 2 and name.isupper():
            for country in self.countries:
                if country.alpha2 == name:
                    return country
        folded = fold(name)
        return self._countries.get(folded.removeprefix("the ")) or self._countries.get(
            folded.replace(" ", "")
        )

    def organisation(self, name: str) -> Organisation | None:
        """The organisation with this id, name or alias (case and accents do not count)."""
        return self._organisations.get(fold(name).removeprefix("the "))

    def members(self, organisation: str, on: date | int | None = None) -> tuple[str, ...]:
        """Country codes of the members on a day, on any day of a year, or today (None).

        Raises NotFound for an id that is none of the organisations'.
        """
        first, last = _days(on)
        for known in self.organisations:
            if known.id == organisation:
                held = (m.country for m in known.members if m.overlaps(first, last))
                return tuple(dict.fromkeys(held))
        raise NotFound(
            f"organisation {organisation!r}",
            "no organisation has this id",
            f"Known: {', '.join(known.id for known in self.organisations)}.",
        )

    def organisations_of(self, country: str, year: int | None = None) -> tuple[str, ...]:
        """Ids of the organisations a country was in on any day of `year`, or today (None)."""
        first, last = _days(year)
        return tuple(
            organisation.id
            for organisation in self.organisations
            if any(m.country == country and m.overlaps(first, last) for m in organisation.members)
        )


@cache
def _shipped() -> Geography:
    folder = files("corpus") / "geography"
    lines = (folder / "countries.tsv").read_text("utf-8").splitlines()
    columns = lines[0].split("\t")
    rows = (dict(zip(columns, line.split("\t"), strict=False)) for line in lines[1:] if line)
    data = yaml.load((folder / "organisations.yaml").read_text("utf-8"), _loader())
    return Geography(
        tuple(country_of(row) for row in rows),
        tuple(organisation_of(row) for row in data["organisations"]),
    )


def _loader() -> Any:
    # The C parser is ten times faster, and not in every build of PyYAML.
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _days(on: date | int | None) -> tuple[date, date]:
    if on is None:
        on = date.today()
    if isinstance(on, date):
        return on, on
    year = min(max(on, date.min.year), date.max.year)
    return date(year, 1, 1), date(year, 12, 31)


def _country_names(countries: Iterable[Country]) -> dict[str, Country]:
    # A name outranks another country's alias, and that its demonym; a shared one is nobody's.
    found: dict[str, Country] = {}
    for rank in range(4):
        here: dict[str, Country | None] = {}
        for country in countries:
            for name in _ranked(country, rank):
                for key in {fold(name).removeprefix("the "), squeeze(name)} - found.keys():
                    here[key] = country if here.get(key, country) is country else None
        found |= {key: country for key, country in here.items() if key and country}
    return found


def _ranked(country: Country, rank: int) -> Iterator[str]:
    if rank == 0:
        yield country.code
    elif rank == 1:
        yield country.name
    elif rank == 2:
        yield from (*country.aliases, country.common_name)
    else:
        yield from country.demonyms


def _organisation_names(organisations: Iterable[Organisation]) -> dict[str, Organisation]:
    return {
        fold(name).removeprefix("the "): organisation
        for organisation in organisations
        for name in (*organisation.aliases, organisation.name, organisation.id)
    }
