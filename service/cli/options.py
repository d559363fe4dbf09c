"""Options that several commands share."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from miner.settings import Settings

StoreOption = Annotated[
    Path | None,
    typer.Option("--store", metavar="DIR", help="Folder of the store.", envvar="MINER_STORE"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", help="Embedding model: package:NAME, a folder or a hub id."),
]


def settings(store: Path | None = None, model: str | None = None) -> Settings:
    """The environment's settings with what the command line says otherwise."""
    found = Settings.from_environment()
    if store is not None:
        found = replace(found, store=store)
    if model is not None:
        found = replace(found, model=model)
    return found
