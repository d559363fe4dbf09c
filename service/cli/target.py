"""The Target of a batch: a file that appears under its name only when it is whole."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from miner.errors import InputError

Form = Literal["jsonl", "csv"]

_CHECK = "Name a file in a folder that you may write to."


@dataclass(frozen=True, slots=True)
class Target:
    """Where rows are written, and how. `path` None is stdout."""

    path: Path | None
    form: Form

    @classmethod
    def of(cls, path: Path | None, form: str | None = None, *, sources: list[Path]) -> Target:
        """The target, checked before any work is done.

        Args:
            path: the file; None is stdout.
            form: jsonl or csv; where missing, the file's ending decides.
            sources: files that are read, which must not be written over.

        Raises:
            InputError: there is no such format, or the file cannot be written there.
        """
        if form is None:
            form = "csv" if path is not None and path.suffix.lower() == ".csv" else "jsonl"
        if form not in ("jsonl", "csv"):
            raise InputError(f"format {form!r}", "there is no such format", "Use jsonl or csv.")
        if path is not None:
            _check(path, sources)
        return cls(path, "jsonl" if form == "jsonl" else "csv")

    @contextmanager
    def opened(self) -> Iterator[IO[str]]:
        """The file to write to; it gets its name when the block ends without an error."""
        if self.path is None:
            yield sys.stdout
            return
        with whole(self.path) as file:
            text = io.TextIOWrapper(file, "utf-8", newline="")
            yield text
            text.flush()
            text.detach()


def check_output(path: Path) -> None:
    """Raises InputError where a file cannot be written at this path."""
    _check(path, [])


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """The file to write bytes to; it gets its name when the block ends without an error."""
    if path.exists() and not path.is_file():
        # A device or pipe cannot be replaced, and has no half file to be afraid of.
        with _named(path, path), path.open("wb") as file:
            yield file
        return
    final = Path(os.path.realpath(path))
    part = final.with_name(f".{final.name[:200]}.{os.getpid()}.part")
    try:
        with _named(path, part):
            with part.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(final)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _named(path: Path, part: Path) -> Iterator[None]:
    """Errors name the target: a full disk names no file, and nobody asked for the part."""
    try:
        yield
    except OSError as error:
        if error.filename is None or str(error.filename) == str(part):
            error.filename = str(path)
        raise


def _check(path: Path, sources: list[Path]) -> None:
    if path.is_dir():
        raise InputError(str(path), "it is a folder", _CHECK)
    if path.exists() and not path.is_file():
        return
    folder = Path(os.path.realpath(path)).parent
    if not folder.is_dir():
        raise InputError(str(path), f"the folder {folder} does not exist", f"mkdir -p {folder}")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise InputError(str(path), "it cannot be written", _CHECK)
    if path.is_file() and any(source.is_file() and path.samefile(source) for source in sources):
        raise InputError(str(path), "it is read and written at once", "Name another output.")
