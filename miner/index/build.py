"""Builds the graph of an index in a process of its own: `python -m miner.index.build FOLDER`.

FOLDER is a copy that nobody else has open. Building holds the GIL for minutes, hence the process.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

from miner.index.edge import EdgeIndex

# Searches and encoding go before it.
_NICE = 15
_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Optimise the shard in the folder named; status 0 where it is whole and closed."""
    folder, dimension, parent = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    os.nice(_NICE)
    _end_with(parent)
    index = EdgeIndex.open(folder, dimension, anew=True)
    index.optimize()
    index.flush()
    index.close()


def _end_with(parent: int) -> None:
    """Die with whoever started this, by whatever end: a copy alone is of no use to anybody.

    A thread could not see to it, for the engine lets none run while it builds.
    """
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        return  # no Linux: the copy is then built to the end, and swept at the next opening
    if os.getppid() != parent:
        sys.exit(1)


if __name__ == "__main__":
    main()
