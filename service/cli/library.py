"""`miner list`, `miner delete`: what there is."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.filters import country_code
from service.cli.options import JsonOption, StoreOption, settings
from service.cli.output import print_json, print_text
from service.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("list")(documents)
    app.command("delete")(delete)


def documents(
    country: Annotated[
        list[str] | None, typer.Option(help="Only of this country: name or code.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the documents in the store."""
    with Workspace.open(settings(store), create=False) as workspace:
        codes = {country_code(name, workspace.geography, workspace.store) for name in country or ()}
        found = [
            item
            for item in workspace.store.documents()
            if not codes or item.metadata.country in codes
        ]
    if as_json:
        print_json({"documents": found, "total": len(found)})
        return
    for item in found:
        about = item.metadata
        print_text(
            f"{item.id}  {about.country or '---'}  {about.year or '----'}  "
            f"{item.passages:5} passages  {about.title}"
        )
    print_text(f"{len(found)} documents")


def delete(
    document: Annotated[str, typer.Argument(help="Id of a stored document.")],
    store: StoreOption = None,
) -> None:
    """Drop a document with its passages and tags from the store."""
    with Workspace.open(settings(store), create=False) as workspace:
        workspace.store.delete(document)
    print_text(f"{document} is deleted")
