"""A Selection: which documents speak, and which of a country's documents speaks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from miner.catalogue.geography import Geography
from miner.errors import InputError
from miner.store import Store, StoredDocument

Choice = Literal["latest", "all"]
# Of one year, a strategy speaks for a country rather than a law or what has no known type.
_TYPES = ("strategy", "policy", "doctrine", "action_plan", "white_paper", "law")


@dataclass(frozen=True, slots=True)
class Selection:
    """Conditions on documents; all of them hold, and values of one field are alternatives.

    countries: ISO alpha-3 codes. organisation: id of an organisation whose members count, as of
    the year `on` (each document's own year without). since, until: years of the documents.
    documents: ids. choice: `latest` takes the newest document of each country of which enough
    could be read, `all` takes all of them, each concept from the one that says most.
    """

    countries: tuple[str, ...] = ()
    organisation: str | None = None
    on: int | None = None
    types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    documents: tuple[str, ...] = ()
    choice: Choice = "latest"

    def documents_of(self, store: Store, geography: Geography) -> list[StoredDocument]:
        """The documents that satisfy the conditions, in order of country, year and title.

        Raises NotFound for an id of a document or organisation that nobody knows, InputError
        where `since` is after `until`.
        """
        if self.since is not None and self.until is not None and self.since > self.until:
            raise InputError(
                "years", f"{self.since} is after {self.until}", "Swap the two, or leave one out."
            )
        for name in self.documents:
            store.summary(name)
        members = self._members(geography)
        found = store.documents(list(self.documents) or None)
        return [stored for stored in found if self._holds(stored, members)]

    def _members(self, geography: Geography) -> frozenset[str] | None:
        if self.organisation is None:
            return None
        known = geography.members(self.organisation, self.on)
        return frozenset(known) if self.on is not None else None

    def _holds(self, stored: StoredDocument, members: frozenset[str] | None) -> bool:
        about = stored.metadata
        latest = min((year for year in (self.until, self.on) if year is not None), default=None)
        return (
            (not self.countries or about.country in self.countries)
            and (not self.types or about.type in self.types)
            and (not self.languages or about.language in self.languages)
            and (self.since is None or (about.year is not None and about.year >= self.since))
            and (latest is None or (about.year is not None and about.year <= latest))
            and self._belongs(stored, members)
        )

    def _belongs(self, stored: StoredDocument, members: frozenset[str] | None) -> bool:
        if self.organisation is None:
            return True
        about = stored.metadata
        if about.country is None:
            return False
        if members is not None:
            return about.country in members
        return self.organisation in about.organisations


def by_country(documents: Iterable[StoredDocument]) -> dict[str, list[StoredDocument]]:
    """Documents of each country, those of no country left out; the best spokesman first."""
    held: dict[str, list[StoredDocument]] = {}
    for stored in documents:
        if stored.metadata.country is not None:
            held.setdefault(stored.metadata.country, []).append(stored)
    return {country: sorted(several, key=_order) for country, several in held.items()}


def chosen(
    several: Sequence[StoredDocument], choice: Choice, readable: Callable[[StoredDocument], bool]
) -> list[StoredDocument]:
    """The documents of one country that speak for it, from the best spokesman on.

    readable: whether enough of a document could be read; where that holds for none, the first
    speaks, and what it is said to hold will be unclear.
    """
    if choice == "all":
        return list(several)
    return [next((stored for stored in several if readable(stored)), several[0])]


def _order(stored: StoredDocument) -> tuple[int, int, int, str]:
    about = stored.metadata
    rank = _TYPES.index(about.type) if about.type in _TYPES else len(_TYPES)
    return (-(about.year or 0), rank, -stored.passages, stored.id)
