"""Room on the disk, asked for before the engine writes.

The engine maps its files into memory; where the file system gives blocks only as they are
written, a full disk then kills the process (SIGBUS), and no message is left. What was stored
before survives it, so the cure is to stop in time.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from miner.errors import StoreError

# In bytes. To open what is there takes a few small files; a batch of points takes less than this.
OPENING = 16 << 20
WRITING = 128 << 20


def need(folder: Path, room: int) -> None:
    """Raise StoreError where the disk of `folder`, which may not exist yet, has less than `room`
    bytes left."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    if free < room:
        raise StoreError(
            str(folder),
            f"its disk has {free >> 20} MB left, and {room >> 20} MB are needed",
            "Make room and run the same command again: what is stored is kept.",
        )


def taken(folder: Path) -> int:
    """Bytes that the files below `folder` have on the disk."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())
