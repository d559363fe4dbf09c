"""`python -m evaluation speed`: how fast it is, and at what cost in memory and disk.

Each part measures the product beside what it is compared with, in one run on the same cores,
and prints n, medians, 95th percentiles and ratios. Timings are of this machine, at this moment.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from evaluation import show
from evaluation.speed.measure import Report
from miner.errors import InputError

PARTS: Mapping[str, str] = {
    "search": "whole searches over many passages, recall of the index; local mode beside it",
    "ingest": "files end to end and once more, beside a plain pipeline",
    "encoding": "passages to vectors, beside sentence-transformers on torch",
    "cold": "from the start of `miner serve` to its first answer",
    "load": "32 clients for a minute; searches while documents are taken in",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    told = "; ".join(f"{name}: {summary}" for name, summary in PARTS.items())
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"what to measure (all). {told}")
    parser.add_argument(
        "--store", type=Path, help="store whose passages are measured with (the sample corpus)"
    )
    parser.add_argument(
        "--points", type=int, default=100_000, help="passages that are searched (100,000)"
    )
    parser.add_argument("--queries", type=int, default=300, help="searches that are timed (300)")
    parser.add_argument(
        "--local", type=int, default=0, help="also this many through qdrant-client's local mode"
    )
    parser.add_argument(
        "--recall", type=int, default=50, help="queries per filter for recall; 0 leaves it out"
    )
    parser.add_argument("--files", type=Path, nargs="*", help="files and folders that are ingested")
    parser.add_argument("--pages", type=int, default=150, help="at most so many of their pages")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of what is compared (3)")
    parser.add_argument("--seconds", type=float, default=60, help="length of the load (60)")
    parser.add_argument("--clients", type=int, default=32, help="clients at once (32)")
    parser.add_argument("--keep", type=Path, help="folder that keeps built stores between runs")
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")


def run(options: argparse.Namespace) -> None:
    """Measure the parts that were asked for, and print each as it is done."""
    unknown = [name for name in options.parts if name not in PARTS]
    if unknown:
        raise InputError(f"part {unknown[0]!r}", "there is none", f"Known: {', '.join(PARTS)}.")
    reports = []
    out = show.console()
    if not options.json:
        out.print(machine())
    for name in options.parts or PARTS:
        measure: Callable[[argparse.Namespace], Report] = import_module(
            f"evaluation.speed.{name}"
        ).measure
        report = measure(options)
        reports.append(report)
        if not options.json:
            report.print(out)
    if options.json:
        show.print_json({"machine": machine(), "reports": reports})


def machine() -> str:
    """The machine in words, and how busy others keep it."""
    name = "unknown processor"
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.partition(": ")[2] for line in lines if line.startswith("model name"))
        vectors = "AVX-512 VNNI" if any("avx512_vnni" in line for line in lines) else "no VNNI"
    except (OSError, StopIteration):
        vectors = "vector units unknown"
    return f"{os.cpu_count()} cores, {name}, {vectors}; load average {os.getloadavg()[0]:.1f}"
