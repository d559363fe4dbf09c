"""`miner search`: a question, answered with passages."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from miner import records
from miner.errors import InputError
from miner.query import read_query
from miner.search import FACETS, Hit, SearchRequest, SearchResponse
from miner.taxonomy import codebook
from service.cli.filters import (
    ConceptOption,
    CountryOption,
    DocumentOption,
    LanguageOption,
    OrganisationOption,
    SinceOption,
    UntilOption,
    where,
)
from service.cli.options import JsonOption, ModelOption, StoreOption, settings
from service.cli.output import print_json, print_text
from service.workspace import Workspace

_Many = list[str] | None


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("search")(search)


def search(
    query: Annotated[str, typer.Argument(help="Words; countries, years and so on are read.")],
    limit: Annotated[int, typer.Option(help="Hits (documents with --group).", min=1)] = 10,
    offset: Annotated[int, typer.Option(help="Hits to skip.", min=0)] = 0,
    country: CountryOption = None,
    organisation: OrganisationOption = None,
    concept: ConceptOption = None,
    stance: Annotated[_Many, typer.Option(help="commitment, in_place, descriptive.")] = None,
    language: LanguageOption = None,
    document: DocumentOption = None,
    type: Annotated[_Many, typer.Option(help="Type of document, e.g. strategy.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    without: Annotated[
        _Many, typer.Option(help="Part of the reading to switch off, e.g. stance:commitment.")
    ] = None,
    literal: Annotated[
        bool, typer.Option("--literal", help="Do not read the query, only search it.")
    ] = False,
    group: Annotated[bool, typer.Option("--group", help="Group the hits by document.")] = False,
    facets: Annotated[
        bool, typer.Option("--facets", help="Count passages by country, year and so on.")
    ] = False,
    store: StoreOption = None,
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Search the store, e.g. "incident management commitments in ASEAN strategies".

    An empty query ("") lists what the filters leave, the most binding passages first.
    """
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
            type=type,
            since=since,
            until=until,
        )
        _check_chips(query, without or [], literal, workspace)
        request = SearchRequest(
            query,
            limit=limit,
            offset=offset,
            where=chosen,
            read=not literal,
            without=tuple(without or ()),
            group=group,
            facets=FACETS if facets else (),
        )
        response = workspace.searcher.search(request)
    if as_json:
        print_json(response_record(response))
    else:
        _show(response)


def _check_chips(query: str, without: list[str], literal: bool, workspace: Workspace) -> None:
    known: list[str] = []
    if not literal:
        words = workspace.store.vocabulary
        reading = read_query(query, workspace.geography, codebook(), vocabulary=words)
        known = [chip.id for chip in reading.chips]
    for name in without:
        if name not in known:
            read = f"It is read as {', '.join(known)}." if known else "Leave --without away."
            raise InputError(f"--without {name}", "the query is not read as this", read)


def response_record(response: SearchResponse) -> dict[str, Any]:
    """The answer as the API gives it: hits carry their document's country."""
    return {
        "query": response.interpretation.query,
        "total": response.total,
        "hits": [hit_record(hit) for hit in response.hits],
        "groups": [
            {"document": group.document, "hits": [hit_record(hit) for hit in group.hits]}
            for group in response.groups
        ],
        "facets": response.facets,
        "interpretation": {
            "text": response.interpretation.text,
            "chips": [
                {**records.as_record(chip), "id": chip.id} for chip in response.interpretation.chips
            ],
        },
        "note": response.note,
        "wider": [chip.id for chip in response.wider],
    }


def hit_record(hit: Hit) -> dict[str, Any]:
    """One hit as a flat record."""
    passage, about = hit.passage.passage, hit.passage.metadata
    return {
        "passage": passage.id,
        "document": passage.document,
        "title": about.title,
        "country": about.country,
        "country_name": about.country_name,
        "organisations": about.organisations,
        "year": about.year,
        "score": round(hit.score, 6),
        "text": passage.text,
        "page": passage.page,
        "heading_path": passage.heading_path,
        "start": passage.start,
        "end": passage.end,
        "language": passage.language,
        "kind": passage.kind,
        "highlights": hit.highlights,
        "tags": [
            {
                "concept": tag.concept,
                "probability": tag.probability,
                "by": tag.by,
                "evidence": tag.evidence,
            }
            for tag in hit.passage.tagged.decided
        ],
        "stance": hit.passage.tagged.stance,
        "citation": hit.citation,
    }


def _show(response: SearchResponse) -> None:
    chips = response.interpretation.chips
    if chips:
        print_text("read as  " + " | ".join(f"{chip.label} [{chip.id}]" for chip in chips), "dim")
    print_text(f"{response.total} passages satisfy the filters", "dim")
    if response.total and not response.hits and not response.groups:
        print_text("no hits here: a smaller --offset shows some", "yellow")
    if response.note:
        print_text(response.note, "yellow")
    for number, hit in enumerate(response.hits, 1):
        _show_hit(f"{number}.", hit)
    for number, group in enumerate(response.groups, 1):
        about = group.hits[0].passage.metadata
        print_text(f"\n{number}. {about.country or ''} {about.title} ({about.year or 'n.d.'})")
        for hit in group.hits[:3]:
            _show_hit("  -", hit)
    for name, counts in response.facets.items():
        shown = ", ".join(f"{value} {count}" for value, count in list(counts.items())[:8])
        print_text(f"{name}: {shown}", "dim")


def _show_hit(mark: str, hit: Hit) -> None:
    tagged = hit.passage.tagged
    tags = ", ".join(
        f"{tag.concept} {tag.probability:.2f}{' (analyst)' if tag.by == 'analyst' else ''}"
        for tag in tagged.decided
    )
    print_text(f"\n{mark} {hit.citation}", "bold")
    print_text(f"   {hit.passage.passage.text}")
    if tagged.abstained is not None:
        print_text(f"   not tagged: {tagged.abstained}", "dim")
        return
    print_text(f"   {tagged.stance.label} {tagged.stance.probability:.2f}; {tags}", "dim")
