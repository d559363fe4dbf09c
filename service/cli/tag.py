"""`miner tag`: the batch job that tags documents or rows of text."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import IO, Annotated, Any, Protocol

import numpy as np
import typer
from numpy.typing import NDArray

from miner.embedding import Encoder
from miner.errors import InputError, MinerError, UnreadableDocument
from miner.ingest import collect
from miner.parsing import ParseOptions, parse
from miner.passages import split
from miner.records import as_record
from miner.settings import Settings
from miner.tagging.own import OwnTagged
from miner.tagging.own.build import MOST_BACKGROUND, cautions
from miner.tagging.tag import TaggedPassage
from miner.tagging.tagger import Tagger
from miner.taxonomy import load_framework
from service.cli.options import ModelOption, settings
from service.cli.output import complain, note, print_text
from service.cli.target import Target
from service.own import Background, background_of, own_tagger
from service.workspace import SharedEncoder, Workspace, load_tagger, parse_options

_BATCH = 256
_FORM = 'Write {"id": ..., "text": "..."} on each line.'


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("tag")(tag)


def tag(
    source: Annotated[Path, typer.Argument(help="JSONL rows {id, text}, a file or a folder.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write: .jsonl or .csv.")],
    all_concepts: Annotated[
        bool, typer.Option("--all", help="Write every concept, not only those decided.")
    ] = False,
    taxonomy: Annotated[
        Path | None,
        typer.Option(
            help="Own framework instead of the shipped concepts: a file (YAML, JSON, SKOS), or a "
            "folder that `miner train --taxonomy` made."
        ),
    ] = None,
    examples: Annotated[
        Path | None, typer.Option(help="Labelled rows (JSONL) of the own framework.")
    ] = None,
    background: Annotated[
        Path | None,
        typer.Option(
            help="Store whose passages say what is usual for the own framework; the first 5,000 "
            "of the input where missing."
        ),
    ] = None,
    model: ModelOption = None,
) -> None:
    """Tag rows of text, or the passages of documents, and write one row per passage.

    Exit status: 0 if everything was tagged, 1 if some rows or files were refused.
    """
    chosen = settings(model=model)
    problems = _Problems()
    if source.suffix.lower() in (".jsonl", ".ndjson") and not source.is_dir():
        files = [source]
        if not source.is_file():
            raise InputError(str(source), "there is no such file", "Check the path.")
        rows = _rows(source, problems)
    else:
        files = collect([source])
        if not files:
            raise InputError(str(source), "there are no documents in it", "Name another folder.")
        rows = _passages(files, problems, parse_options(chosen))
    target = Target.of(output, sources=files)
    if taxonomy is None:
        for name, given in (("--examples", examples), ("--background", background)):
            if given is not None:
                raise InputError(name, "it goes with --taxonomy", "Name the framework as well.")
        tagger: _Tags = load_tagger(chosen)
    else:
        tagger, rows = _own(chosen, taxonomy, examples, background, rows)
    count = 0
    with target.opened() as file:
        write = _csv(file) if target.form == "csv" else _jsonl(file)
        for row in _tagged(rows, tagger, all_concepts, problems):
            write(row)
            count += 1
            if count % 1000 == 0:
                note(f"{count} passages")
    print_text(f"{count} passages tagged into {output}")
    raise typer.Exit(1 if problems.count else 0)


class _Tags(Protocol):
    """What the shipped tagger and that of an own framework do alike."""

    def tag(
        self, texts: Sequence[str], languages: Sequence[str] | None = None
    ) -> Sequence[TaggedPassage | OwnTagged]: ...


def _own(
    chosen: Settings,
    taxonomy: Path,
    examples: Path | None,
    background: Path | None,
    rows: Iterator[dict[str, Any]],
) -> tuple[_Tags, Iterator[dict[str, Any]]]:
    """What tags by an own framework; rows that were looked at for it are given back."""
    encoder = _Remembering(SharedEncoder.of(chosen))
    first: list[dict[str, Any]] = []
    known: Background | None = None
    if background is not None:
        with Workspace.open(replace(chosen, store=background), create=False) as workspace:
            known = background_of(workspace.store)
    elif not taxonomy.is_dir():
        load_framework(taxonomy)  # a broken file is told before anything is encoded
        first = list(islice(rows, MOST_BACKGROUND))
        texts = [row["text"] for row in first if row.get("language", "en") in ("en", "und")]
        known = Background(texts, encoder.encode(texts))
    tagger = own_tagger(taxonomy, encoder, known, examples)
    for caution in cautions(tagger.model):
        note(f"warning: {caution}")
    return tagger, chain(first, rows)


class _Remembering:
    """An encoder that does not encode the background twice."""

    def __init__(self, encoder: Encoder) -> None:
        self.id, self.dimension = encoder.id, encoder.dimension
        self._encoder = encoder
        self._known: dict[str, NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        fresh = dict(zip(missing, self._encoder.encode(missing), strict=True)) if missing else {}
        if len(self._known) < 2 * MOST_BACKGROUND:
            self._known.update(fresh)
        rows = [self._known[text] if text in self._known else fresh[text] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)


class _Problems:
    """What was refused, told as soon as it is known: a long batch must not keep it in mind."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, error: MinerError) -> None:
        self.count += 1
        complain(error)


def _rows(source: Path, problems: _Problems) -> Iterator[dict[str, Any]]:
    # Bytes, so that one line in another encoding costs that line only.
    with source.open("rb") as file:
        for number, line in enumerate(file, 1):
            line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if not line.strip():
                continue
            try:
                row = _row(line)
            except (ValueError, RecursionError) as error:
                cause = f"not a row ({_plainly(error)})"
                problems.add(InputError(f"{source}, line {number}", cause, _FORM))
                continue
            yield row


def _row(line: bytes) -> dict[str, Any]:
    row = json.loads(line.decode("utf-8"))
    if not isinstance(row, dict):
        raise ValueError("it is no object")
    missing = [name for name in ("id", "text") if name not in row]
    if missing:
        raise ValueError(f"{missing[0]} is missing")
    if not isinstance(row["text"], str):
        raise ValueError("text is no string")
    if not isinstance(row["id"], str | int) or isinstance(row["id"], bool):
        raise ValueError("id is neither a string nor a whole number")
    f"{row['id']}{row['text']}".encode()  # half a surrogate pair is no text
    return {"id": row["id"], "text": row["text"]}


def _plainly(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    if isinstance(error, UnicodeEncodeError):
        return "it holds half of a surrogate pair"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        return f"it is not JSON: {error.msg}, column {error.colno}"
    return str(error)


def _passages(
    files: list[Path], problems: _Problems, options: ParseOptions
) -> Iterator[dict[str, Any]]:
    for path in files:
        try:
            document = parse(path, options=options)
            passages = split(document)
            if not passages:
                raise UnreadableDocument(
                    str(path), "it holds no passage of text", "It may be a scan, a cover or a form."
                )
        except MinerError as error:
            problems.add(error)
            continue
        for passage in passages:
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
    rows: Iterator[dict[str, Any]], tagger: _Tags, all_concepts: bool, problems: _Problems
) -> Iterator[dict[str, Any]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        try:
            Tagger.check(row["text"])
        except InputError as error:
            problems.add(InputError(f"row {row['id']!r}", error.cause, error.next_step))
            continue
        batch.append(row)
        if len(batch) == _BATCH:
            yield from _tag_batch(batch, tagger, all_concepts)
            batch = []
    yield from _tag_batch(batch, tagger, all_concepts)


def _tag_batch(
    batch: list[dict[str, Any]], tagger: _Tags, all_concepts: bool
) -> Iterator[dict[str, Any]]:
    if not batch:
        return
    # A passage's language is known from the document around it; a bare row's is looked for.
    languages = [row["language"] for row in batch] if "language" in batch[0] else None
    found = tagger.tag([row["text"] for row in batch], languages=languages)
    for row, tagged in zip(batch, found, strict=True):
        # A row's own text is with the caller; a passage's is nowhere else.
        about = {k: v for k, v in row.items() if k != "text" or "document" in row}
        yield {**about, **tagged_record(tagged, all_concepts)}


def tagged_record(tagged: TaggedPassage | OwnTagged, all_concepts: bool = False) -> dict[str, Any]:
    """Tags and stance as a record; `abstained` says why where the model keeps quiet. An own
    framework has no stance."""
    found: dict[str, Any] = {
        "tags": [
            {
                "concept": tag.concept,
                "probability": tag.probability,
                "decided": tag.decided,
                "by": tag.by,
                "evidence": as_record(tag.evidence),
            }
            for tag in (tagged.tags if all_concepts else tagged.decided)
        ]
    }
    if isinstance(tagged, TaggedPassage):
        found["stance"] = {
            "label": tagged.stance.label.value,
            "probability": round(tagged.stance.probability, 4),
            "by": tagged.stance.by,
            "evidence": as_record(tagged.stance.evidence),
        }
    return {**found, "abstained": tagged.abstained, "model": tagged.model}


_Write = Callable[[dict[str, Any]], None]


def _jsonl(file: IO[str]) -> _Write:
    def write(row: dict[str, Any]) -> None:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")

    return write


_COLUMNS = ("id", "document", "source", "page", "concept", "probability", "quote", "start", "end")


def _csv(file: IO[str]) -> _Write:
    """One line per tag (one with an empty concept for a passage without any)."""
    writer = csv.writer(file)
    writer.writerow([*_COLUMNS, "stance", "stance_probability", "abstained", "model"])

    def write(row: dict[str, Any]) -> None:
        told = row.get("stance") or {"label": "", "probability": ""}
        stance = (told["label"], told["probability"], row["abstained"] or "")
        for tag in row["tags"] or [{"concept": "", "probability": "", "evidence": []}]:
            first = (tag["evidence"] or [{"quote": "", "start": "", "end": ""}])[0]
            values = {**row, **tag, **first}
            cells = [safe_cell(values.get(name, "")) for name in _COLUMNS]
            writer.writerow([*cells, *stance, row["model"]])

    return write


# The full-width forms are formulas in East Asian editions of spreadsheet programs.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
