"""`miner retag`: another tagging model's tags for what is stored, shown first or applied."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from miner.retag import Example, Retagging, retag
from service.cli.options import JsonOption, StoreOption, settings
from service.cli.output import note, print_json, print_text
from service.workspace import Workspace, load_tagger


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("retag")(retag_store)


def retag_store(
    model: Annotated[
        Path | None,
        typer.Option("--model", help="Folder of a tagging model; the one in use where missing."),
    ] = None,
    diff: Annotated[
        bool, typer.Option("--diff", help="Only show what would change; nothing is stored.")
    ] = False,
    examples: Annotated[int, typer.Option(help="Passages shown of each change.", min=0)] = 1,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tag the stored passages with a model, without reading the documents again.

    What analysts decided stays. A run that was interrupted is taken up by starting it again.
    """
    chosen = settings(store)
    tagger = load_tagger(chosen if model is None else replace(chosen, tagger=model))
    with Workspace.open(chosen, create=False) as workspace:
        found = retag(workspace.store, tagger, apply=not diff, examples=examples, told=_tell)
    if as_json:
        print_json(found)
        return
    _show(found)
    if found.applied and model is not None:
        note(f"Set MINER_TAGGER={model}, so that documents taken in from now on are tagged alike.")


def _tell(done: int, of: int) -> None:
    if done % 10 == 0 or done == of:
        note(f"{done} of {of} documents")


def _show(found: Retagging) -> None:
    before = ", ".join(f"{name} ({count} passages)" for name, count in found.before.items())
    told = f"{before} -> {found.model}" if before else f"all have the tags of {found.model}"
    print_text(told, "bold")
    will = "changed" if found.applied else "would change"
    print_text(
        f"{found.changed} of {found.passages} passages {will}, in "
        f"{found.documents - found.unchanged} of {found.documents} documents; "
        f"{found.judged} hold decisions of analysts, which stand"
    )
    if found.concepts:
        print_text(f"\n{'concept':42} {'added':>6} {'removed':>8} {'kept':>6}")
    for change in found.concepts:
        print_text(f"{change.concept:42} {change.added:6} {change.removed:8} {change.kept:6}")
        for mark, shown in (("+", change.examples_added), ("-", change.examples_removed)):
            for example in shown:
                print_text(f"  {mark} {_passage(example)}")
    if found.stances:
        print_text("\nstance")
    for turned in found.stances:
        print_text(
            f"{turned.before or 'abstained'} -> {turned.after or 'abstained'}: {turned.passages}"
        )
        for example in turned.examples:
            print_text(f"    {_passage(example)}")


def _passage(example: Example) -> str:
    text = " ".join(example.text.split())
    return (
        f"{example.before:.2f} -> {example.after:.2f}  {example.title[:50]}, p. {example.page}: "
        f"{text[:120]}"
    )
