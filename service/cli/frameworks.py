"""`miner frameworks`: what documents can be aligned to; lint, crosswalks, SKOS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer
import yaml

from miner.errors import InputError
from miner.taxonomy import Framework, framework, frameworks
from miner.taxonomy.crosswalk import crosswalk, schemes
from miner.taxonomy.lint import lint, lint_framework
from miner.taxonomy.load import load_framework, plain_data
from miner.taxonomy.read import Finding
from miner.taxonomy.skos import codebook_framework, to_skos
from miner.taxonomy.write import to_plain
from service.cli.options import JsonOption
from service.cli.output import print_json, print_text

app = typer.Typer(help="Frameworks: list, check, compare and export them.")


def register(root: typer.Typer) -> None:
    """Add the commands."""
    root.add_typer(app, name="frameworks", invoke_without_command=True, callback=_default)


def _default(context: typer.Context, as_json: JsonOption = False) -> None:
    """Frameworks: list, check, compare and export them. Without a command, list them."""
    if context.invoked_subcommand is None:
        list_frameworks(as_json)


@app.command("list")
def list_frameworks(as_json: JsonOption = False) -> None:
    """List the frameworks that a document can be aligned to, with their concepts."""
    found = list(frameworks().values())
    if as_json:
        print_json({"frameworks": [{"version": item.version, "framework": item} for item in found]})
        return
    for item in found:
        print_text(f"{item.id} ({len(item.concepts)} concepts, version {item.version})")
        print_text(f"  {item.title}. {item.citation}")
        for concept in item.concepts:
            print_text(f"  {concept.id:40} {concept.label}")


@app.command("lint")
def lint_frameworks(
    file: Annotated[
        Path | None, typer.Argument(help="Your own framework; the shipped ones if missing.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check a framework: what keeps it from being used, and what would make it better.

    Exit status 1 if there is an error.
    """
    findings = _findings(file)
    errors = sum(finding.level == "error" for _, finding in findings)
    if as_json:
        rows = [{"framework": name, "finding": finding} for name, finding in findings]
        print_json({"ok": not errors, "findings": rows})
    else:
        for name, finding in findings:
            style = "red" if finding.level == "error" else "yellow"
            print_text(f"{finding.level:8}{name}: {finding.where}: {finding.cause}.", style)
            print_text(f"        {finding.next_step}")
        print_text(f"{errors} errors, {len(findings) - errors} warnings")
    if errors:
        raise typer.Exit(1)


def _findings(file: Path | None) -> list[tuple[str, Finding]]:
    if file is None:
        return [
            (item.id, finding) for item in frameworks().values() for finding in lint_framework(item)
        ]
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        cause = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(str(file), f"it cannot be read ({cause})", "Check the path.") from error
    data = plain_data(text, file.suffix, str(file))
    return [(file.name, finding) for finding in lint(data)]


@app.command("crosswalk")
def show_crosswalk(
    one: Annotated[
        str, typer.Argument(help="A framework, a scheme (gci, cmm), `codebook`, or a concept.")
    ],
    other: Annotated[
        str | None, typer.Argument(help="What to map it to; everything if missing.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show how concepts of one framework relate to those of another, with sources."""
    found = crosswalk(one, other)
    if as_json:
        print_json({"schemes": list(schemes().values()), "mappings": found, "total": len(found)})
        return
    for mapping in found:
        print_text(
            f"{mapping.subject} ({mapping.subject_label})  {mapping.relation}  "
            f"{mapping.object} ({mapping.object_label})"
        )
        print_text(f"        {mapping.why}. Source: {mapping.source}")
    print_text(f"{len(found)} mappings")


@app.command("export")
def export(
    name: Annotated[
        str, typer.Argument(help="Framework id, `codebook`, or a file with your own framework.")
    ],
    format: Annotated[
        Literal["skos", "yaml"],
        typer.Option(help="skos: JSON-LD; yaml: as `miner align` takes it."),
    ] = "skos",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File; stdout if missing.")
    ] = None,
) -> None:
    """Write a framework as SKOS JSON-LD, or as YAML to start your own from."""
    chosen = _named(name)
    if format == "skos":
        text = json.dumps(to_skos(chosen), ensure_ascii=False, indent=2) + "\n"
    else:
        text = yaml.safe_dump(to_plain(chosen), allow_unicode=True, sort_keys=False, width=110)
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8")
        print_text(f"{chosen.id}: {len(chosen.concepts)} concepts written to {output}")


def _named(name: str) -> Framework:
    if name == "codebook":
        return codebook_framework()
    if name in frameworks():
        return framework(name)
    path = Path(name)
    if path.is_file() or path.suffix:
        return load_framework(path)
    return framework(name)
