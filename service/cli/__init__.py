"""The command line. Data goes to stdout, everything else to stderr; `--json` for programs."""

from __future__ import annotations

import sys

from miner.errors import MinerError
from service.cli.app import app
from service.cli.output import complain

__all__ = ["app", "main"]


def main() -> None:
    """Run `miner`; an expected error is one message on stderr and exit status 2."""
    try:
        app()
    except MinerError as error:
        complain(error)
        sys.exit(2)
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        sys.stderr.close()
        sys.exit(0)
