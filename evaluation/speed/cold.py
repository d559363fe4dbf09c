"""From the start of `miner serve` to its first answer to a search."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from evaluation.speed.many import real_store
from evaluation.speed.measure import Report, Times, memory
from evaluation.speed.served import service

_QUESTION = "who must report incidents, and to whom"


def measure(options: argparse.Namespace) -> Report:
    """Start it several times; the files it reads are in the system's cache after the first."""
    report = Report("Cold start of the service")
    live, first, torch = [], [], 0
    with real_store(options.store) as store:
        for _ in range(max(options.rounds, 1)):
            with service(store) as served:
                live.append(time.perf_counter() - served.begun)
                status, body = served.ask(_QUESTION)
                first.append(time.perf_counter() - served.begun)
                assert status == 200, body
                maps = Path(f"/proc/{served.process}/maps").read_text()
                torch += "libtorch" in maps
                report.figures["memory after the first answer, MB"] = memory(served.process)[0]
    report.times["it listens after"] = Times.of(live)
    report.times["first answer after"] = Times.of(first)
    report.figures["starts in which torch was loaded"] = torch
    return report
