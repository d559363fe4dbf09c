"""`miner commitments`: who has promised what by when."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, get_args

import typer

from miner.errors import InputError
from miner.index import year_range
from service.cli.filters import (
    ConceptOption,
    CountryOption,
    DocumentOption,
    LanguageOption,
    OrganisationOption,
    where,
)
from service.cli.options import StoreOption, settings
from service.cli.output import messages, note, print_text
from service.cli.tag import safe_cell
from service.cli.target import Form, Target
from service.workspace import Workspace

if TYPE_CHECKING:
    from miner.commitments.ledger import Choice, Entry, Sort

_Many = list[str] | None
_COLUMNS = (
    "country", "country_name", "year", "title", "actor", "modal", "class", "what", "action",
    "object", "deadline", "due", "resource", "beneficiary", "strength", "in_place", "sentence",
    "page", "citation", "concepts", "url", "document", "passage", "start", "end",
)  # fmt: skip
_WIDTHS = (("strength", 8), ("due", 10), ("country", 7), ("who", 28), ("what", 64), ("page", 5))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("commitments")(commitments)


def commitments(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File; stdout where missing.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", help="table, csv or jsonl; by the file's ending if missing."),
    ] = None,
    country: CountryOption = None,
    organisation: OrganisationOption = None,
    concept: ConceptOption = None,
    stance: Annotated[_Many, typer.Option(help="commitment, in_place.")] = None,
    language: LanguageOption = None,
    document: DocumentOption = None,
    since: Annotated[int | None, typer.Option(help="First year of the documents.")] = None,
    until: Annotated[int | None, typer.Option(help="Last year of the documents.")] = None,
    actor: Annotated[str, typer.Option(help="Words that the actor's name holds.")] = "",
    modal: Annotated[
        _Many, typer.Option(help="duty, plan, aim, aspiration, completed, operating.")
    ] = None,
    due_from: Annotated[int | None, typer.Option(help="First year of the deadline.")] = None,
    due_to: Annotated[int | None, typer.Option(help="Last year of the deadline.")] = None,
    min_strength: Annotated[float, typer.Option(help="Least strength.", min=0, max=1)] = 0.0,
    sort: Annotated[str, typer.Option(help="strength, deadline or document.")] = "strength",
    limit: Annotated[int | None, typer.Option(help="Most rows.", min=1)] = None,
    store: StoreOption = None,
) -> None:
    """Export who has promised what by when, one row per commitment, with its citation.

    Passages are parsed when they are first asked for (some 50 a second) and kept.
    """
    chosen_form, target = _target(output, form)
    choice, order = _choice(actor, modal, due_from, due_to, min_strength), _sort(sort)
    with Workspace.open(settings(store), create=False) as workspace:
        filters = where(
            workspace.store,
            workspace.geography,
            country=country,
            organisation=organisation,
            concept=concept,
            stance=stance,
            language=language,
            document=document,
            since=since,
            until=until,
        )
        entries = workspace.commitments(filters, choice, order, told=_progress)
    shown = entries[:limit]
    if target is None:
        _table(shown)
    else:
        with target.opened() as file:
            _write(shown, file, target.form)
    left = f" of {len(entries)}" if len(shown) < len(entries) else ""
    note(f"{len(shown)}{left} commitments" + (f" written as {chosen_form}" if target else ""))


def _target(output: Path | None, form: str | None) -> tuple[str, Target | None]:
    """The format, and the target of what is no table."""
    if form is None and output is None:
        form = "table"
    if form == "table":
        if output is not None:
            raise InputError(
                "format 'table'", "a table is for the screen", "Use csv or jsonl with --output."
            )
        return form, None
    if form not in (None, "csv", "jsonl"):
        raise InputError(f"format {form!r}", "there is no such format", "Use table, csv or jsonl.")
    target = Target.of(output, form, sources=[])
    return target.form, target


def _choice(
    actor: str, modal: _Many, due_from: int | None, due_to: int | None, least: float
) -> Choice:
    from miner.commitments.ledger import Choice
    from miner.modality.lexicon import MEASURES, PROMISES

    known = (*PROMISES, *MEASURES)
    for name in modal or ():
        if name not in known:
            raise InputError(
                f"modal {name!r}", "there is no such class", f"Known: {', '.join(known)}."
            )
    year_range(due_from, due_to)
    return Choice(actor, tuple(modal or ()), least, due_from, due_to)


def _sort(name: str) -> Sort:
    from miner.commitments.ledger import SORTS, Sort

    if name not in SORTS:
        raise InputError(
            f"sort {name!r}", "there is no such order", f"Use {', '.join(get_args(Sort))}."
        )
    return name


def _progress(done: int, total: int) -> None:
    if messages.is_terminal:
        note(f"{done} of {total} passages read")


def record(entry: Entry) -> dict[str, Any]:
    """One commitment as a flat record."""
    one, about = entry.commitment, entry.stored.metadata
    passage = entry.stored.passage
    words = {
        role: _line(getattr(one, role))
        for role in ("modal", "action", "object", "deadline", "resource", "beneficiary", "sentence")
    }
    return {
        "country": about.country,
        "country_name": about.country_name,
        "organisations": list(about.organisations),
        "year": about.year,
        "title": about.title,
        "actor": entry.who or None,
        "what": entry.what,
        **words,
        "class": one.strength.modal,
        "due": one.deadline.due if one.deadline is not None else None,
        "strength": one.strength.value,
        "in_place": one.in_place,
        "page": passage.page,
        "citation": entry.citation,
        "concepts": list(entry.concepts),
        "url": about.url,
        "document": passage.document,
        "passage": passage.id,
        "start": entry.start,
        "end": entry.end,
    }


def _line(span: Any) -> str | None:
    return None if span is None else " ".join(span.quote.split())


def _write(entries: Sequence[Entry], file: IO[str], form: Form) -> None:
    if form == "jsonl":
        for entry in entries:
            file.write(json.dumps(record(entry), ensure_ascii=False) + "\n")
        return
    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    for entry in entries:
        row = record(entry)
        row["concepts"] = " ".join(row["concepts"])
        writer.writerow([safe_cell("" if row[name] is None else row[name]) for name in _COLUMNS])


def _table(entries: Sequence[Entry]) -> None:
    print_text("  ".join(name.ljust(width) for name, width in _WIDTHS).rstrip(), "bold")
    for entry in entries:
        row = record(entry)
        # A passive's words hold its modal already.
        bare = row["modal"] is None or row["modal"] in row["what"]
        what = row["what"] if bare else f"{row['modal']} {row['what']}"
        cells = {
            "strength": f"{row['strength']:.2f}",
            "due": row["due"] or row["deadline"] or "",
            "country": row["country"] or "",
            "who": row["actor"] or "",
            "what": what,
            "page": str(row["page"]),
        }
        print_text("  ".join(_cut(cells[name], width) for name, width in _WIDTHS).rstrip())


def _cut(text: str, width: int) -> str:
    return (text if len(text) <= width else text[: width - 1] + "…").ljust(width)
