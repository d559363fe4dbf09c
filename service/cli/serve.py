"""`miner serve`: the HTTP API."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.options import ModelOption, StoreOption, settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    store: StoreOption = None,
    model: ModelOption = None,
) -> None:
    """Serve the API under /v1 (documentation at /docs) from this store."""
    import uvicorn

    from service.api.app import create_app

    uvicorn.run(create_app(settings(store, model)), host=host, port=port, log_level="info")
