"""`miner train`: the tagging model, built anew from the project's labelled passages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.options import settings
from service.cli.output import note, print_text

if TYPE_CHECKING:
    from miner.tagging.train import Example


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("train")(train)


def train(
    dev: Annotated[Path, typer.Option(help="Labelled rows for calibration and thresholds.")],
    corpus: Annotated[
        Path | None, typer.Option(help="Real documents that the standoff labels refer to.")
    ] = None,
    output: Annotated[Path, typer.Option(help="Folder of the model.")] = Path("models/tagger"),
    tune: Annotated[
        bool, typer.Option("--tune", help="Teach the encoder's upper layers too (20 minutes).")
    ] = False,
) -> None:
    """Train the tagging model on all labelled passages, calibrate it on the dev rows, save it.

    Without --tune the tuned layers that lie in the output folder are used as they are.
    """
    from miner.tagging import data
    from miner.tagging.heads import Heads
    from miner.tagging.train import build
    from miner.tagging.tuned import load_tuned

    wanted = data.labelled(dev)
    examples = data.written()
    if corpus is None:
        note("warning: without --corpus only the written passages are used")
    else:
        examples += data.standoff(corpus)
    if tune:
        _tune(examples, output)
    chosen = settings()
    tuned = load_tuned(output, threads=chosen.threads, engine=chosen.engine, cache=chosen.cache)
    heads = build(examples, wanted, tuned, dev_name=dev.name)
    heads.save(output)
    print_text(f"{Heads.id_of(output)} from {len(examples)} passages, saved in {output}")


def _tune(examples: Sequence[Example], output: Path) -> None:
    from miner.embedding import packaged
    from miner.tagging.tune import save, tune
    from miner.tagging.tuned import BASE

    taught = tune(
        examples,
        packaged(BASE).folder,
        told=lambda epoch, _, loss: note(f"epoch {epoch + 1}: mean loss {loss:.3f}"),
    )
    save(taught, output)
