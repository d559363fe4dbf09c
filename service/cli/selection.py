"""Options that choose documents, for the commands that span documents."""

from __future__ import annotations

from typing import Annotated

import typer

from miner.coverage import Selection
from miner.query.given import Given
from service.cli.filters import CountryOption as CountryOption
from service.cli.filters import DocumentOption as DocumentOption
from service.cli.filters import LanguageOption as LanguageOption
from service.selecting import selected
from service.workspace import Workspace

Many = list[str] | None
FrameworkOption = Annotated[
    str | None, typer.Option("--framework", help="Framework id; see `miner frameworks`.")
]
OrganisationOption = Annotated[
    str | None, typer.Option("--organisation", help="Only its members, e.g. ASEAN.")
]
OnOption = Annotated[
    int | None,
    typer.Option("--on", help="Year of the membership, and last year of the documents."),
]
TypeOption = Annotated[
    Many, typer.Option("--type", help="Type of document: strategy, policy, law, ...")
]
SinceOption = Annotated[int | None, typer.Option("--since", help="First year of the documents.")]
UntilOption = Annotated[int | None, typer.Option("--until", help="Last year of the documents.")]
EveryOption = Annotated[
    bool,
    typer.Option(
        "--all-documents", help="All documents of a country speak for it, not its latest alone."
    ),
]


def selection(
    workspace: Workspace,
    *,
    country: Many = None,
    organisation: str | None = None,
    on: int | None = None,
    type: Many = None,
    language: Many = None,
    since: int | None = None,
    until: int | None = None,
    document: Many = None,
    every: bool = False,
) -> Selection:
    """The Selection. Raises InputError or NotFound for a value that nobody knows."""
    given = Given(
        country=country or (),
        language=language or (),
        document=document or (),
        type=type or (),
        first=since,
        last=until,
    )
    return selected(
        workspace,
        given,
        organisation=organisation,
        on=on,
        choice="all" if every else "latest",
    )
