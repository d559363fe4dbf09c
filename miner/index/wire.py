"""How processes of one machine ask an index that another of them has: calls over a socket.

A call is a JSON list of the method's name and its arguments, an answer the value or an error.
The index's own dataclasses travel as objects with their name under `$`, vectors as base64. The
socket is a file that only the user who made it may connect to.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from miner import errors
from miner.errors import MinerError, StoreError
from miner.index.schema import Candidate, Filter, Leg, Point, Scored, Sparse

_log = logging.getLogger(__name__)
_TYPES: Mapping[str, Callable[..., Any]] = {
    t.__name__: t for t in (Candidate, Filter, Leg, Point, Scored, Sparse)
}


class OwnerGone(Exception):
    """The process at the other end ended, or refused."""


def pack(value: Any) -> bytes:
    """A value as it travels."""
    return json.dumps(value, default=_record, ensure_ascii=False).encode()


def unpack(data: bytes) -> Any:
    """The value that `pack` packed; sequences inside dataclasses are tuples."""
    return json.loads(data, object_hook=_value)


def _record(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {"$": type(value).__name__} | {f.name: getattr(value, f.name) for f in fields(value)}
    if isinstance(value, np.ndarray):
        array = np.ascontiguousarray(value, dtype=np.float32)
        return {"$": "vector", "numbers": base64.b64encode(array.tobytes()).decode()}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} does not travel")


def _value(row: dict[str, Any]) -> Any:
    kind = row.pop("$", None)
    if kind is None:
        return row
    if kind == "vector":
        return np.frombuffer(base64.b64decode(row["numbers"]), dtype=np.float32)
    return _TYPES[kind](**{n: tuple(v) if isinstance(v, list) else v for n, v in row.items()})


class Door:
    """Where other processes knock: each connection is answered by a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder: str | None = None
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self.path = self._bound(folder.absolute() / "socket")
        except OSError:
            # The path is too long, or the file system knows no sockets.
            self._folder = tempfile.mkdtemp(prefix="miner-")
            self.path = self._bound(Path(self._folder) / "socket")
        self._socket.listen(16)
        self._connections: set[Connection[Any, Any]] = set()
        self._closing = False

    def _bound(self, path: Path) -> Path:
        path.unlink(missing_ok=True)
        self._socket.bind(str(path))
        path.chmod(0o600)
        return path

    def open(self, answer: Callable[[str, list[Any]], Any]) -> None:
        """Begin to answer; whoever knocked before has waited."""
        threading.Thread(target=self._accept, args=(answer,), name="door", daemon=True).start()

    def _accept(self, answer: Callable[[str, list[Any]], Any]) -> None:
        while not self._closing:
            try:
                made, _ = self._socket.accept()
            except OSError:
                return
            connection: Connection[Any, Any] = Connection(made.detach())
            self._connections.add(connection)
            threading.Thread(target=self._serve, args=(connection, answer), daemon=True).start()

    def _serve(
        self, connection: Connection[Any, Any], answer: Callable[[str, list[Any]], Any]
    ) -> None:
        try:
            while True:
                name, arguments = unpack(connection.recv_bytes())
                connection.send_bytes(_answered(answer, name, arguments))
        except (OSError, EOFError, ValueError):
            pass  # whoever asked is gone
        finally:
            self._connections.discard(connection)
            connection.close()

    def close(self) -> None:
        """Send everyone away."""
        if self._closing:
            return
        self._closing = True
        # Closing alone would not wake the thread that waits in accept.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in list(self._connections):
            _hang_up(connection)
        self.path.unlink(missing_ok=True)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def _hang_up(connection: Connection[Any, Any]) -> None:
    try:
        with socket.socket(fileno=os.dup(connection.fileno())) as same:
            same.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # the other end was faster


def _answered(answer: Callable[[str, list[Any]], Any], name: str, arguments: list[Any]) -> bytes:
    try:
        return pack({"answer": answer(name, arguments)})
    except MinerError as error:
        told = [type(error).__name__, error.what, error.cause, error.next_step]
    except Exception as error:
        _log.exception("the call %s of another process failed", name)
        told = ["StoreError", "index", f"{type(error).__name__}: {error}", "See the owner's log."]
    return pack({"error": told})


class Caller:
    """The other end of a Door; threads that share one take turns."""

    def __init__(self, path: Path) -> None:
        made = socket.socket(socket.AF_UNIX)
        try:
            made.connect(str(path))
        except OSError as error:
            made.close()
            raise OwnerGone(str(error)) from error
        self._connection: Connection[Any, Any] = Connection(made.detach())
        self._turn = threading.Lock()

    def call(self, name: str, *arguments: Any) -> Any:
        """What the owner answers. Raises OwnerGone, and what the owner raised."""
        try:
            with self._turn:
                self._connection.send_bytes(pack([name, arguments]))
                told = unpack(self._connection.recv_bytes())
        except (OSError, EOFError) as error:
            raise OwnerGone(str(error)) from error
        if "error" in told:
            kind, *parts = told["error"]
            known = getattr(errors, kind, StoreError)
            raise known(*parts)
        return told["answer"]

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
