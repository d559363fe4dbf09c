"""Options into the filters of the domain."""

from __future__ import annotations

from miner.catalogue.geography import Geography
from miner.index import Filter
from miner.query.given import Given, concept_id, country_code, organisation_id
from miner.query.given import where as chosen
from miner.store import Store

__all__ = ["concept_id", "country_code", "organisation_id", "where"]

_Many = list[str] | None


def where(
    store: Store,
    geography: Geography,
    *,
    country: _Many = None,
    organisation: _Many = None,
    concept: _Many = None,
    stance: _Many = None,
    language: _Many = None,
    document: _Many = None,
    type: _Many = None,
    since: int | None = None,
    until: int | None = None,
) -> Filter:
    """The index's filter. Raises InputError or NotFound for a value that nobody knows."""
    given = Given(
        country=country or (),
        organisation=organisation or (),
        concept=concept or (),
        stance=stance or (),
        language=language or (),
        document=document or (),
        type=type or (),
        first=since,
        last=until,
    )
    return chosen(given, geography, store)
