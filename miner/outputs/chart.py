"""Charts as inline SVG, drawn for paper: no script, text as text, a title and a description."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from miner.coverage import Level
from miner.outputs.palette import BADGES, INK, LINE, PAPER, SOFT

_FONT = 'font-family="inherit"'
_LABEL = 310
_WIDTH = 680
_ROW = 22


@dataclass(frozen=True, slots=True)
class Bar:
    """A score with its interval, 0 to 1. sign: a letter that says what the bar alone does not."""

    label: str
    value: float
    low: float
    high: float
    colour: str
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """How many countries are at each level, of one concept."""

    label: str
    counts: tuple[tuple[Level, int], ...]


def bars(bars: Sequence[Bar], *, name: str, title: str, description: str) -> str:
    """Horizontal bars from 0 to 1 with their intervals. name: a unique id in the page."""
    left, right = _LABEL, _WIDTH - 60
    top = 24
    height = top + _ROW * len(bars) + 6
    parts = [_open(name, title, description, _WIDTH, height)]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = left + tick * (right - left)
        parts.append(
            f'<line x1="{x:.1f}" y1="{top - 4}" x2="{x:.1f}" y2="{height - 4}" stroke="{LINE}" '
            f'stroke-width="0.5" stroke-dasharray="1.5 2.5"/>'
            f'<text x="{x:.1f}" y="{top - 9}" font-size="9.5" fill="{SOFT}" '
            f'text-anchor="middle" {_FONT}>{tick:g}</text>'
        )
    for number, bar in enumerate(bars):
        y = top + number * _ROW
        middle = y + _ROW / 2
        x0, x1 = (left + end * (right - left) for end in (bar.low, bar.high))
        parts.append(
            _text(bar.label, left - 8, middle + 3.6, 10.5, anchor="end", most=56)
            + f'<rect x="{left}" y="{y + 4.5}" width="{bar.value * (right - left):.1f}" '
            f'height="{_ROW - 9}" fill="{bar.colour}"/>'
            + _whisker(x0, x1, middle, left + bar.value * (right - left))
            + _text(f"{bar.value:.2f} {bar.sign}".strip(), right + 8, middle + 3.6, 10.5)
        )
    return "".join([*parts, "</svg>"])


def _whisker(x0: float, x1: float, y: float, end: float) -> str:
    """The interval: light on the bar, dark beyond it."""
    inside = min(max(end, x0), x1)
    return "".join(
        f'<line x1="{a:.1f}" y1="{y}" x2="{b:.1f}" y2="{y}" stroke="{colour}" stroke-width="1.6"/>'
        for a, b, colour in ((x0, inside, PAPER), (inside, x1, INK))
        if b > a
    ) + "".join(
        f'<line x1="{x:.1f}" y1="{y - 4}" x2="{x:.1f}" y2="{y + 4}" '
        f'stroke="{PAPER if x < end else INK}" stroke-width="1.6"/>'
        for x in (x0, x1)
    )


def stacks(stacks: Sequence[Stack], *, name: str, title: str, description: str) -> str:
    """One bar per concept, of as many squares as there are countries, by level."""
    left, right = _LABEL, _WIDTH - 10
    height = _ROW * len(stacks) + 6
    parts = [_open(name, title, description, _WIDTH, height)]
    for number, stack in enumerate(stacks):
        y = number * _ROW
        total = sum(count for _, count in stack.counts) or 1
        x: float = left
        parts.append(_text(stack.label, left - 8, y + _ROW / 2 + 3.6, 10.5, anchor="end", most=56))
        for level, count in stack.counts:
            if not count:
                continue
            badge = BADGES[level]
            width = count / total * (right - left)
            parts.append(
                f'<rect x="{x:.1f}" y="{y + 3}" width="{width:.1f}" height="{_ROW - 6}" '
                f'fill="{badge.ground}" stroke="{LINE}" stroke-width="0.6"/>'
            )
            if width >= 14:
                parts.append(
                    f'<text x="{x + width / 2:.1f}" y="{y + _ROW / 2 + 3.6}" font-size="9.5" '
                    f'fill="{badge.ink}" text-anchor="middle" {_FONT}>'
                    f"{badge.sign + ' ' if width >= 30 else ''}{count}</text>"
                )
            x += width
    return "".join([*parts, "</svg>"])


def _open(name: str, title: str, description: str, width: float, height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{name}-title {name}-description" class="chart">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-description">{escape(description)}</desc>'
    )


def _text(
    text: str, x: float, y: float, size: float, *, anchor: str = "start", most: int = 200
) -> str:
    shown = wrap(text, most)[0] + "…" if len(text) > most else text
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{INK}" '
        f'text-anchor="{anchor}" {_FONT}>{escape(shown)}</text>'
    )
