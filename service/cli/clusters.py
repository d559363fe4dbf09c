"""`miner clusters`: what several countries promise alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.commitments import record as commitment_record
from service.cli.filters import (
    ConceptOption,
    CountryOption,
    DocumentOption,
    LanguageOption,
    OrganisationOption,
    SinceOption,
    StanceOption,
    UntilOption,
    where,
)
from service.cli.options import JsonOption, ModelOption, StoreOption, settings
from service.cli.output import print_json, print_text
from service.workspace import Workspace

if TYPE_CHECKING:
    from miner.changes import Cluster, Clusters, Member


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("clusters")(clusters)


def clusters(
    limit: Annotated[int, typer.Option(help="Clusters.", min=1)] = 10,
    offset: Annotated[int, typer.Option(help="Clusters to skip.", min=0)] = 0,
    countries: Annotated[int, typer.Option(help="Least number of countries.", min=1)] = 2,
    alike: Annotated[
        float | None,
        typer.Option(help="Probability that they promise the same; without, the measured one."),
    ] = None,
    country: CountryOption = None,
    organisation: OrganisationOption = None,
    concept: ConceptOption = None,
    stance: StanceOption = None,
    language: LanguageOption = None,
    document: DocumentOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    store: StoreOption = None,
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what several countries promise alike, side by side, with their differences.

    Commitments and measures in place are clustered; those of most countries come first.
    """
    from miner.changes import ClusterRequest, clusters_of

    with Workspace.open(settings(store, model), create=False) as workspace:
        chosen = where(
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
        request = ClusterRequest(chosen, limit, offset, countries, alike)
        found = clusters_of(workspace.store, workspace.encoder, request)
    if as_json:
        print_json(clusters_record(found))
    else:
        _show(found)


def clusters_record(found: Clusters) -> dict[str, Any]:
    """The answer as a record."""
    return {
        "items": [_cluster_record(one) for one in found.clusters],
        "total": found.total,
        "passages": found.passages,
        "commitments": found.commitments,
        "alone": found.alone,
    }


def _cluster_record(one: Cluster) -> dict[str, Any]:
    return {
        "id": one.id,
        "countries": one.countries,
        "concepts": one.concepts,
        "cohesion": one.cohesion,
        "differences": one.differences,
        "members": [
            {
                "commitment": commitment_record(member.pledge.entry),
                "closeness": member.closeness,
                "folded": [commitment_record(other.entry) for other in member.folded],
            }
            for member in one.members
        ],
    }


def _show(found: Clusters) -> None:
    print_text(
        f"{found.commitments} commitments in {found.passages} passages; {found.total} clusters, "
        f"{found.alone} commitments in none",
        "dim",
    )
    for number, one in enumerate(found.clusters, 1):
        about = ", ".join(one.concepts) or "no shared concept"
        print_text(f"\n{number}. {len(one.countries)} countries: {about}", "bold")
        for line in one.differences:
            print_text(f"   {line}", "dim")
        for member in one.members:
            print_text(f"   {_told(member)}")


def _told(member: Member) -> str:
    stored, pledge = member.pledge.passage, member.pledge
    name = stored.metadata.country_name or stored.metadata.country or ""
    quote = " ".join(pledge.quote.quote.split())
    short = quote if len(quote) <= 220 else f"{quote[:219]}…"
    more = f" (+{len(member.folded)})" if member.folded else ""
    return (
        f"{name} {stored.metadata.year or 'n.d.'}, p. {stored.passage.page}, "
        f"{pledge.commitment.strength.value:.2f} “{short}”{more}"
    )
