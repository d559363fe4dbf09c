"""Labelled rows of another framework: a table of people's labels (CSV), or JSON lines."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from evaluation.lines import lines
from miner.catalogue.name import fold
from miner.errors import InputError
from miner.taxonomy import Framework

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A text with its concepts. group: what it was taken from (country, document), so that
    splits never cut through one."""

    text: str
    concepts: frozenset[str]
    undecided: frozenset[str]
    group: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of a table's columns."""

    text: str = "ndc_text"
    concept: str = "goal"
    group: str = "country"


def read_own(path: Path, framework: Framework, columns: Columns) -> list[OwnRow]:
    """The labelled texts, each once with all its concepts. Raises InputError with the place.

    A table has one line per text and concept; the concept is named by id or label, or by a
    number that only one concept's id ends in ("Goal 7 - ..." and `sdg.7`). JSON lines have
    `text`, `concepts`, and may have `undecided` and `source` or `country`.
    """
    read = _table(path, framework, columns) if path.suffix == ".csv" else _lines(path, framework)
    merged: dict[str, OwnRow] = {}
    for row in read:
        held = merged.get(row.text)
        merged[row.text] = (
            OwnRow(row.text, held.concepts | row.concepts, held.undecided, held.group)
            if held
            else row
        )
    if not merged:
        raise InputError(str(path), "it holds no labelled text", "Name another file.")
    return list(merged.values())


def _lines(path: Path, framework: Framework) -> Iterator[OwnRow]:
    known = {concept.id for concept in framework.concepts}
    for line in lines(path):
        concepts = frozenset(line.value("concepts", list, "a list of ids"))
        undecided = frozenset(line.values.get("undecided") or ())
        if unknown := (concepts | undecided) - known:
            raise line.fault(
                f"the framework has no concept {min(unknown)!r}", "Name its own framework."
            )
        group = line.values.get("source") or line.values.get("country") or line.where
        yield OwnRow(line.text("text"), concepts, undecided, str(group))


def _table(path: Path, framework: Framework, columns: Columns) -> Iterator[OwnRow]:
    names = _names(framework)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            for wanted in (columns.text, columns.concept, columns.group):
                if wanted not in (reader.fieldnames or ()):
                    raise InputError(
                        str(path), f"it has no column {wanted!r}", "Name it with --columns."
                    )
            for row in reader:
                text = " ".join((row[columns.text] or "").split())
                where = f"{path}, line {reader.line_num}"
                if text:
                    concept = _concept(row[columns.concept] or "", names, where)
                    group = (row[columns.group] or "").strip()
                    yield OwnRow(text, frozenset([concept]), frozenset(), group)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(str(path), f"it cannot be read ({error})", "Check the path.") from error


def _names(framework: Framework) -> Mapping[str, str]:
    """What concepts are called in tables; names that two share are left out."""
    names: dict[str, str] = {}
    shared: set[str] = set()
    for concept in framework.concepts:
        number = re.search(r"(\d+)$", concept.id)
        called = {concept.id, fold(concept.label), *([number.group(1)] if number else [])}
        shared |= called & set(names)
        names.update(dict.fromkeys(called, concept.id))
    return {name: concept for name, concept in names.items() if name not in shared}


def _concept(cell: str, names: Mapping[str, str], where: str) -> str:
    number = _NUMBER.search(cell)
    for name in (cell.strip(), fold(cell), number.group() if number else ""):
        if name in names:
            return names[name]
    raise InputError(where, f"{cell!r:.60} is no concept", "Use the framework's ids or labels.")
