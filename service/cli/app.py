"""The commands of `miner`, one module each.

Only the module of the command that was asked for is imported: all of them together cost more than
most commands take.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module

import typer

from service.cli.guard import Guard

# Command: the module that registers it, in the order of `miner --help`.
COMMANDS: Mapping[str, str] = {
    "corpus": "corpus",
    "feedback": "feedback",
    "ingest": "ingest",
    "list": "library",
    "delete": "library",
    "search": "search",
    "align": "align",
    "frameworks": "frameworks",
    "commitments": "commitments",
    "tag": "tag",
    "bodies": "bodies",
    "compare": "compare",
    "coverage": "coverage",
    "gaps": "gaps",
    "similar": "similar",
    "clusters": "clusters",
    "changes": "changes",
    "cite": "cite",
    "report": "report",
    "export": "export",
    "retag": "retag",
    "train": "train",
    "serve": "serve",
    "doctor": "doctor",
}


def app_of(words: Iterable[str]) -> typer.Typer:
    """The command line for these words: with the one command that they begin with, or with all
    where they begin with none (help, a slip)."""
    first = next(iter(words), "")
    names = [COMMANDS[first]] if first in COMMANDS else list(dict.fromkeys(COMMANDS.values()))
    app = typer.Typer(
        name="miner",
        help="Mine policy documents: who has committed to what, with the words that say so.",
        cls=Guard,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    # A group with one command would become that command.
    app.callback()(lambda: None)
    for name in names:
        import_module(f"service.cli.{name}").register(app)
    return app
