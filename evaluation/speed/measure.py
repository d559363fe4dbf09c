"""Figures of time and memory, and the report they are printed in."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from rich.console import Console

from evaluation import show
from miner.index.space import taken

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Times:
    """Some durations: how many, their median and 95th and 99th percentile and maximum, in
    milliseconds."""

    n: int
    median: float
    p95: float
    p99: float
    most: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Times:
        """From durations in seconds."""
        if not seconds:
            return cls(0, *[float("nan")] * 4)
        ms = np.asarray(seconds) * 1e3
        return cls(len(ms), *(float(np.percentile(ms, p)) for p in (50, 95, 99, 100)))


def timed(call: Callable[..., _T], *arguments: Any) -> tuple[_T, float]:
    """What a call gives, and the seconds it takes."""
    begun = time.perf_counter()
    answer = call(*arguments)
    return answer, time.perf_counter() - begun


def memory(process: int | None = None) -> tuple[float, float]:
    """Resident memory of a process in MB: all of it, and the part that is not mapped files."""
    try:
        text = Path(f"/proc/{process or os.getpid()}/status").read_text()
    except OSError:
        text = ""
    # One that has ended, and that nobody has buried, has no memory.
    lines = (line.split(":", 1) for line in text.splitlines() if ":" in line)
    found = {parts[0]: parts[1] for parts in lines}
    whole, own = (found.get(name, "nan").split()[0] for name in ("VmRSS", "RssAnon"))
    return float(whole) / 1024, float(own) / 1024


def disk(folder: Path) -> float:
    """Megabytes that a folder takes on disk."""
    return taken(folder) / 1e6


@dataclass(slots=True)
class Report:
    """What one part measured: tables of text, and the figures for programs."""

    title: str
    figures: dict[str, object] = field(default_factory=dict)
    times: dict[str, Times] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def print(self, out: Console) -> None:
        """For people."""
        if self.times:
            rows = [
                (name, f"{t.n:,}", *(f"{v:,.1f}" for v in (t.median, t.p95, t.p99, t.most)))
                for name, t in self.times.items()
            ]
            columns = ("milliseconds", "n", "median", "p95", "p99", "most")
            out.print(show.table(self.title, columns, rows))
        if self.figures:
            rows_ = [(name, _shown(value)) for name, value in self.figures.items()]
            out.print(show.table("" if self.times else self.title, ("", "value"), rows_))
        for note in self.notes:
            out.print(note)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.3f}" if abs(value) < 10 else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
