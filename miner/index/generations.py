"""The folders of the embedded index: one is current, the next may be under construction.

`index.json` beside them names the current one. It is replaced in one step, so that a kill at any
moment leaves the old folder or the new one in charge, and what else lies there is litter.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from miner.errors import StoreError


@dataclass(frozen=True, slots=True)
class Current:
    """The folder in charge, and how many of its points a graph was built over."""

    folder: Path
    graphed: int


@dataclass(frozen=True, slots=True)
class Generations:
    """`base` is the first folder; the later ones are named `base.1`, `base.2` and so on."""

    base: Path

    def current(self) -> Current:
        """The folder in charge. Raises StoreError where the note of it is broken."""
        try:
            noted = json.loads(self._note.read_text("utf-8"))
            return Current(self.base.with_name(str(noted["folder"])), int(noted["graphed"]))
        except FileNotFoundError:
            return Current(self.base, 0)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(
                str(self._note),
                f"it does not say which index is current ({error})",
                "Delete it together with the index folders: the index is then built anew.",
            ) from error

    def next(self) -> Path:
        """A folder for the next generation, which is not there yet."""
        taken = [self.base.name, *(p.name for p in self.base.parent.glob(f"{self.base.name}.*"))]
        numbers = [int(end) for end in (n.rpartition(".")[2] for n in taken) if end.isdecimal()]
        return self.base.with_name(f"{self.base.name}.{max(numbers, default=0) + 1}")

    def switch(self, to: Current) -> None:
        """Put another folder in charge, durably. Raises OSError."""
        made = self._note.with_suffix(".part")
        with made.open("w", encoding="utf-8") as file:
            json.dump({"folder": to.folder.name, "graphed": to.graphed}, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(made, self._note)
        beside = os.open(self.base.parent, os.O_RDONLY)
        try:
            os.fsync(beside)
        finally:
            os.close(beside)

    def sweep(self) -> None:
        """Drop every folder but the current one."""
        kept = self.current().folder
        for folder in (self.base, *self.base.parent.glob(f"{self.base.name}.*")):
            if folder != kept and folder.is_dir():
                shutil.rmtree(folder, ignore_errors=True)

    @property
    def _note(self) -> Path:
        return self.base.with_name(f"{self.base.name}.json")


def copied(source: Path, target: Path) -> None:
    """Copy a folder; where the file system can, without copying its blocks. Raises OSError."""
    target.mkdir()
    for path in sorted(source.rglob("*")):
        to = target / path.relative_to(source)
        if path.is_dir():
            to.mkdir()
        else:
            _copied(path, to)


def _copied(source: Path, target: Path) -> None:
    with source.open("rb") as reading, target.open("wb") as writing:
        left = os.fstat(reading.fileno()).st_size
        try:
            while left:
                done = os.copy_file_range(reading.fileno(), writing.fileno(), left)
                if not done:
                    return
                left -= done
        except OSError:
            # Not every pair of file systems can.
            reading.seek(0)
            writing.truncate(0)
            writing.seek(0)
            shutil.copyfileobj(reading, writing, 1 << 20)
