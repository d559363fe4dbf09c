"""What the tests of the command line share."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Quick to read: Markdown, text and HTML, in two organisations.
NAMES = (
    "fjellmar-2020-policy.md",
    "ismora-2012-decree.txt",
    "ismora-2021-strategy.html",
    "vintervald-2013-strategy.md",
)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


Miner = Callable[..., Ran]


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
