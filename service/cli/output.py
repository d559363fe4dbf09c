"""What the command line prints: records to stdout, people's messages to stderr."""

from __future__ import annotations

import errno
import json
import re
import sys
from typing import Any

from rich.console import Console

from miner import records
from miner.errors import MinerError


class _Answers(Console):
    def on_broken_pipe(self) -> None:
        # Rich would exit with 1, which says that some input was refused.
        raise BrokenPipeError(errno.EPIPE, "nobody reads the answer")


messages = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)
answers = _Answers(highlight=False, emoji=False, soft_wrap=True)

# A document's text must not move the cursor or colour the terminal.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def complain(error: MinerError) -> None:
    """Say what is wrong, why, and what to do next."""
    messages.print("error:", style="bold red", end=" ")
    messages.print(_plain(_sentence(f"{error.what}: {error.cause}")), markup=False)
    messages.print(_plain(_sentence(f"       {error.next_step}")), markup=False)


def print_json(value: Any) -> None:
    """One JSON document on stdout, from domain objects or plain records."""
    sys.stdout.write(json.dumps(records.as_record(value), ensure_ascii=False, indent=2) + "\n")


def print_text(text: str = "", style: str | None = None) -> None:
    """A line of an answer for people."""
    answers.print(_plain(text), style=style, markup=False)


def note(text: str) -> None:
    """A line for people beside the answer."""
    messages.print(_plain(text), style="dim", markup=False)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _plain(text: str) -> str:
    return _CONTROLS.sub("�", text)
