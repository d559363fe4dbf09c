"""`miner similar`: passages like a passage."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from miner.similar import SimilarHit, SimilarRequest, SimilarResponse
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


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("similar")(similar)


def similar(
    passage: Annotated[str, typer.Argument(help="Id of a stored passage.")] = "",
    text: Annotated[str, typer.Option("--text", help="A text instead of a passage.")] = "",
    limit: Annotated[int, typer.Option(help="Hits.", min=1)] = 10,
    offset: Annotated[int, typer.Option(help="Hits to skip.", min=0)] = 0,
    own: Annotated[
        bool, typer.Option("--own", help="Rank its own document among the others.")
    ] = False,
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
    """Show passages like a passage: near in meaning, in the same words, on the same concepts.

    Other documents come first; passages that repeat one another are folded.
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
            since=since,
            until=until,
        )
        found = workspace.finder.find(SimilarRequest(passage, text, limit, offset, chosen, own))
    if as_json:
        print_json(similar_record(found))
    else:
        _show_similar(found)


def similar_record(found: SimilarResponse) -> dict[str, Any]:
    """The answer as the API gives it."""
    return {"items": [_hit_record(hit) for hit in found.hits], "total": found.total}


def _hit_record(hit: SimilarHit) -> dict[str, Any]:
    passage, about = hit.passage.passage, hit.passage.metadata
    return {
        "passage": passage.id,
        "document": passage.document,
        "title": about.title,
        "country": about.country,
        "year": about.year,
        "score": round(hit.score, 6),
        "meaning": round(hit.meaning, 4),
        "words": round(hit.words, 4),
        "concepts": hit.concepts,
        "near_duplicate": hit.near_duplicate,
        "text": passage.text,
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
        "language": passage.language,
        "highlights": hit.highlights,
        "stance": hit.passage.tagged.stance,
        "citation": hit.citation,
        "folded": [stored.passage.id for stored in hit.folded],
    }


def _show_similar(found: SimilarResponse) -> None:
    if found.source is not None:
        print_text(f"like  {_line(found.source.passage.text, 200)}", "dim")
    print_text(f"{found.total} passages satisfy the filters", "dim")
    for number, hit in enumerate(found.hits, 1):
        print_text(f"\n{number}. {hit.citation}", "bold")
        print_text(f"   {hit.passage.passage.text}")
        shared = "; ".join(dict.fromkeys(_line(span.quote, 60) for span in hit.highlights[:4]))
        marks = ["repeats the passage"] if hit.near_duplicate else []
        marks += [f"repeated by {len(hit.folded)} more"] if hit.folded else []
        marks += [f"concepts {', '.join(hit.concepts)}"] if hit.concepts else []
        marks += [f"words {shared}"] if shared else []
        print_text(
            f"   {hit.passage.passage.id}; meaning {hit.meaning:.2f}; {'; '.join(marks)}", "dim"
        )


def _line(text: str, most: int) -> str:
    words = " ".join(text.split())
    return words if len(words) <= most else words[: most - 1] + "…"
