"""Files end to end: ours (parse, passages, tags, vectors, index) beside a plain pipeline, in whole
processes that take turns; then the same files once more."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pypdfium2

from evaluation.speed.many import workspace_of
from evaluation.speed.measure import Report, memory, timed
from miner.errors import InputError
from miner.ingest import collect
from service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Ran:
    """A process that ended well: what it printed, its seconds, and the most memory (MB) that it
    and its children took together, in all and without mapped files."""

    said: dict[str, Any]
    seconds: float
    most: float
    most_own: float


def measure(options: argparse.Namespace) -> Report:
    """Time both pipelines, and ours on what it knows already."""
    files, pages = pdf_files(options, options.pages)
    report = Report(f"Ingest of {len(files)} PDF files with {pages} pages, whole processes")
    ours, theirs, again = [], [], []
    with TemporaryDirectory(prefix="miner-speed-") as made:
        for number in range(options.rounds):
            plain, store = Path(made) / f"plain{number}", Path(made) / f"store{number}"
            theirs.append(_run("evaluation.speed.plain", [plain, *files]))
            ingest = ["ingest", *files, "--store", store, "--json"]
            ours.append(_run("service.cli", ingest))
            again.append(_run("service.cli", ingest))
        report.figures["the same once more, in an open store, s"] = _once_more(store, files)
    _compare(report, pages, ours, theirs, again)
    return report


def _compare(
    report: Report, pages: int, ours: list[Ran], theirs: list[Ran], again: list[Ran]
) -> None:
    def middle(numbers: Sequence[float]) -> float:
        return float(np.median(numbers))

    first, known = middle([r.seconds for r in ours]), middle([r.seconds for r in again])
    passages = ours[0].said["store"]["passages"]
    report.figures = {
        "rounds": len(ours),
        "ours, s": first,
        "ours, pages/s": pages / first,
        "ours, passages": passages,
        "ours, most memory, MB": max(r.most for r in ours),
        "ours, most memory without mapped files, MB": max(r.most_own for r in ours),
        "plain, s": middle([r.seconds for r in theirs]),
        "plain, pages/s": pages / middle([r.seconds for r in theirs]),
        "plain, chunks": theirs[0].said["chunks"],
        **{
            f"plain, of it {part}, s": middle([r.said[part] for r in theirs])
            for part in ("load", "read", "encode", "store")
        },
        "plain, most memory, MB": max(r.most for r in theirs),
        "pages/s, ours / plain, median of rounds": middle(
            [t.seconds / o.seconds for o, t in zip(ours, theirs, strict=True)]
        ),
        "the same once more, whole process, s": known,
        "first / once more, whole processes": first / known,
        **report.figures,
        "first / once more, without the process's start": first
        / float(report.figures["the same once more, in an open store, s"]),  # type: ignore[arg-type]
    }


def pdf_files(options: argparse.Namespace, most: int) -> tuple[list[Path], int]:
    """The PDF files to read, smallest first, and their pages in all, which are `most`."""
    root = Path(__file__).parents[2]
    beside = root.parent / "shared" / "corpus" / "cyber_pdf"
    named = options.files or [beside if beside.is_dir() else root / "corpus" / "sample"]
    found = [path for path in collect(named) if path.suffix.lower() == ".pdf"]
    chosen, pages = [], 0
    for path in sorted(found, key=lambda path: path.stat().st_size):
        with pypdfium2.PdfDocument(path) as pdf:
            count = len(pdf)
        if pages + count <= most:
            chosen.append(path)
            pages += count
    if not chosen:
        raise InputError(
            ", ".join(map(str, named)), f"no PDF of up to {most} pages", "Name --files."
        )
    return chosen, pages


def _run(module: str, arguments: Sequence[object]) -> Ran:
    # Without OCR, which the plain pipeline has not.
    environment = {**os.environ, "MINER_OCR": "off"}
    command = [sys.executable, "-m", module, *map(str, arguments)]
    begun = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        watch = _Watch(process.pid)
        out, err = process.communicate()
        watch.done.set()
    seconds = time.perf_counter() - begun
    if process.returncode not in (0, 1):
        raise InputError(module, f"it failed: {err[-500:]}", "See what it says.")
    return Ran(json.loads(out), seconds, *watch.most)


class _Watch(threading.Thread):
    """Looks at the memory of a process and its children five times a second."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process = process
        self.done = threading.Event()
        self.most = (0.0, 0.0)
        self.start()

    def run(self) -> None:
        while not self.done.wait(0.2):
            held = np.nansum([memory(p) for p in tree(self._process)], axis=0)
            self.most = (max(self.most[0], held[0]), max(self.most[1], held[1]))


def tree(process: int) -> list[int]:
    """A process and all that it started."""
    found = [process]
    for lists in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = lists.read_text().split()
        except OSError:
            continue
        for child in children:
            found += tree(int(child))
    return found


def _once_more(store: Path, files: list[Path]) -> float:
    # With the settings that the files were first read with, else they are read anew.
    settings = replace(workspace_of(store), ocr="off")
    with Workspace.open(settings) as workspace:
        ingester = workspace.ingester(workers=2)
        outcomes, seconds = timed(ingester.ingest, files)
        fresh = [o for o in outcomes if o.status not in ("unchanged", "duplicate", "refused")]
        assert not fresh, fresh
    return seconds
