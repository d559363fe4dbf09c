"""The Worker: takes uploads in, in a process of its own that steps back for searches.

Parsing, encoding and tagging happen there; only the short commit of the points runs in the
process that owns the index. A file that makes the worker crash or hang costs that file only.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from miner.document import Metadata
from miner.errors import MinerError, UnreadableDocument
from miner.ingest import Outcome
from miner.parser import TIME_LIMIT
from miner.settings import Settings
from service.workspace import Told, Workspace

_log = logging.getLogger(__name__)

# Whoever answers a person goes first.
_NICE = 10
# Seconds without work after which its models' memory is given back.
_IDLE = 600.0


class Worker:
    """One process over the store that the settings name, started with the first upload."""

    def __init__(self, settings: Settings, patience: float = TIME_LIMIT) -> None:
        """`patience`: seconds without any progress after which a file is given up."""
        self._settings = settings
        self._patience = patience
        self._turn = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection[Any, Any] | None = None
        self._timer: threading.Timer | None = None
        self._closed = False

    def take_in(self, data: bytes, name: str, given: Metadata, told: Told) -> Outcome:
        """See `Workspace.take_in`. What `told` raises ends the process."""
        with self._turn:
            self._wake()
            try:
                return self._asked(data, name, given, told)
            except (OSError, EOFError) as error:
                cause = "the service is stopping" if self._closed else "it ended its reader"
                raise UnreadableDocument(
                    name, cause, "Save it anew with another program and try again."
                ) from error
            finally:
                self._rest()

    def _asked(self, data: bytes, name: str, given: Metadata, told: Told) -> Outcome:
        pipe = self._running()
        done = False
        try:
            pipe.send((data, name, given))
            while pipe.poll(self._patience):
                kind, *said = pipe.recv()
                if kind == "told":
                    told(*said)
                    continue
                done = True
                if isinstance(said[0], Exception):
                    raise said[0]
                outcome: Outcome = said[0]
                return outcome
            raise UnreadableDocument(
                name,
                f"reading it made no progress for {self._patience / 60:.0f} minutes",
                "Split the file.",
            )
        finally:
            if not done:
                self._stop()

    def _running(self) -> Connection[Any, Any]:
        if self._closed:
            raise EOFError
        if self._pipe is None or self._process is None or not self._process.is_alive():
            self._stop()
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(
                target=_serve, args=(theirs, self._settings), daemon=True, name="worker"
            )
            self._process.start()
            theirs.close()
        return self._pipe

    def _wake(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _rest(self) -> None:
        if self._process is not None and not self._closed:
            self._timer = threading.Timer(_IDLE, self._retire)
            self._timer.daemon = True
            self._timer.start()

    def _retire(self) -> None:
        if self._turn.acquire(blocking=False):
            try:
                self._stop()
            finally:
                self._turn.release()

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

    def close(self) -> None:
        """Give up whatever is being taken in, and the process."""
        self._closed = True
        self._wake()
        process = self._process
        if process is not None and self._turn.locked():
            process.kill()  # wakes the thread that waits for it
        with self._turn:
            self._wake()
            self._stop()


def _serve(pipe: Connection[Any, Any], settings: Settings) -> None:
    """What the process does: take in, tell, until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    os.nice(_NICE)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with Workspace.open(settings) as workspace:
        while True:
            try:
                data, name, given = pipe.recv()
            except (EOFError, OSError):
                return
            pipe.send(("done", _taken(workspace, pipe, data, name, given)))


def _taken(
    workspace: Workspace, pipe: Connection[Any, Any], data: bytes, name: str, given: Metadata
) -> Outcome | Exception:
    def told(step: str, done: float) -> None:
        pipe.send(("told", step, done))

    try:
        return workspace.take_in(data, name, given, told)
    except MinerError as error:
        return error
    except Exception as error:  # one odd file must not cost the process
        _log.exception("%s could not be taken in", name)
        # The error itself may not travel.
        return RuntimeError(f"{type(error).__name__}: {error}")


def _end_with_parent() -> None:
    # In the midst of a file it would outlive a kill of the parent.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
