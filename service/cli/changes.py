"""`miner changes`: what a newer strategy changed against an older one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.commitments import record as commitment_record
from service.cli.options import JsonOption, ModelOption, StoreOption, settings
from service.cli.output import note, print_json, print_text
from service.workspace import Workspace

if TYPE_CHECKING:
    from miner.changes import Change, Changes, ConceptChange, ConceptSide, Pledge
    from miner.store import StoredDocument, StoredPassage


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("changes")(changes)


def changes(
    documents: Annotated[
        list[str] | None, typer.Argument(help="Ids of the older and the newer document.")
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(help="A country instead: its first and its last English document."),
    ] = None,
    limit: Annotated[int, typer.Option(help="Changes shown of each kind.", min=1)] = 8,
    store: StoreOption = None,
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a newer strategy added, strengthened, weakened, dropped and kept.

    Every line has the words of both sides; where a side has none, what it has nearest.
    """
    from service.changed import changed

    named = list(documents or ())
    with Workspace.open(settings(store, model), create=False) as workspace:
        found = changed(
            workspace,
            workspace.geography,
            country,
            named[0] if named else None,
            named[1] if len(named) == 2 else None,
        )
    if as_json:
        print_json(changes_record(found.changes, found.others))
        return
    _show(found.changes, limit)
    if found.others:
        listed = "; ".join(
            f"{item.id} {item.metadata.title} ({item.metadata.year})" for item in found.others
        )
        note(f"Not compared: {listed}. Name two documents to compare others.")


def changes_record(found: Changes, others: Sequence[StoredDocument] = ()) -> dict[str, Any]:
    """The answer as the API gives it."""
    return {
        "older": _document(found.older),
        "newer": _document(found.newer),
        "changes": [_change_record(change) for change in found.changes],
        "concepts": [_concept_record(change) for change in found.concepts],
        "unsettled": {"older": found.unsettled[0], "newer": found.unsettled[1]},
        "rule": found.rule,
        "extractor": found.extractor,
        "model": found.model,
        "cautions": found.cautions,
        "others": [item.id for item in others],
    }


def _document(item: StoredDocument) -> dict[str, Any]:
    about = item.metadata
    return {"id": item.id, "title": about.title, "country": about.country, "year": about.year}


def _change_record(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "kind": change.kind,
        "older": [commitment_record(pledge.entry) for pledge in change.older],
        "newer": [commitment_record(pledge.entry) for pledge in change.newer],
        "concepts": change.concepts,
        "likeness": change.likeness,
        "reasons": change.reasons,
        "nearest": commitment_record(change.nearest.entry) if change.nearest else None,
        "nearest_passage": _passage(change.nearest_passage),
    }


def _passage(stored: StoredPassage | None) -> dict[str, Any] | None:
    if stored is None:
        return None
    one = stored.passage
    return {
        "passage": one.id,
        "document": one.document,
        "page": one.page,
        "start": one.start,
        "end": one.end,
        "text": one.text,
    }


def _concept_record(change: ConceptChange) -> dict[str, Any]:
    return {
        "concept": change.concept,
        "label": change.label,
        "kind": change.kind,
        "older": _side_record(change.older),
        "newer": _side_record(change.newer),
        "reason": change.reason,
    }


def _side_record(side: ConceptSide) -> dict[str, Any]:
    return {
        "passages": side.passages,
        "committed": side.committed,
        "total": side.total,
        "probability": side.probability,
        "evidence": [commitment_record(pledge.entry) for pledge in side.evidence],
        "nearest": _passage(side.nearest),
    }


def _show(found: Changes, limit: int) -> None:
    from miner.changes import KINDS

    for name, item in (("older", found.older), ("newer", found.newer)):
        about = item.metadata
        print_text(
            f"{name}  {about.title or item.id}, {about.country}, {about.year or 'n.d.'}", "bold"
        )
    for caution in found.cautions:
        print_text(f"caution: {caution}", "yellow")
    told = [change for change in found.concepts if change.kind not in ("kept", "absent")]
    print_text(f"\nconcepts: {len(told)} changed", "bold")
    for change in told:
        print_text(f"  {change.kind:12}  {change.label}: {change.reason}")
        for mark, side in (("older", change.older), ("newer", change.newer)):
            for pledge in side.evidence[:1]:
                print_text(f"      {mark} {_quote(pledge)}", "dim")
            if side.nearest is not None:
                print_text(
                    f"      {mark} nearest ({side.probability:.2f}), p. "
                    f"{side.nearest.passage.page} “{_line(side.nearest.passage.text, 140)}”",
                    "dim",
                )
    for kind in KINDS:
        held = found.of(kind)
        print_text(f"\n{kind}: {len(held)}", "bold")
        for one in held[:limit]:
            _show_change(one)
        if len(held) > limit:
            print_text(f"  ... {len(held) - limit} more (--limit, --json)", "dim")
    print_text(
        f"\n{found.unsettled[0]} commitments of the older document and {found.unsettled[1]} of the "
        "newer one have neither a sure match nor sure absence: nothing is claimed of them.",
        "dim",
    )


def _show_change(change: Change) -> None:
    for mark, side in (("older", change.older), ("newer", change.newer)):
        for pledge in side[:1]:
            more = f" (+{len(side) - 1})" if len(side) > 1 else ""
            print_text(f"  {mark} {_quote(pledge)}{more}")
    print_text(f"      {'; '.join(change.reasons)}", "dim")
    if change.nearest is not None:
        print_text(f"      nearest {_quote(change.nearest)}", "dim")


def _quote(pledge: Pledge) -> str:
    strength = pledge.commitment.strength
    return (
        f"[{strength.modal} {strength.value:.2f}] p. {pledge.passage.passage.page} "
        f"“{_line(pledge.quote.quote, 260)}”"
    )


def _line(text: str, most: int) -> str:
    words = " ".join(text.split())
    return words if len(words) <= most else words[: most - 1] + "…"
