"""The embedded index in the process that has its folder, with what keeps it fast.

Beyond some 20,000 points a graph is needed. It is built on a copy of the folder by another
process, while this one goes on answering and writing; then the points written meanwhile are
carried over and the copy takes the folder's place.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from miner.errors import StoreError
from miner.index import space
from miner.index.edge import EdgeIndex
from miner.index.generations import Current, Generations, copied
from miner.index.schema import Point

_log = logging.getLogger(__name__)

# So many points without a graph are looked at one by one in 3 ms.
UNGRAPHED = 20_000
# A large index is not built anew for a smaller part of it.
_SHARE = 0.1
_BATCH = 32
# The log of writes survives a kill; it is written out to files every so many points.
_FLUSHED = 5_000


class _Shard:
    """A shard and how many calls are in it."""

    def __init__(self, edge: EdgeIndex) -> None:
        self.edge = edge
        self.calls = 0


class OwnedIndex:
    """An EdgeIndex for many threads that is optimised without stopping."""

    def __init__(self, base: Path, dimension: int) -> None:
        self._base = base
        self._generations = Generations(base)
        self._dimension = dimension
        self._generations.sweep()
        current = self._generations.current()
        self._marker = base.with_name(f"{base.name}.open")
        # Whether the last owner ended without closing: what it wrote may not be whole.
        self.suspect = self._marker.exists()
        self._shard = _Shard(EdgeIndex.open(current.folder, dimension))
        self._marker.touch()
        self._graphed = current.graphed
        self._writing = threading.RLock()
        self._changed = threading.Condition()
        self._touched: set[str] | None = None
        self._unflushed = 0
        self._builder: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._closing = False

    @contextmanager
    def reading(self) -> Iterator[EdgeIndex]:
        """The shard, which stays open until the block ends."""
        with self._changed:
            shard = self._shard
            shard.calls += 1
        try:
            yield shard.edge
        finally:
            with self._changed:
                shard.calls -= 1
                self._changed.notify_all()

    def upsert(self, points: Iterable[Point]) -> None:
        """See `Index.upsert`."""
        rows = iter(points)
        while batch := list(islice(rows, _BATCH)):
            with self._write():
                space.need(self._base, space.WRITING)
                self._touch({str(point.payload["revision"]) for point in batch})
                self._shard.edge.upsert(batch)
                self._unflushed += len(batch)
                if self._unflushed >= _FLUSHED:
                    self.flush()

    def delete(self, revision: str) -> None:
        """See `Index.delete`."""
        with self._write():
            # Little is asked for: deleting is how room is made.
            space.need(self._base, space.OPENING)
            self._touch({revision})
            self._shard.edge.delete(revision)

    @contextmanager
    def _write(self) -> Iterator[None]:
        """Alone; what the engine meets with is a StoreError."""
        with self._writing:
            try:
                yield
            except Exception as error:
                if type(error) is not Exception:  # the binding raises bare Exception
                    raise
                raise StoreError(
                    str(self._base),
                    f"the index could not be written ({error})",
                    "Check the space on its disk and run the same command again: what is stored "
                    "is kept.",
                ) from error

    def _touch(self, revisions: set[str]) -> None:
        if self._touched is not None:
            self._touched |= revisions

    def flush(self) -> None:
        """See `Index.flush`."""
        with self._write():
            self._shard.edge.flush()
            self._unflushed = 0

    def optimize(self) -> None:
        """Build the graph now if it is due, and wait for it."""
        self.tidy()
        builder = self._builder
        if builder is not None:
            builder.join()

    def tidy(self, least: int = UNGRAPHED) -> None:
        """Begin to build the graph where `least` points and more have none."""
        with self._write():
            if self._closing or (self._builder is not None and self._builder.is_alive()):
                return
            points = self._shard.edge.size
            if points - self._graphed < max(least, int(points * _SHARE)):
                return
            self._builder = threading.Thread(target=self._build, name="builder", daemon=True)
            self._builder.start()

    def _build(self) -> None:
        folder = self._generations.next()
        try:
            with self._write():
                self._touched = set()
                self.flush()
                points = self._shard.edge.size
                # The copy, and as much again for what is built in it.
                room = 2 * space.taken(self._generations.current().folder) + space.WRITING
                space.need(folder, room)
                copied(self._generations.current().folder, folder)
            if self._optimized(folder):
                self._swap(Current(folder, points))
        except (OSError, StoreError) as error:
            # What is there goes on to answer, only slower.
            _log.warning("the index was not optimised: %s", error)
        finally:
            self._touched = None
            if not self._closing:
                self._generations.sweep()

    def _optimized(self, folder: Path) -> bool:
        command = [sys.executable, "-m", "miner.index.build", str(folder), str(self._dimension)]
        with self._changed:
            if self._closing:
                return False
            self._process = subprocess.Popen(
                [*command, str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        _, said = self._process.communicate()
        if self._process.returncode and not self._closing:
            _log.warning("the index was not optimised: %s", said.decode(errors="replace")[-500:])
        return self._process.returncode == 0

    def _swap(self, to: Current) -> None:
        """Put the copy in charge, with what was written meanwhile."""
        with self._write():
            if self._closing:
                return
            old, fresh = self._shard, EdgeIndex.open(to.folder, self._dimension)
            try:
                for revision in sorted(self._touched or ()):
                    fresh.delete(revision)
                    old.edge.copy(revision, fresh)
                fresh.flush()
                self._generations.switch(to)
            except BaseException:
                fresh.close()
                raise
            self._graphed = to.graphed
            with self._changed:
                self._shard = _Shard(fresh)
                self._changed.wait_for(lambda: not old.calls)
            old.edge.close()

    def close(self) -> None:
        """Make everything durable and let go of the folder; a graph half built is dropped."""
        with self._changed:
            if self._closing:
                return
            self._closing = True
            if self._process is not None and self._process.poll() is None:
                self._process.kill()
        builder = self._builder
        if builder is not None:
            builder.join()
        with self._write():
            self._shard.edge.close()
        self._marker.unlink(missing_ok=True)
