"""`miner bodies`: named bodies and initiatives, and who takes part in what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from miner.bodies import Body, Involvement, Kind, Role
from miner.errors import InputError
from miner.records import as_record
from miner.store import StoredDocument
from service.cli.options import JsonOption, StoreOption, settings
from service.cli.output import print_json, print_text
from service.cli.selection import (
    CountryOption,
    DocumentOption,
    LanguageOption,
    Many,
    OnOption,
    OrganisationOption,
    SinceOption,
    TypeOption,
    UntilOption,
    selection,
)
from service.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bodies")(bodies)


def bodies(
    body: Annotated[
        str | None, typer.Argument(help="Only this body: id, name or abbreviation.")
    ] = None,
    role: Annotated[
        Many,
        typer.Option(help="own, member, intends, takes_part, works_with, follows or mentions."),
    ] = None,
    kind: Annotated[
        Many,
        typer.Option(help="process, treaty, organisation, agency, network, initiative or team."),
    ] = None,
    country: CountryOption = None,
    organisation: OrganisationOption = None,
    on: OnOption = None,
    type: TypeOption = None,
    language: LanguageOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    document: DocumentOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which bodies and initiatives documents name, and who takes part in what.

    With a BODY: every document that names it, what it says of its country and the body, and
    where.
    """
    roles = [Role(name) for name in _checked("role", role, [r.value for r in Role])]
    kinds = _checked("kind", kind, [k.value for k in Kind])
    with Workspace.open(settings(store), create=False) as workspace:
        chosen = selection(
            workspace,
            country=country,
            organisation=organisation,
            on=on,
            type=type,
            language=language,
            since=since,
            until=until,
            document=document,
        )
        found, known, documents = workspace.across.involvements(chosen, roles=roles, kinds=kinds)
        named = workspace.across.body(body, known) if body else None
        labels = workspace.across.named.book.roles.labels
    if named is not None:
        found = [one for one in found if one.body == named.id]
    if as_json:
        print_json(_record(found, known, named))
    elif named is not None:
        _show_body(named, found, documents, labels)
    else:
        _show_all(found, known)


def _checked(name: str, given: Many, known: list[str]) -> list[str]:
    for value in given or ():
        if value not in known:
            raise InputError(
                f"{name} {value!r}", f"there is no such {name}", f"Known: {', '.join(known)}."
            )
    return given or []


def _record(
    found: list[Involvement], known: Mapping[str, Body], named: Body | None
) -> dict[str, Any]:
    shown = dict.fromkeys([named.id] if named else [], None) | dict.fromkeys(o.body for o in found)
    return {
        "bodies": [as_record(known[name]) for name in shown],
        "involvements": as_record(found),
        "total": len(found),
    }


def _show_all(found: list[Involvement], known: Mapping[str, Body]) -> None:
    held: dict[str, list[Involvement]] = {}
    for one in found:
        held.setdefault(one.body, []).append(one)
    ranked = sorted(held.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    print_text(
        f"{'docs':>5}{'named':>7}  {'body':40}who takes part (member, takes part, works with)"
    )
    for name, several in ranked:
        total = sum(len(one.mentions) for one in several)
        close = {Role.OWN, Role.MEMBER, Role.TAKES_PART, Role.WORKS_WITH}
        who = sorted({one.country for one in several if one.role in close and one.country})
        label = known[name].short
        print_text(f"{len(several):5}{total:7}  {label[:38]:40}{' '.join(who)}")
    print_text(f"{len(held)} bodies")


def _show_body(
    body: Body,
    found: list[Involvement],
    documents: Mapping[str, StoredDocument],
    labels: Mapping[Role, str],
) -> None:
    print_text(f"{body.name} ({body.kind})", "bold")
    if body.url:
        print_text(body.url, "dim")
    for role in Role:
        several = [one for one in found if one.role is role]
        if several:
            print_text(f"\n{labels[role]} ({len(several)})", "bold")
        for one in _in_order(several):
            about = documents[one.document].metadata
            who = about.country_name or about.country or "no country"
            member = {True: ", member on record", False: ", no member on record", None: ""}
            print_text(f"  {who} {about.year or ''}: {about.title}{member[one.member]}")
            first = one.mentions[0]
            quote = " ".join(first.sentence.split())
            print_text(f"        p. {first.page} “{quote[:200]}”")
    print_text(f"\n{len(found)} documents", "bold")


def _in_order(several: Iterable[Involvement]) -> list[Involvement]:
    return sorted(several, key=lambda one: (one.country or "~", one.year or 0))
