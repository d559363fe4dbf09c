"""The embedded index for all processes of a machine: the first owns its folder, others ask it.

The owner holds a lock on the file `owner` and listens at a socket that the file names. When it
ends, the next that calls takes its place, so whoever came later goes on without noticing.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from miner.errors import StoreError, StoreLocked
from miner.index.owned import OwnedIndex
from miner.index.schema import Candidate, Filter, Leg, Point, Scored
from miner.index.wire import Caller, Door, OwnerGone

# An owner that just got the lock needs a moment before it listens.
_PATIENCE = 10.0
_BATCH = 32


class SharedIndex:
    """An Index in `folder`/index, in this process or in the one that owns it."""

    exclusive = True

    def __init__(self, folder: Path, dimension: int) -> None:
        """Open it, or make one. Raises StoreLocked where the owner does not answer, and what
        `EdgeIndex.open` raises."""
        self._folder = folder
        self._dimension = dimension
        self._attaching = threading.Lock()
        self._owned: OwnedIndex | None = None
        self._caller: Caller | None = None
        self._door: Door | None = None
        self._lock: IO[str] | None = None
        self._attach()

    @property
    def owner(self) -> bool:
        """Whether it is this process that has the folder."""
        return self._owned is not None

    @property
    def suspect(self) -> bool:
        """Whether the last owner ended without closing."""
        return self._owned is not None and self._owned.suspect

    def _attach(self) -> None:
        until = time.monotonic() + _PATIENCE
        while True:
            lock = _locked(self._folder)
            if lock is not None:
                self._own(lock)
                return
            pid, path = _owner(self._folder)
            if path is not None:
                try:
                    self._caller = Caller(path)
                    return
                except OwnerGone:
                    pass  # it ended just now, or is about to listen
            if time.monotonic() > until:
                raise StoreLocked(
                    str(self._folder),
                    f"another process (pid {pid}) has this store open and does not answer",
                    "Stop it, or wait for it.",
                )
            time.sleep(0.05)

    def _own(self, lock: IO[str]) -> None:
        door = None
        try:
            door = Door(self._folder)
            lock.truncate(0)
            lock.write(json.dumps({"pid": os.getpid(), "socket": str(door.path)}))
            lock.flush()
            self._owned = OwnedIndex(self._folder / "index", self._dimension)
        except BaseException:
            if door is not None:
                door.close()
            lock.close()
            raise
        self._lock, self._door = lock, door
        door.open(self._answer)

    def _answer(self, name: str, arguments: list[Any]) -> Any:
        if name not in _CALLS:
            raise StoreError("index", f"there is no call {name!r}", "Use one version of miner.")
        return self._call(name, *arguments)

    def _call(self, name: str, *arguments: Any) -> Any:
        while True:
            owned, caller = self._owned, self._caller
            if owned is not None:
                if name in _WRITES:
                    return getattr(owned, name)(*arguments)
                with owned.reading() as edge:
                    return getattr(edge, name)(*arguments)
            assert caller is not None
            try:
                return caller.call(name, *arguments)
            except OwnerGone:
                # Calls may be made twice: to store or drop the same again changes nothing.
                self._attach_again(caller)

    def _attach_again(self, gone: Caller) -> None:
        with self._attaching:
            if self._owned is None and self._caller is gone:
                gone.close()
                self._attach()

    def upsert(self, points: Iterable[Point]) -> None:
        """See `Index.upsert`."""
        rows = iter(points)
        while batch := list(islice(rows, _BATCH)):
            self._call("upsert", batch)

    def delete(self, revision: str) -> None:
        """See `Index.delete`."""
        self._call("delete", revision)

    def search(self, legs: Sequence[Leg], where: Filter, limit: int, k: int = 60) -> list[Scored]:
        """See `Index.search`."""
        found: list[Scored] = self._call("search", legs, where, limit, k)
        return found

    def weigh(self, legs: Sequence[Leg], where: Filter) -> list[Candidate]:
        """See `Index.weigh`."""
        found: list[Candidate] = self._call("weigh", legs, where)
        return found

    def best(
        self, legs: Sequence[Leg], where: Filter, mix: Mapping[str, float], limit: int
    ) -> list[Scored]:
        """See `Index.best`."""
        found: list[Scored] = self._call("best", legs, where, dict(mix), limit)
        return found

    def facet(self, name: str, where: Filter, limit: int = 300) -> Mapping[str, int]:
        """See `Index.facet`."""
        found: Mapping[str, int] = self._call("facet", name, where, limit)
        return found

    def count(self, where: Filter) -> int:
        """See `Index.count`."""
        return int(self._call("count", where))

    def vectors(self, passages: Sequence[str], where: Filter) -> dict[str, NDArray[np.float32]]:
        """See `Index.vectors`."""
        found: dict[str, NDArray[np.float32]] = self._call("vectors", passages, where)
        return found

    def revisions(self) -> dict[str, int]:
        """See `Index.revisions`."""
        found: dict[str, int] = self._call("revisions")
        return found

    def tidy(self) -> None:
        """See `Index.tidy`."""
        self._call("tidy")

    def optimize(self) -> None:
        """See `Index.optimize`."""
        self._call("optimize")

    def flush(self) -> None:
        """See `Index.flush`."""
        self._call("flush")

    def close(self) -> None:
        """Let go of the folder, or hang up."""
        if self._caller is not None:
            self._caller.close()
        if self._door is not None and self._owned is not None and self._lock is not None:
            # Whoever is sent away waits for the lock, and then takes the folder over.
            self._door.close()
            self._owned.close()
            self._lock.close()


_WRITES = frozenset({"upsert", "delete", "tidy", "optimize", "flush"})
_CALLS = _WRITES | {"search", "weigh", "best", "facet", "count", "vectors", "revisions"}


def _locked(folder: Path) -> IO[str] | None:
    """The lock of the owner, or None where another process holds it. Raises StoreError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "owner").open("a+")
    except OSError as error:
        raise StoreError(
            str(folder), f"the folder cannot be used ({error})", "Choose another with --store."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def _owner(folder: Path) -> tuple[str, Path | None]:
    """The owner's process id and socket, as far as it has told them."""
    try:
        told = json.loads((folder / "owner").read_text("utf-8"))
        return str(told["pid"]), Path(told["socket"])
    except (OSError, ValueError, KeyError, TypeError):
        return "unknown", None
