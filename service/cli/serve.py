"""`miner serve`: the HTTP API."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from typing import Annotated

import typer

from miner.errors import InputError
from miner.settings import Settings
from service.api.settings import ApiSettings
from service.api.warmup import Warmup
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
    chosen, limits = settings(store, model), ApiSettings.from_environment()
    with _listening(host, port) as listener, _opening(chosen, limits) as opening:
        import uvicorn

        from service.api.app import create_app

        # The server would log a traceback where the store cannot be had.
        app = create_app(chosen, limits, opened=opening.result())
        server = uvicorn.Server(uvicorn.Config(app, log_level="info"))
        note(f"http://{host}:{listener.getsockname()[1]}/docs")
        # Ctrl-C is how a server is meant to end; it hands the signal on when all is closed.
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    raise typer.Exit(0 if server.started else 2)


@contextmanager
def _opening(settings: Settings, limits: ApiSettings) -> Iterator[Future[Warmup]]:
    """The store with its models on their way, while the caller imports the API: much of the
    loading is done by native code beside it."""
    with ExitStack() as stack, ThreadPoolExecutor(1, "opening") as pool:

        def opened() -> Warmup:
            return Warmup(stack.enter_context(Workspace.open(settings, isolated=limits.isolated)))

        yield pool.submit(opened)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        cause = f"cannot listen there ({error.strerror})"
        raise InputError(f"{host}:{port}", cause, "Choose another --host or --port.") from error
