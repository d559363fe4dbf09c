"""`miner train`: the tagging model, built anew from the project's labelled passages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.options import ModelOption, settings
from service.cli.output import note, print_text
from service.workspace import SharedEncoder


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("train")(train)


def train(
    dev: Annotated[Path, typer.Option(help="Labelled rows for calibration and thresholds.")],
    corpus: Annotated[
        Path | None, typer.Option(help="Real documents that the standoff labels refer to.")
    ] = None,
    output: Annotated[Path, typer.Option(help="Folder of the model.")] = Path("models/tagger"),
    model: ModelOption = None,
) -> None:
    """Train the heads on all labelled passages, calibrate them on the dev rows, save them."""
    from miner.tagging import data
    from miner.tagging.heads import Heads
    from miner.tagging.train import build

    wanted = data.labelled(dev)
    examples = data.written()
    if corpus is None:
        note("warning: without --corpus only the written passages are used")
    else:
        examples += data.standoff(corpus)
    chosen = settings(model=model)
    encoder = SharedEncoder.of(chosen)
    heads = build(examples, wanted, encoder, dev_name=dev.name)
    heads.save(output)
    print_text(f"{Heads.id_of(output)} from {len(examples)} passages, saved in {output}")
