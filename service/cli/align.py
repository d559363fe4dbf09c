"""`miner align`: a document against a framework, line by line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from miner.alignment import Alignment, ConceptAlignment
from miner.errors import InputError
from miner.taxonomy import framework as framework_of
from service.cli.options import JsonOption, ModelOption, StoreOption, settings
from service.cli.output import print_json, print_text
from service.workspace import Workspace, align_file


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("align")(align)


def align(
    document: Annotated[str, typer.Argument(help="Id of a stored document, or a file.")],
    framework: Annotated[
        str | None, typer.Option(help="Framework id; see `miner frameworks`.")
    ] = None,
    evidence: Annotated[int, typer.Option(help="Evidence passages per concept.", min=1)] = 50,
    store: StoreOption = None,
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score a document against a framework; every score lists the passages it rests on."""
    chosen = settings(store, model)
    if _names_file(document):
        # A file needs no store, and may be aligned while a server owns one.
        found = align_file(chosen, Path(document), framework, most=evidence)
    else:
        framework_of(framework)
        with Workspace.open(chosen, create=False) as workspace:
            found = workspace.align_document(document, framework, most=evidence)
    if as_json:
        print_json(found)
    else:
        _show(found)


def _names_file(document: str) -> bool:
    """Ids are hex digits; whatever looks like a path is one, there or not."""
    path = Path(document)
    if path.is_file():
        return True
    if path.is_dir():
        raise InputError(document, "it is a folder", "Name one file, or the id of a document.")
    if path.suffix or path.name != document:
        raise InputError(document, "there is no such file", "Check the path.")
    return False


def _show(found: Alignment) -> None:
    low, high = found.overall.interval
    print_text(found.title or found.document, "bold")
    print_text(
        f"{found.framework}: {found.overall.score:.2f} [{low:.2f}, {high:.2f}], "
        f"{found.overall.present} of {found.overall.concepts} concepts present, "
        f"{found.passages} passages"
    )
    for caution in found.cautions:
        print_text(f"caution: {caution}", "yellow")
    for group in found.groups:
        low, high = group.interval
        print_text(f"\n{group.group}: {group.score:.2f} [{low:.2f}, {high:.2f}]", "bold")
        for concept in found.concepts:
            if concept.group == group.group:
                _show_concept(concept)


def _show_concept(concept: ConceptAlignment) -> None:
    if not concept.present:
        print_text(f"  {concept.score:.2f}  {concept.label}: no passage found")
        for miss in concept.nearest[:1]:
            print_text(
                f"        nearest ({miss.probability:.2f}, p. {miss.page}): {miss.quote[:160]}"
            )
        return
    print_text(
        f"  {concept.score:.2f}  {concept.label}: {len(concept.evidence)} passages, "
        f"presence {concept.presence:.2f}, depth {concept.depth:.2f}, "
        f"commitment {concept.commitment:.2f}"
    )
    best = concept.evidence[0]
    print_text(
        f"        p. {best.page} [{best.stance}, {best.probability:.2f}] “{best.quote[:200]}”"
    )
