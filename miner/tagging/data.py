"""The project's labelled passages: written ones with their text, real ones by reference.

`written.jsonl` holds passages that the project wrote. `standoff.jsonl` holds labels of real
documents without their text: file, page, offsets and the SHA-256 of the words, which are read
from the reader's own copy of the corpus. See models/training/CARD.md.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from miner.errors import InputError
from miner.tagging.train import Example
from miner.taxonomy import codebook

# A real passage counts more than a written one: it is what the model will meet.
REAL_WEIGHT = 2.0


def written() -> list[Example]:
    """The passages that the project wrote."""
    return [_example(row, row["text"], "written") for row in _shipped("written.jsonl")]


def standoff(corpus: Path) -> list[Example]:
    """The labelled passages of real documents, their words read from `corpus`.

    Raises InputError where a file is missing or its words are not those that were labelled.
    """
    found = []
    for row in _shipped("standoff.jsonl"):
        text = _passage(corpus, row)
        if hashlib.sha256(text.encode()).hexdigest() != row["sha256"]:
            raise InputError(
                f"{row['source']}, page {row['page']}",
                "these are not the words that were labelled",
                "Use the corpus the labels were made on; see models/training/CARD.md.",
            )
        found.append(_example(row, text, row["source"], REAL_WEIGHT))
    return found


def labelled(path: Path) -> list[Example]:
    """Labelled rows of a JSONL file: id, text, concepts, undecided, stance and source.

    Raises InputError that names the file, the line and the fault.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(str(path), f"it cannot be read ({error})", "Check the path.") from error
    found = []
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            found.append(_example(row, row["text"], str(row.get("source", row.get("id")))))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{path}, line {number}",
                f"not a labelled row ({type(error).__name__}: {error})",
                "Write id, text, concepts, undecided and stance on each line.",
            ) from error
    return found


def _shipped(name: str) -> Iterator[dict[str, Any]]:
    text = (files("models") / "training" / name).read_text("utf-8")
    return (json.loads(line) for line in text.splitlines())


def _example(row: Mapping[str, Any], text: str, group: str, weight: float = 1.0) -> Example:
    concepts, undecided = frozenset(row["concepts"]), frozenset(row.get("undecided") or ())
    unknown = (concepts | undecided) - set(codebook())
    if unknown:
        raise KeyError(f"unknown concept {min(unknown)}")
    return Example(text, concepts, undecided, row.get("stance"), group, weight)


def _passage(corpus: Path, row: Mapping[str, Any]) -> str:
    path = corpus / row["source"]
    try:
        text = _pdf_page(path, row["page"]) if path.suffix == ".pdf" else _text(path)
    except (OSError, pdfium.PdfiumError) as error:
        raise InputError(
            str(path), f"it cannot be read ({error})", "Name the corpus with --corpus."
        ) from error
    # Line-end hyphens that the PDF library marks with \x02 were labelled as hyphens.
    return re.sub(r"\s+", " ", text[row["start"] : row["end"]]).replace("\x02", "-")


@lru_cache(maxsize=8)
def _text(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return file.read()


@lru_cache(maxsize=64)
def _pdf_page(path: Path, number: int) -> str:
    document = pdfium.PdfDocument(path)
    try:
        return str(document[number - 1].get_textpage().get_text_range())
    finally:
        document.close()
