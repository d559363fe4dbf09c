"""`miner feedback`: what analysts decide about tags."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Annotated

import typer

from miner.feedback import Decision, Request, Verdict, decide, training_rows
from service.cli.filters import concept_id
from service.cli.options import JsonOption, StoreOption, settings
from service.cli.output import note, print_json, print_text
from service.cli.target import Target
from service.workspace import Workspace

app = typer.Typer(help="Accept, reject and add tags; list and export what was decided.")


def register(root: typer.Typer) -> None:
    """Add the group."""
    root.add_typer(app, name="feedback")


_Concepts = list[str] | None
_STANCE = "stance"


@app.command("add")
def add(
    passage: Annotated[str, typer.Argument(help="Id of a passage (from a search or an export).")],
    accept: Annotated[_Concepts, typer.Option(help="Concept that the model rightly gave.")] = None,
    reject: Annotated[_Concepts, typer.Option(help="Concept that the model wrongly gave.")] = None,
    missed: Annotated[
        _Concepts, typer.Option("--add", help="Concept that the model missed.")
    ] = None,
    stance: Annotated[str | None, typer.Option(help="What the stance really is.")] = None,
    withdraw: Annotated[
        _Concepts, typer.Option(help="Concept on which to take back what was said, or `stance`.")
    ] = None,
    quote: Annotated[str, typer.Option(help="Words that speak for the concepts added.")] = "",
    comment: Annotated[str, typer.Option(help="Why.")] = "",
    who: Annotated[
        str | None, typer.Option(help="The analyst's name; the login name where missing.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide on a passage's tags and stance; all of it is stored, or nothing."""
    requests = [
        Request(
            passage,
            verdict,
            concept_id(name),
            quote=quote if verdict is Verdict.ADD else "",
            comment=comment,
        )
        for verdict, names in (
            (Verdict.ACCEPT, accept),
            (Verdict.REJECT, reject),
            (Verdict.ADD, missed),
        )
        for name in names or ()
    ]
    requests += [
        Request(
            passage,
            Verdict.WITHDRAW,
            None if name == _STANCE else concept_id(name),
            comment=comment,
        )
        for name in withdraw or ()
    ]
    if stance is not None:
        requests.append(Request(passage, Verdict.STANCE, stance=stance, comment=comment))
    with Workspace.open(settings(store), create=False) as workspace:
        made = decide(workspace.store, who or _login(), requests)
        stored = workspace.store.passages_by_id([passage])[passage]
    if as_json:
        print_json({"decisions": made})
        return
    for decision in made:
        print_text(_line(decision))
    now = ", ".join(f"{tag.concept} ({tag.by})" for tag in stored.tagged.decided) or "no concept"
    print_text(f"The passage now: {stored.tagged.stance.label}; {now}.")


@app.command("list")
def list_decisions(
    document: Annotated[str | None, typer.Option(help="Only of this document (id).")] = None,
    concept: Annotated[str | None, typer.Option(help="Only on this concept (id or label).")] = None,
    who: Annotated[str | None, typer.Option(help="Only of this analyst.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List decisions in the order of their making, also on passages that are gone."""
    wanted = concept_id(concept) if concept is not None else None
    with Workspace.open(settings(store), create=False) as workspace:
        found = [
            decision
            for decision in workspace.store.decisions()
            if (document is None or decision.document == document)
            and (wanted is None or decision.concept == wanted)
            and (who is None or decision.who == who)
        ]
        stored = workspace.store.passages_by_words([decision.text for decision in found])
    if as_json:
        print_json({"decisions": found, "total": len(found)})
        return
    for decision in found:
        gone = "" if decision.text in stored else "  (not in the store now)"
        print_text(f"{decision.id:5}  {decision.at[:16]}  {decision.who}  {_line(decision)}{gone}")
        text = " ".join(decision.text.split())
        print_text(f"       {decision.title or decision.document}: {text[:100]}")
        if decision.comment:
            print_text(f"       “{decision.comment}”")
    print_text(f"{len(found)} decisions")


@app.command("export")
def export(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File (JSONL); stdout where missing.")
    ] = None,
    store: StoreOption = None,
) -> None:
    """Export decisions as training rows with their text, for `miner train --with-feedback`."""
    target = Target.of(output, "jsonl", sources=[])
    with (
        Workspace.open(settings(store), create=False) as workspace,
        target.opened() as file,
    ):
        rows = list(training_rows(workspace.store.decisions()))
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    note(f"{len(rows)} passages exported")


def _line(decision: Decision) -> str:
    what = decision.concept or _STANCE
    return f"{decision.verdict} {what}" + (f" = {decision.stance}" if decision.stance else "")


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container without a name for its user
        return ""
