"""Filters in the caller's words into the index's."""

from __future__ import annotations

from miner.catalogue.geography import Geography
from miner.catalogue.language import language_code
from miner.errors import InputError
from miner.index import Filter, year_range
from miner.taxonomy import codebook
from service.api.schemas.filters import Filters


def where(filters: Filters, geography: Geography) -> Filter:
    """The index's filter. Raises InputError for a country, concept or language nobody knows."""
    chosen = {
        "country": [country_code(name, geography) for name in filters.country],
        "organisations": [organisation_id(name, geography) for name in filters.organisation],
        "concepts": [_concept(name) for name in filters.concept],
        "stance": [stance.value for stance in filters.stance],
        "language": [language(name) for name in filters.language],
        "document": filters.document,
        "type": filters.type,
    }
    return Filter(
        {name: values for name, values in chosen.items() if values},
        years=year_range(filters.year_from, filters.year_to),
    )


def country_code(name: str, geography: Geography) -> str:
    """The code of a country that is named or coded. Raises InputError."""
    country = geography.country(name)
    if country is not None:
        return country.code
    if len(name) == 3 and name.isascii() and name.isalpha():
        # Stores may hold user-assigned codes that no geography lists.
        return name.upper()
    raise InputError(
        f"country {name!r}", "no country is known by this name", "Give an ISO 3166-1 alpha-3 code."
    )


def organisation_id(name: str, geography: Geography) -> str:
    """The id of an organisation that is named; manifests may have brought unknown ones."""
    organisation = geography.organisation(name)
    return organisation.id if organisation else name


def language(name: str) -> str:
    """The code of a language that is named or coded. Raises InputError."""
    if name == "und":
        return name
    code = language_code(name)
    if code is None:
        raise InputError(
            f"language {name!r}", "no language is known by this name", "Give an ISO 639-1 code."
        )
    return code


def _concept(name: str) -> str:
    if name not in codebook():
        raise InputError(
            f"concept {name!r}", "there is no such concept", "List them with GET /v1/concepts."
        )
    return name
