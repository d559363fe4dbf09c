"""`miner cite`: a passage or a document as a reference manager takes it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from miner.errors import NotFound
from miner.outputs.citation import Citation, of_document, of_passage, render, style_named
from service.cli.options import StoreOption, settings
from service.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("cite")(cite)


def cite(
    ids: Annotated[list[str], typer.Argument(help="Ids of passages or documents.")],
    style: Annotated[str, typer.Option(help="csl, ris or bibtex.")] = "csl",
    store: StoreOption = None,
) -> None:
    """Cite passages (with their page) or documents as CSL-JSON, RIS or BibTeX."""
    chosen = style_named(style)
    with Workspace.open(settings(store), create=False) as workspace:
        passages = workspace.store.passages_by_id(ids)
        documents = {stored.id: stored for stored in workspace.store.documents(ids)}
    found: list[Citation] = []
    for name in ids:
        if name in passages:
            found.append(of_passage(passages[name]))
        elif name in documents:
            found.append(of_document(documents[name]))
        else:
            raise NotFound(
                f"id {name!r}",
                "neither a passage nor a document has it",
                "List documents with `miner list`; `miner search --json` shows ids of passages.",
            )
    sys.stdout.write(render(found, chosen))
