"""`miner align`: a document against a framework, line by line, and against another document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from miner.alignment import Alignment, ConceptAlignment, EvidencePassage
from miner.errors import InputError
from miner.taxonomy import Framework, framework, frameworks, load_framework
from service.alignments import Reading
from service.cli.options import JsonOption, ModelOption, StoreOption, settings
from service.cli.output import print_json, print_text
from service.cli.reference import one_line, show_reference
from service.workspace import Workspace, align_file


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("align")(align)


def align(
    document: Annotated[str, typer.Argument(help="Id of a stored document, or a file.")],
    framework: Annotated[
        str | None,
        typer.Option(help="Framework id (`miner frameworks`), or a file with your own."),
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option(help="Another document (id or file) whose statements are looked for."),
    ] = None,
    evidence: Annotated[
        int | None, typer.Option(help="Most evidence passages per concept; all if missing.", min=1)
    ] = None,
    store: StoreOption = None,
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score a document against a framework; every score lists the passages it rests on."""
    chosen = settings(store, model)
    against = named_framework(framework)
    other = reference is not None and _names_file(reference)
    if _names_file(document) and (reference is None or other):
        # Files need no store, and may be aligned while a server owns one.
        found = align_file(
            chosen,
            Path(document),
            against,
            most=evidence,
            reference=Path(reference) if reference is not None else None,
        )
    else:
        with Workspace.open(chosen, create=False) as workspace:
            wanted = None if reference is None else _reading(workspace, reference)
            if _names_file(document):
                path = Path(document)
                found = workspace.align_bytes(
                    path.read_bytes(), path.name, against, most=evidence, reference=wanted
                )
            else:
                found = workspace.align_document(document, against, most=evidence, reference=wanted)
    if as_json:
        print_json(found)
    else:
        _show(found)


def named_framework(name: str | None) -> Framework:
    """A shipped framework by its id, or a user's own from a file."""
    if name is None or name in frameworks():
        return framework(name)
    path = Path(name)
    if path.is_file() or path.suffix or path.name != name:
        return load_framework(path)
    return framework(name)


def _reading(workspace: Workspace, name: str) -> Reading:
    if _names_file(name):
        path = Path(name)
        return workspace.reading_of(path.read_bytes(), path.name)
    return workspace.readings.of(name)


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
    if found.reference is not None:
        print_text()
        show_reference(found.reference)


def _show_concept(concept: ConceptAlignment) -> None:
    low, high = concept.interval
    head = f"  {concept.score:.2f} [{low:.2f}, {high:.2f}]  {concept.label}: "
    if not concept.present:
        print_text(head + (concept.note if concept.claim == "not found" else concept.claim))
        for miss in concept.nearest[:1]:
            where = f"({miss.probability:.2f}, p. {miss.page})"
            print_text(f"        nearest {where}: {one_line(miss.quote, 160)}")
        return
    passages = f"{concept.counted} passage{'s' if concept.counted > 1 else ''}"
    near = ", none of them decided" if concept.claim == "likely" else ""
    print_text(
        f"{head}{passages}{near}, presence {concept.presence:.2f}, depth {concept.depth:.2f}, "
        f"commitment {concept.commitment:.2f}"
    )
    best = _strongest(concept.evidence)
    print_text(
        f"        p. {best.page} [{best.stance}, {best.probability:.2f}; {_parts(best)}] "
        f"“{one_line(best.quote)}”"
    )


def _strongest(evidence: tuple[EvidencePassage, ...]) -> EvidencePassage:
    """The passage that binds most, weighed by how sure its tag is."""
    return max(evidence, key=lambda item: item.probability * (0.1 + item.commitment.value))


def _parts(item: EvidencePassage) -> str:
    bound = item.commitment
    named = [
        name
        for name, there in (
            ("actor", bound.has_actor),
            ("deadline", bound.has_deadline),
            ("resource", bound.has_resource),
        )
        if there
    ]
    if bound.value == 0:
        return "binds nobody"
    return f"{bound.modal}{' with ' + ', '.join(named) if named else ''}, {bound.value:.2f}"
