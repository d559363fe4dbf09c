"""Labelled passages of a user's own framework: one JSON object a line."""

from __future__ import annotations

import json
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from miner.errors import InputError
from miner.tagging.train import Example
from miner.taxonomy import Framework

_FORM = 'Write {"text": "...", "concepts": ["..."]} on each line.'


def read_examples(path: Path, framework: Framework) -> list[Example]:
    """The labelled rows of a JSONL file.

    A row has `text` and `concepts` (ids of the framework; none is a label too: nothing holds),
    and may have `undecided` (ids that count neither way) and `source` (its document).
    Raises InputError that names the file, the line and the fault.
    """
    try:
        content = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        cause = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(str(path), f"it cannot be read ({cause})", "Check the path.") from error
    return parse_examples(content, str(path), framework)


def parse_examples(content: str, name: str, framework: Framework) -> list[Example]:
    """The labelled rows of a text; `name` is what messages call it. Raises InputError."""
    known = {concept.id for concept in framework.concepts}
    found = []
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            found.append(_example(line, f"{name}, line {number}", known))
    if not found:
        raise InputError(name, "it holds no labelled row", _FORM)
    if not any(example.concepts for example in found):
        raise InputError(name, "no row carries a concept", "Label some rows with concepts.")
    return found


def _example(line: str, where: str, known: set[str]) -> Example:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(where, "it is no JSON", _FORM) from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise InputError(where, "it has no text", _FORM)
    if not row["text"].strip():
        raise InputError(where, "its text is empty", "Give it a text, or drop the line.")
    concepts = _ids(row.get("concepts"), "concepts", where, known)
    undecided = _ids(row.get("undecided") or [], "undecided", where, known)
    if both := concepts & undecided:
        raise InputError(
            where, f"{min(both)!r} is both a concept and undecided", "Leave it in one of them."
        )
    source = row.get("source")
    return Example(row["text"], concepts, undecided, None, str(source or where))


def _ids(value: Any, name: str, where: str, known: set[str]) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError(where, f"its field {name!r} is no list of ids", _FORM)
    for item in value:
        if item not in known:
            near = get_close_matches(item, sorted(known), 1)
            raise InputError(
                where,
                f"the framework has no concept {item!r:.80}",
                f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(sorted(known))}.",
            )
    return frozenset(value)
