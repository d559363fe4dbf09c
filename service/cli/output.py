"""What the command line prints: records to stdout, people's messages to stderr."""

from __future__ import annotations

import json
import sys
from typing import Any

from rich.console import Console

from miner import records
from miner.errors import MinerError

messages = Console(stderr=True, highlight=False)
answers = Console(highlight=False, soft_wrap=True)


def complain(error: MinerError) -> None:
    """Say what is wrong, why, and what to do next."""
    messages.print("error:", style="bold red", end=" ")
    messages.print(f"{error.what}: {error.cause}.", markup=False)
    messages.print(f"       {error.next_step}", markup=False)


def print_json(value: Any) -> None:
    """One JSON document on stdout, from domain objects or plain records."""
    sys.stdout.write(json.dumps(records.as_record(value), ensure_ascii=False, indent=2) + "\n")


def print_text(text: str = "", style: str | None = None) -> None:
    """A line of an answer for people."""
    answers.print(text, style=style, markup=False)
