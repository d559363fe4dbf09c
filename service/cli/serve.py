"""`miner serve`: the HTTP API."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Annotated

import typer

from miner.errors import InputError
from service.cli.options import ModelOption, StoreOption, settings
from service.cli.output import note
from service.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    store: StoreOption = None,
    model: ModelOption = None,
) -> None:
    """Serve the API under /v1 (documentation at /docs) from this store.

    A store that is not there is made: documents can be uploaded to it.
    """
    import uvicorn

    from service.api.app import create_app

    chosen = settings(store, model)
    with _listening(host, port) as listener:
        # The server would log a traceback where the store cannot be had.
        with Workspace.open(chosen):
            pass
        server = uvicorn.Server(uvicorn.Config(create_app(chosen), log_level="info"))
        note(f"http://{host}:{listener.getsockname()[1]}/docs")
        # Ctrl-C is how a server is meant to end; it hands the signal on when all is closed.
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    raise typer.Exit(0 if server.started else 2)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        cause = f"cannot listen there ({error.strerror})"
        raise InputError(f"{host}:{port}", cause, "Choose another --host or --port.") from error
