"""Many clients at once; searches while documents are taken in, and while the graph is built."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from evaluation.speed.ingest import pdf_files
from evaluation.speed.many import real_store, workspace_of
from evaluation.speed.measure import Report, Times, memory
from evaluation.speed.questions import questions
from evaluation.speed.served import Asked, Service, clients, service
from miner.document import document_id, sha256_of
from miner.index.generations import Current, Generations
from miner.settings import Settings
from miner.store import Store
from service.workspace import SharedEncoder

# Some people who read what they found before they ask again.
_READERS = 4
_PAUSE = 0.25
# More than can be read meanwhile.
_PAGES = 1500
# Seconds that a graph may take to build beside the readers.
_LONGEST = 900.0


def measure(options: argparse.Namespace) -> Report:
    """A minute of load; then the same readers before and during an ingest."""
    report = Report(f"Load on one service: {options.clients} clients for {options.seconds:.0f} s")
    files, _ = pdf_files(options, _PAGES)
    with real_store(options.store) as store:
        _without(files, store)
        with service(store) as served:
            calm = _busy(report, options, served, store, files)
        graph = Generations(store / "index").current()
        if graph.graphed:
            _without(files, store)
            _rebuilt(report, store, files[0], calm)
    return report


def _busy(
    report: Report, options: argparse.Namespace, served: Service, store: Path, files: list[Path]
) -> float:
    """The load, and readers before, during and after an ingest; their p95 while it is calm."""
    served.ask("warm")
    asking = _Shared(questions([], []))
    clients(served, 4, 3, asking)
    busy = clients(served, options.clients, options.seconds, asking)
    _told(report, f"{options.clients} clients", busy)
    report.figures["answers per second"] = len(busy.seconds) / busy.lasted
    report.figures["memory of the service, MB"] = memory(served.process)[0]
    half = options.seconds / 2
    idle = clients(served, _READERS, half, asking, _PAUSE)
    _told(report, f"{_READERS} readers, nothing else", idle)
    during, lasted = _during(served, store, asking, half, files)
    _told(report, f"{_READERS} readers, during an ingest", during)
    after = clients(served, _READERS, half, asking, _PAUSE)
    _told(report, f"{_READERS} readers, nothing else again", after)
    report.figures["the ingest was under way for, s"] = lasted
    calm = Times.of([*idle.seconds, *after.seconds]).p95
    report.figures["p95 during ingest / p95 idle"] = Times.of(during.seconds).p95 / calm
    return calm


def _rebuilt(report: Report, store: Path, file: Path, calm: float) -> None:
    """The readers while the graph of the whole index is built anew and takes over.

    A document that is taken in has it begin, where the graph is noted to cover nothing.
    """
    generations = Generations(store / "index")
    before = generations.current()
    generations.switch(Current(before.folder, 0))
    with service(store) as served:
        served.ask("warm")
        asking = _Shared(questions([], []))
        clients(served, _READERS, 3, asking, _PAUSE)
        passages = served.passages()
        command = [sys.executable, "-m", "service.cli", "ingest", str(file), "--store", str(store)]
        environment = {**os.environ, "MINER_OCR": "off"}
        subprocess.run(command, capture_output=True, check=True, env=environment)
        begun, asked = time.perf_counter(), Asked()
        while generations.current().folder == before.folder:
            if time.perf_counter() - begun > _LONGEST:
                report.notes.append(f"the graph was not built within {_LONGEST:.0f} s")
                return
            some = clients(served, _READERS, 5, asking, _PAUSE)
            asked.seconds += some.seconds
            asked.errors += some.errors
        _told(report, f"{_READERS} readers, while the graph is built anew", asked)
        report.figures["the graph was built and took over after, s"] = time.perf_counter() - begun
        report.figures["p95 during the building / p95 idle"] = Times.of(asked.seconds).p95 / calm
        report.figures["passages more afterwards"] = served.passages() - passages


def _told(report: Report, name: str, asked: Asked) -> None:
    report.times[name] = Times.of(asked.seconds)
    report.figures[f"errors, {name}"] = len(asked.errors)
    if asked.errors:
        report.notes.append(f"{name}: {asked.errors[0]}")


def _during(
    served: Service, store: Path, asking: Iterator[str], seconds: float, files: list[Path]
) -> tuple[Asked, float]:
    """The readers while `miner ingest` takes files into the served store."""
    command = [sys.executable, "-m", "service.cli", "ingest", *map(str, files)]
    environment = {**os.environ, "MINER_OCR": "off"}
    begun = time.perf_counter()
    with subprocess.Popen(
        [*command, "--store", str(store)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as ingest:
        asked = clients(served, _READERS, seconds, asking, _PAUSE)
        lasted = time.perf_counter() - begun if ingest.poll() is None else float("nan")
        ingest.terminate()
    return asked, lasted


def _without(files: list[Path], folder: Path) -> None:
    """The store with nothing of these files, nor any vector that was kept."""
    encoder = SharedEncoder.of(Settings.from_environment())
    with Store.open(workspace_of(folder), encoder.id, encoder.dimension) as store:
        ids = [document_id(sha256_of(path.read_bytes())) for path in files]
        for item in store.documents(ids):
            store.delete(item.id)
        with store._database as database:
            database.execute("DELETE FROM vectors")


class _Shared(Iterator[str]):
    """An iterator for many threads."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source, self._lock = source, threading.Lock()

    def __next__(self) -> str:
        with self._lock:
            return next(self._source)
