"""The Parser: files into Documents in processes of their own, which may crash or hang.

That costs the file only: the process is ended, the file is refused by name, and the next file
gets a fresh process.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import Any

from miner.document import Document
from miner.errors import MinerError, UnreadableDocument

# Seconds. Longer than OCR of a thick volume takes: a parser that hangs must not stop a batch for
# good, and one that works must not be stopped.
TIME_LIMIT = 1800.0

_START = 300.0

Parse = Callable[..., Document | MinerError]


class Parser:
    """One process that parses, started with the first file and kept. Calls take turns."""

    def __init__(self, parse: Parse, limit: float = TIME_LIMIT) -> None:
        """`parse` is what the process runs: a function of a module, so that it can be found
        there. `limit` is in seconds per file."""
        self._parse = parse
        self._limit = limit
        self._turn = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection[Any, Any] | None = None
        self._closed = False

    def read(self, name: str, *arguments: Any) -> Document | MinerError:
        """What `parse(*arguments)` gives, and an error that names the file where it crashed,
        failed or took too long."""
        with self._turn:
            try:
                pipe = self._running()
                pipe.send(arguments)
                if not pipe.poll(self._limit):
                    self._stop()
                    return UnreadableDocument(
                        name,
                        f"reading it took over {_spoken(self._limit)}",
                        "Split the file, or give it more time (`miner ingest --time-limit`).",
                    )
                answer: Document | MinerError = pipe.recv()
                return answer
            except (OSError, EOFError):
                self._stop()
                if self._closed:
                    return UnreadableDocument(name, "reading was stopped", "Give it again.")
                return UnreadableDocument(
                    name,
                    "the parser crashed on this file",
                    "Save it anew with another program and try again.",
                )

    def _running(self) -> Connection[Any, Any]:
        if self._closed:
            raise EOFError
        if self._pipe is None or self._process is None or not self._process.is_alive():
            self._stop()
            # Torch's threads do not survive a fork.
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs, self._parse), daemon=True)
            self._process.start()
            theirs.close()
            # On a busy machine the start may take longer than a file; it does not count.
            if not self._pipe.poll(_START):
                raise EOFError
            self._pipe.recv()
        return self._pipe

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
        """Give up whatever is being read, and the process."""
        self._closed = True
        process = self._process
        if process is not None and self._turn.locked():
            process.kill()  # wakes the thread that waits for it
        with self._turn:
            self._stop()


class Parsers:
    """Several Parsers that share the work."""

    def __init__(self, number: int, parse: Parse, limit: float = TIME_LIMIT) -> None:
        self._parsers = [Parser(parse, limit) for _ in range(number)]
        self._idle: SimpleQueue[Parser] = SimpleQueue()
        for parser in self._parsers:
            self._idle.put(parser)
        self._threads = ThreadPoolExecutor(number, thread_name_prefix="parser")

    def submit(self, name: str, *arguments: Any) -> Future[Document | MinerError]:
        """`Parser.read`, as soon as one is free."""
        return self._threads.submit(self._read, name, *arguments)

    def _read(self, name: str, *arguments: Any) -> Document | MinerError:
        parser = self._idle.get()
        try:
            return parser.read(name, *arguments)
        finally:
            self._idle.put(parser)

    def close(self) -> None:
        """Give up whatever is being read, and the processes."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for parser in self._parsers:
            parser.close()
        self._threads.shutdown()


def _spoken(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:g} seconds"


def _serve(pipe: Connection[Any, Any], parse: Parse) -> None:
    """What the process does: parse, answer, until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    threading.Thread(target=_end_with_parent, daemon=True).start()
    pipe.send("ready")
    while True:
        try:
            arguments = pipe.recv()
        except (EOFError, OSError):
            return
        answer = parse(*arguments)
        try:
            pipe.send(answer)
        except OSError:
            return


def _end_with_parent() -> None:
    # A parser in the midst of a file would outlive a kill of the parent.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
