"""`miner tag`: the batch job that tags documents or rows of text."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from miner.errors import InputError, MinerError
from miner.ingest import collect
from miner.parsing import parse
from miner.passages import split
from miner.tagging.tag import TaggedPassage
from miner.tagging.tagger import Tagger
from service.cli.options import ModelOption, settings
from service.cli.output import complain, messages, print_text
from service.workspace import load_tagger

_BATCH = 256


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("tag")(tag)


def tag(
    source: Annotated[Path, typer.Argument(help="JSONL rows {id, text}, a file or a folder.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write: .jsonl or .csv.")],
    all_concepts: Annotated[
        bool, typer.Option("--all", help="Write every concept, not only those decided.")
    ] = False,
    model: ModelOption = None,
) -> None:
    """Tag rows of text, or the passages of documents, and write one row per passage.

    Exit status: 0 if everything was tagged, 1 if some rows or files were refused.
    """
    tagger = load_tagger(settings(model=model))
    problems: list[MinerError] = []
    if source.suffix == ".jsonl":
        rows = _rows(source, problems)
    else:
        rows = _passages(source, problems)
    count = 0
    with output.open("w", encoding="utf-8", newline="") as file:
        write = _csv(file) if output.suffix == ".csv" else _jsonl(file)
        for row in _tagged(rows, tagger, all_concepts, problems):
            write(row)
            count += 1
            if count % 1000 == 0:
                messages.print(f"{count} passages", style="dim")
    for problem in problems:
        complain(problem)
    print_text(f"{count} passages tagged into {output}")
    raise typer.Exit(1 if problems else 0)


def _rows(source: Path, problems: list[MinerError]) -> Iterator[dict[str, Any]]:
    try:
        with source.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                    if not isinstance(row["text"], str):
                        raise TypeError("text is not a string")
                    yield {"id": row["id"], "text": row["text"]}
                except (ValueError, KeyError, TypeError) as error:
                    problems.append(
                        InputError(
                            f"{source}, line {number}",
                            f"not a row with id and text ({type(error).__name__}: {error})",
                            'Write {"id": ..., "text": "..."} on each line.',
                        )
                    )
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            str(source), f"it cannot be read ({error})", "Check the path; the text must be UTF-8."
        ) from error


def _passages(source: Path, problems: list[MinerError]) -> Iterator[dict[str, Any]]:
    for path in collect([source]):
        try:
            document = parse(path)
        except MinerError as error:
            problems.append(error)
            continue
        for passage in split(document):
            yield {
                "id": passage.id,
                "text": passage.text,
                "document": document.id,
                "source": path.name,
                "page": passage.page,
                "start": passage.start,
                "end": passage.end,
                "language": passage.language,
            }


def _tagged(
    rows: Iterator[dict[str, Any]],
    tagger: Tagger,
    all_concepts: bool,
    problems: list[MinerError],
) -> Iterator[dict[str, Any]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield from _tag_batch(batch, tagger, all_concepts, problems)
            batch = []
    if batch:
        yield from _tag_batch(batch, tagger, all_concepts, problems)


def _tag_batch(
    batch: list[dict[str, Any]], tagger: Tagger, all_concepts: bool, problems: list[MinerError]
) -> Iterator[dict[str, Any]]:
    kept = []
    for row in batch:
        try:
            tagger.check(row["text"])
            kept.append(row)
        except InputError as error:
            problems.append(InputError(f"row {row['id']!r}", error.cause, error.next_step))
    for row, tagged in zip(kept, tagger.tag([row["text"] for row in kept]), strict=True):
        about = {name: value for name, value in row.items() if name not in ("text", "language")}
        yield {**about, **tagged_record(tagged, all_concepts)}


def tagged_record(tagged: TaggedPassage, all_concepts: bool = False) -> dict[str, Any]:
    """Tags and stance as a record; `abstained` says why where the model keeps quiet."""
    return {
        "tags": [
            {
                "concept": tag.concept,
                "probability": tag.probability,
                "decided": tag.decided,
                "by": tag.by,
                "evidence": [
                    {"start": item.start, "end": item.end, "quote": item.quote}
                    for item in tag.evidence
                ],
            }
            for tag in (tagged.tags if all_concepts else tagged.decided)
        ],
        "stance": {
            "label": tagged.stance.label.value,
            "probability": round(tagged.stance.probability, 4),
        },
        "abstained": tagged.abstained,
        "model": tagged.model,
    }


def _jsonl(file: IO[str]) -> Any:
    def write(row: dict[str, Any]) -> None:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")

    return write


_COLUMNS = ("id", "document", "source", "page", "concept", "probability", "quote", "start", "end")


def _csv(file: IO[str]) -> Any:
    """One line per tag (one with an empty concept for a passage without any)."""
    writer = csv.writer(file)
    writer.writerow([*_COLUMNS, "stance", "stance_probability", "abstained", "model"])

    def write(row: dict[str, Any]) -> None:
        stance = (row["stance"]["label"], row["stance"]["probability"], row["abstained"] or "")
        for tag in row["tags"] or [{"concept": "", "probability": "", "evidence": []}]:
            first = (tag["evidence"] or [{"quote": "", "start": "", "end": ""}])[0]
            values = {**row, **tag, **first}
            cells = [safe_cell(values.get(name, "")) for name in _COLUMNS]
            writer.writerow([*cells, *stance, row["model"]])

    return write


def safe_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value
