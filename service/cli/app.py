"""The commands of `miner`, one module each."""

from __future__ import annotations

import typer

from service.cli import (
    align,
    bodies,
    changes,
    cite,
    commitments,
    compare,
    corpus,
    coverage,
    doctor,
    export,
    feedback,
    frameworks,
    gaps,
    ingest,
    library,
    report,
    retag,
    search,
    serve,
    similar,
    tag,
    train,
)
from service.cli.guard import Guard

app = typer.Typer(
    name="miner",
    help="Mine policy documents: who has committed to what, with the words that say so.",
    cls=Guard,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(corpus.app, name="corpus")
app.add_typer(feedback.app, name="feedback")
for module in (
    ingest, library, search, align, frameworks, commitments, tag, bodies, compare, coverage,
    gaps, similar, changes, cite, report, export, retag, train, serve, doctor,
):  # fmt: skip
    module.register(app)
