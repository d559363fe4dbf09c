"""The Reader: one file at a time into a Document, if wanted in a process of its own."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from miner.document import Document
from miner.errors import MinerError, UnreadableDocument
from miner.parsing import ParseOptions, parse_bytes

# Longer than OCR of a thick volume takes; a parser that hangs must not stop the queue for good.
_PATIENCE = 1800.0


class Reader:
    """Parses. PDF libraries are not made for threads: calls take turns.

    isolated: a file that makes a parser crash or hang costs that file only. The process is
    started with the first file and kept.
    """

    def __init__(
        self, options: ParseOptions, *, isolated: bool = False, patience: float = _PATIENCE
    ) -> None:
        self.options = options
        self._isolated = isolated
        self._patience = patience
        self._turn = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._closed = False

    def read(self, data: bytes, name: str) -> Document:
        """The document in `data`. Raises what `parse_bytes` raises, and UnreadableDocument
        where the parser crashed or took too long."""
        with self._turn:
            if not self._isolated:
                return parse_bytes(data, name, options=self.options)
            answer = self._ask(data, name)
        if isinstance(answer, MinerError):
            raise answer
        return answer

    def _ask(self, data: bytes, name: str) -> Document | MinerError:
        pipe = self._running()
        try:
            pipe.send((data, name, self.options))
            if not pipe.poll(self._patience):
                self._stop()
                minutes = self._patience / 60
                return UnreadableDocument(
                    name, f"reading it took over {minutes:.0f} minutes", "Split the file."
                )
            answer: Document | MinerError = pipe.recv()
            return answer
        except (OSError, EOFError):
            closed = self._closed
            self._stop()
            cause = "the service is stopping" if closed else "the parser crashed on this file"
            return UnreadableDocument(
                name, cause, "Save it anew with another program and try again."
            )

    def _running(self) -> Connection:
        if self._closed:
            raise UnreadableDocument("reader", "the service is stopping", "Try again later.")
        if self._pipe is None or self._process is None or not self._process.is_alive():
            self._stop()
            # Torch's threads do not survive a fork.
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()
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

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _serve(pipe: Connection) -> None:
    """What the process does: parse, answer, until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    while True:
        try:
            data, name, options = pipe.recv()
        except (EOFError, OSError):
            return
        answer: Document | MinerError
        try:
            answer = parse_bytes(data, name, options=options)
        except MinerError as error:
            answer = error
        except Exception as error:  # one odd file must not cost the process
            answer = UnreadableDocument(
                name, f"the parser failed ({type(error).__name__})", "Give another copy of it."
            )
        try:
            pipe.send(answer)
        except OSError:
            return
