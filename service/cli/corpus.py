"""`miner corpus`: the catalogue of real national strategies, and their download."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from miner.catalogue.fetch import CatalogueEntry, entries, fetch
from miner.catalogue.geography import Geography
from miner.errors import InputError, NotFound
from service.cli.filters import country_code
from service.cli.options import JsonOption
from service.cli.output import note, print_json, print_text

app = typer.Typer(help="The catalogue of real strategies: list it, fetch from it.")


def register(root: typer.Typer) -> None:
    """Add the group."""
    root.add_typer(app, name="corpus")


_Countries = Annotated[
    list[str] | None, typer.Option("--country", help="Name or ISO alpha-3 code.")
]
_Domain = Annotated[str | None, typer.Option(help="cyber, ai, quantum, security, digital.")]
_Ids = Annotated[list[str] | None, typer.Argument(help="Ids of entries.", metavar="[ID...]")]


def _chosen(
    ids: list[str] | None, countries: list[str] | None, domain: str | None
) -> list[CatalogueEntry]:
    known = {entry.id: entry for entry in entries()}
    unknown = [name for name in ids or () if name not in known]
    if unknown:
        raise NotFound(
            f"catalogue entry {unknown[0]!r}", "there is none", "List them: `miner corpus list`."
        )
    domains = sorted({entry.domain for entry in known.values()})
    if domain is not None and domain not in domains:
        step = f"Known: {', '.join(domains)}."
        raise InputError(f"domain {domain!r}", "there is no such domain", step)
    wanted = {country_code(name, Geography.shipped()) for name in countries or ()}
    return [
        entry
        for entry in known.values()
        if (not ids or entry.id in ids)
        and (not wanted or entry.country_code in wanted)
        and (domain is None or entry.domain == domain)
    ]


@app.command("list")
def list_entries(
    ids: _Ids = None,
    countries: _Countries = None,
    domain: _Domain = None,
    as_json: JsonOption = False,
) -> None:
    """List catalogue entries (facts only; texts are downloaded from their publishers)."""
    found = _chosen(ids, countries, domain)
    if as_json:
        print_json({"entries": found, "total": len(found)})
        return
    for entry in found:
        mark = " " if entry.url else "-"
        print_text(
            f"{mark} {entry.id:48} {entry.country_code} {entry.year or '----'} {entry.title}"
        )
    print_text(f"{len(found)} entries; - marks those without a known address")


@app.command("fetch")
def fetch_entries(
    folder: Annotated[Path, typer.Option("--to", help="Folder for the files.")],
    ids: _Ids = None,
    countries: _Countries = None,
    domain: _Domain = None,
    delay: Annotated[float, typer.Option(help="Seconds between requests to a host.")] = 1.0,
    as_json: JsonOption = False,
) -> None:
    """Download entries politely into a folder, resuming what was begun before.

    Then `miner ingest FOLDER`. Exit status 1 if some could not be had.
    """
    found = _chosen(ids, countries, domain)
    results = fetch(
        found,
        folder,
        client=None,
        delay=delay,
        on_progress=lambda result: note(str(result)),
    )
    if as_json:
        print_json({"results": results})
    else:
        for result in results:
            print_text(f"{result.status:12} {result.id}: {result.detail}")
    raise typer.Exit(0 if all(result.ok for result in results) else 1)
