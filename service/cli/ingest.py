"""`miner ingest`: files and folders into the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from miner.catalogue.manifest import Manifest, read_manifest
from miner.errors import InputError
from miner.ingest import Outcome, collect
from service.cli.options import JsonOption, ModelOption, StoreOption, settings
from service.cli.output import messages, note, print_json, print_text
from service.workspace import Workspace


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
    with Workspace.open(settings(store, model)) as workspace, _Bar() as bar:
        ingester = workspace.ingester(manifest=catalogue, workers=workers)
        outcomes = ingester.ingest(files, bar)
        documents, passages = workspace.store.counts()
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
    """Progress on stderr: files, passages, time left."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[passages]} passages"),
            TimeRemainingColumn(),
            console=messages,
            transient=True,
            disable=not messages.is_terminal,
        )
        self._files = 0
        self._done = 0
        self._task = self._progress.add_task("reading", passages=0, total=None)
        self._passages = 0

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def started(self, files: int) -> None:
        self._files = files
        self._progress.update(self._task, total=files)

    def done(self, outcome: Outcome) -> None:
        self._passages += outcome.passages
        self._done += 1
        if not messages.is_terminal:
            # A bar is no use in a log; a line for each file is.
            note(f"{self._done}/{self._files} {outcome.status} {outcome.source}")
        self._progress.update(
            self._task,
            advance=1,
            description=Path(outcome.source).name[:40],
            passages=self._passages,
        )
