"""The command line. Data goes to stdout, everything else to stderr; `--json` for programs."""

from __future__ import annotations

import io
import os
import sys

from service.cli.app import app_of

__all__ = ["app_of", "main"]


def main() -> None:
    """Run `miner`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # JSON is UTF-8 whatever the locale, and a file may be named in no encoding at all.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app_of(sys.argv[1:])()
    finally:
        _flush()


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Else the interpreter flushes once more as it ends, and says so on stderr.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
