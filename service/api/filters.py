"""Parameters into the filters of the domain."""

from __future__ import annotations

from miner.catalogue.geography import Geography
from miner.index import Filter
from miner.query.given import Given
from miner.query.given import where as chosen
from miner.store import Store
from service.api.schemas.filters import Filters


def where(filters: Filters, geography: Geography, store: Store) -> Filter:
    """The index's filter. Raises InputError or NotFound for a value that nobody knows."""
    given = Given(
        country=filters.country,
        organisation=filters.organisation,
        concept=filters.concept,
        stance=[stance.value for stance in filters.stance],
        language=filters.language,
        document=filters.document,
        type=filters.type,
        first=filters.year_from,
        last=filters.year_to,
    )
    return chosen(given, geography, store)
