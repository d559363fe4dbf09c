"""Options into the filters of the domain."""

from __future__ import annotations

from typing import Annotated

import typer

from miner.catalogue.geography import Geography
from miner.index import Filter
from miner.query.given import Given, concept_id, country_code, organisation_id
from miner.query.given import where as chosen
from miner.store import Store

__all__ = ["concept_id", "country_code", "organisation_id", "where"]

_Many = list[str] | None
CountryOption = Annotated[_Many, typer.Option("--country", help="Name or ISO 3166-1 alpha-3 code.")]
OrganisationOption = Annotated[
    _Many, typer.Option("--organisation", help="Regional organisation, e.g. ASEAN.")
]
ConceptOption = Annotated[
    _Many, typer.Option("--concept", help="Id or label; see `miner frameworks`.")
]
StanceOption = Annotated[_Many, typer.Option("--stance", help="commitment, in_place, ...")]
LanguageOption = Annotated[_Many, typer.Option("--language", help="Name or ISO 639-1 code.")]
DocumentOption = Annotated[_Many, typer.Option("--document", help="Id of a stored document.")]
SinceOption = Annotated[int | None, typer.Option("--since", help="First year.")]
UntilOption = Annotated[int | None, typer.Option("--until", help="Last year.")]


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
