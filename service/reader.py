"""The Reader: one file at a time into a Document, if wanted in a process of its own."""

from __future__ import annotations

import threading

from miner.document import Document
from miner.errors import MinerError, UnreadableDocument
from miner.parser import TIME_LIMIT, Parser
from miner.parsing import ParseOptions, parse_bytes


class Reader:
    """Parses. PDF libraries are not made for threads: calls take turns.

    isolated: a file that makes a parser crash or hang costs that file only. The process is
    started with the first file and kept.
    """

    def __init__(
        self, options: ParseOptions, *, isolated: bool = False, patience: float = TIME_LIMIT
    ) -> None:
        self.options = options
        self._turn = threading.Lock()
        self._parser = Parser(_parse, patience) if isolated else None

    def read(self, data: bytes, name: str) -> Document:
        """The document in `data`. Raises what `parse_bytes` raises, and UnreadableDocument
        where the parser crashed or took too long."""
        if self._parser is None:
            with self._turn:
                return parse_bytes(data, name, options=self.options)
        answer = self._parser.read(name, data, name, self.options)
        if isinstance(answer, MinerError):
            raise answer
        return answer

    def close(self) -> None:
        """Give up whatever is being read, and the process."""
        if self._parser is not None:
            self._parser.close()

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _parse(data: bytes, name: str, options: ParseOptions) -> Document | MinerError:
    try:
        return parse_bytes(data, name, options=options)
    except MinerError as error:
        return error
    except Exception as error:  # one odd file must not cost the process
        return UnreadableDocument(
            name, f"the parser failed ({type(error).__name__})", "Give another copy of it."
        )
