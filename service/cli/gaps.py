"""`miner gaps`: what no member of a region commits to, and who commits where nobody else does."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from miner.coverage import Gap, Gaps
from miner.coverage.gaps import Voice, reliability
from miner.records import as_record
from service.cli.coverage import cell_record
from service.cli.options import JsonOption, StoreOption, settings
from service.cli.output import print_json, print_text
from service.cli.selection import (
    CountryOption,
    EveryOption,
    FrameworkOption,
    LanguageOption,
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
    app.command("gaps")(gaps)


def gaps(
    organisation: OrganisationOption = None,
    on: OnOption = None,
    framework: FrameworkOption = None,
    country: CountryOption = None,
    type: TypeOption = None,
    language: LanguageOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    every: EveryOption = False,
    evidence: Annotated[
        int, typer.Option(help="Passages per country with --json.", min=0, max=10)
    ] = 3,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what no member of a region commits to, and who commits where nobody else does.

    Without an organisation the region is all countries with documents. Countries of which
    nothing is known are named and never counted as having no commitment.
    """
    with Workspace.open(settings(store), create=False) as workspace:
        chosen = selection(
            workspace,
            country=country,
            organisation=organisation,
            type=type,
            language=language,
            since=since,
            until=until,
            every=every,
        )
        found = workspace.across.gaps(framework, chosen.organisation, on=on, selection=chosen)
    if as_json:
        print_json(gaps_record(found, evidence))
    else:
        _show(found)


def gaps_record(found: Gaps, evidence: int) -> dict[str, Any]:
    """The gaps as a record; `evidence` passages per country."""
    matrix = found.region.matrix
    return {
        "framework": matrix.framework.id,
        "framework_version": matrix.framework.version,
        "rule": matrix.rule,
        "level_rule": matrix.level_rule,
        "models": list(matrix.models),
        "choice": matrix.choice,
        "region": {"id": found.region.id, "name": found.region.name, "on": found.region.on},
        "members": [
            {**as_record(m), "since": m.since and str(m.since), "until": m.until and str(m.until)}
            for m in found.region.members
        ],
        "missed": as_record(found.missed),
        "concepts": as_record(found.region.concepts),
        "nobody": [_gap_record(gap, evidence) for gap in found.nobody],
        "alone": [_gap_record(gap, evidence) for gap in found.alone],
    }


def _gap_record(gap: Gap, evidence: int) -> dict[str, Any]:
    record: dict[str, Any] = as_record(gap)
    record["voices"] = [
        {"country": voice.country, "name": voice.name, "cell": cell_record(voice.cell, evidence)}
        for voice in gap.voices
    ]
    return record


def _show(found: Gaps) -> None:
    region = found.region
    there = [member for member in region.members if member.documented]
    print_text(f"{region.name}, {region.on}: {region.matrix.framework.title}", "bold")
    print_text(f"{len(there)} of {len(region.members)} members have a document here")
    if region.undocumented:
        names = ", ".join(member.name for member in region.undocumented)
        print_text(f"nothing is known of: {names}", "yellow")
    print_text(reliability(found), "dim")
    print_text(f"\nNobody commits to ({len(found.nobody)})", "bold")
    for gap in found.nobody:
        print_text(f"  {gap.label}")
        print_text(f"        {gap.note}", "dim")
        for voice in gap.voices[:1]:
            _voice(voice)
    print_text(f"\nOne country alone commits to ({len(found.alone)})", "bold")
    for gap in found.alone:
        print_text(f"  {gap.label}: {gap.voices[0].name}")
        _voice(gap.voices[0])
    print_text(f"\nSeveral commit to ({len(found.shared)})", "bold")
    for rolled in found.shared:
        print_text(f"  {len(rolled.committed):3} of {rolled.told:3}  {rolled.label}")


def _voice(voice: Voice) -> None:
    """The first passage that counts, or the nearest miss."""
    counts = bool(voice.cell.evidence)
    for mark in (voice.cell.evidence or voice.cell.nearest)[:1]:
        said = voice.cell.level.value if counts else f"nearest miss, {mark.probability:.2f}"
        quote = " ".join(mark.quote.split())
        print_text(f"        {voice.name}, p. {mark.page} [{said}] “{quote[:160]}”")
