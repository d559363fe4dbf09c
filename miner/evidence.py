"""Evidence: the words of a text that something rests on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a text: `text[start:end] == quote` (code points of the passage's text)."""

    start: int
    end: int
    quote: str
