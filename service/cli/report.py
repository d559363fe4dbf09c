"""`miner report`: a document or a region, to be printed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from miner.errors import InputError
from service.cli.options import StoreOption, settings
from service.cli.output import print_text
from service.cli.selection import (
    CountryOption,
    EveryOption,
    FrameworkOption,
    LanguageOption,
    OnOption,
    OrganisationOption,
    SinceOption,
    TypeOption,
    UntilOption,
    selection,
)
from service.cli.target import check_output, whole
from service.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


def report(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="File to write: .html, or .pdf for PDF.")
    ],
    document: Annotated[
        str | None, typer.Argument(help="Id of a stored document; a region without.")
    ] = None,
    framework: FrameworkOption = None,
    organisation: OrganisationOption = None,
    on: OnOption = None,
    country: CountryOption = None,
    type: TypeOption = None,
    language: LanguageOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    every: EveryOption = False,
    store: StoreOption = None,
) -> None:
    """Write a printable report of a document, or of a region's members: scores, charts, quotes
    with their pages, gaps, named bodies and references.
    """
    ending = output.suffix.lower()
    if ending not in (".html", ".htm", ".pdf"):
        raise InputError(str(output), "a report is .html or .pdf", "Name such a file.")
    if document is not None and (organisation is not None or country):
        raise InputError("report", "a document and a region are named", "Name one of the two.")
    check_output(output)
    with Workspace.open(settings(store), create=False) as workspace:
        if document is not None:
            page = workspace.across.document_report(document, framework)
        else:
            chosen = selection(
                workspace,
                country=country,
                organisation=organisation,
                type=type,
                language=language,
                since=since,
                until=until,
                every=every,
            )
            page = workspace.across.region_report(
                framework, chosen.organisation, on=on, selection=chosen
            )
    data = page.encode()
    if ending == ".pdf":
        from miner.outputs.pdf import pdf

        data = pdf(page)
    with whole(output) as file:
        file.write(data)
    print_text(f"{output}: {len(data):,} bytes")
