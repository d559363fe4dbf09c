"""`miner ingest`: files and folders into the store."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from miner.catalogue.manifest import Manifest, read_manifest
from miner.errors import InputError
from miner.ingest import Outcome, collect, source_of
from miner.parser import TIME_LIMIT
from service.cli.options import JsonOption, ModelOption, StoreOption, settings
from service.cli.output import messages, note, print_json, print_text
from service.workspace import Workspace

_NICE = 10


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ingest")(ingest)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.", metavar="PATH...")],
    manifest: Annotated[
        Path | None,
        typer.Option(help="Catalogue of the files (TSV or CSV); found by itself in a folder."),
    ] = None,
    workers: Annotated[int, typer.Option(help="Processes that parse.", min=0, max=64)] = 2,
    time_limit: Annotated[
        float, typer.Option(help="Seconds that reading one file may take.", min=1)
    ] = TIME_LIMIT,
    store: StoreOption = None,
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read documents, tag and index them. Unchanged files are skipped, bad ones reported.

    Exit status: 0 if every file was taken or is there already, 1 if some were refused.
    """
    files = collect(paths)
    if not files:
        named = ", ".join(map(str, paths))
        raise InputError(named, "there are no documents in it", "Name files, or a folder of them.")
    catalogue = _catalogue(manifest, paths)
    with Workspace.open(settings(store, model)) as workspace, _Bar(files) as bar:
        if not workspace.store.owner:
            # A service answers people from this store: it goes first.
            os.nice(_NICE)
        ingester = workspace.ingester(manifest=catalogue, workers=workers, time_limit=time_limit)
        outcomes = ingester.ingest(files, bar)
        documents, passages = workspace.store.counts()
        if workspace.store.owner:
            bar.say("optimising the index")
            workspace.store.index.optimize()
    refused = [outcome for outcome in outcomes if outcome.status == "refused"]
    if as_json:
        print_json({"outcomes": outcomes, "store": {"documents": documents, "passages": passages}})
    else:
        _summary(outcomes)
        print_text(f"The store holds {documents} documents with {passages} passages.")
    raise typer.Exit(1 if refused else 0)


def _catalogue(manifest: Path | None, paths: list[Path]) -> Manifest | None:
    """The manifest named, else the one that lies in a folder named."""
    if manifest is None:
        lying = (path / name for path in paths for name in ("manifest.tsv", "manifest.csv"))
        manifest = next((path for path in lying if path.is_file()), None)
        if manifest is None:
            return None
    read = read_manifest(manifest)
    for warning in read.warnings:
        note(f"warning: {warning}")
    return read


def _summary(outcomes: list[Outcome]) -> None:
    for status in ("added", "replaced", "unchanged", "duplicate", "refused"):
        count = sum(outcome.status == status for outcome in outcomes)
        if count:
            print_text(f"{count:5} {status}")
    for outcome in outcomes:
        name = Path(outcome.source).name
        if outcome.status == "refused":
            print_text(f"refused  {name}: {outcome.problem}. {outcome.next_step}")
        for warning in outcome.warnings:
            print_text(f"note     {name}: {warning}")


class _Bar:
    """Progress on stderr: files, pages, passages, and the time left by the bytes to come."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[told]}"),
            TimeRemainingColumn(),
            console=messages,
            transient=True,
            disable=not messages.is_terminal,
        )
        # Every file is a little work, whatever it holds.
        self._sizes = {source_of(path): _size(path) + 10_000 for path in files}
        self._left = sum(self._sizes.values())
        self._task = self._progress.add_task("reading", told="", total=self._left)
        self._files = self._done = self._pages = self._passages = 0
        self._begun = time.monotonic()
        self._spent = 0

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def started(self, files: int) -> None:
        self._files = files
        self._begun = time.monotonic()

    def say(self, what: str) -> None:
        """Name what is being done."""
        self._progress.update(self._task, description=what)

    def done(self, outcome: Outcome) -> None:
        self._done += 1
        self._pages += outcome.pages
        self._passages += outcome.passages
        size = self._sizes.get(outcome.source, 0)
        self._left -= size
        if outcome.status in ("added", "replaced"):
            self._spent += size
        told = f"{self._pages} pages, {self._passages} passages"
        if not messages.is_terminal:
            # A bar is no use in a log; a line for each file is.
            counted = f"{self._done}/{self._files} {outcome.status} {outcome.source}"
            note(f"{counted} ({told}{self._to_come()})")
        self._progress.update(
            self._task,
            advance=size,
            description=Path(outcome.source).name[:40],
            told=f"{self._done}/{self._files} files, {told}",
        )

    def _to_come(self) -> str:
        """The time left, once there is something to judge it by."""
        if not self._spent or not self._left:
            return ""
        seconds = (time.monotonic() - self._begun) * self._left / self._spent
        return f", {_spoken(seconds)} left"


def _spoken(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"about {minutes} min" if minutes else "less than a minute"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
