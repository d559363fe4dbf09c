"""Colours of reports.

Every pair of ink and ground has a contrast of 4.5 and more (WCAG 2.2, 1.4.3), lines and marks 3
and more (1.4.11), and no meaning is told by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from miner.coverage import Level

INK = "#14242e"
SOFT = "#4a5a64"
LINE = "#7b8a93"
PAPER = "#ffffff"
ACCENT = "#0b4f6c"
CAUTION = "#7a3b00"


@dataclass(frozen=True, slots=True)
class Badge:
    """How a level is shown: its letter, its name, ink on ground."""

    sign: str
    name: str
    ink: str
    ground: str


BADGES: dict[Level, Badge] = {
    Level.COMMITTED: Badge("C", "committed", PAPER, ACCENT),
    Level.DESCRIBED: Badge("D", "described", INK, "#9cc9e3"),
    Level.LIKELY: Badge("L", "likely addressed", INK, "#dcebf4"),
    Level.UNCLEAR: Badge("?", "could not be read", INK, "#e9e3d5"),
    Level.ABSENT: Badge("–", "nothing found", SOFT, PAPER),
}
GROUPS = ("#0b4f6c", "#6b4c9a", "#2f6b3a", "#8a4b08", "#8c2f4b", "#3f5a73")


def group_colour(number: int) -> str:
    """The colour of the bars of a framework's group, by its place."""
    return GROUPS[number % len(GROUPS)]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (#rrggbb), 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
