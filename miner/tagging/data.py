"""The project's labelled passages: written ones with their text, real ones by reference.

`written.jsonl` holds passages that the project wrote one by one, `invented.jsonl` passages cut
from whole documents that it wrote for invented countries. `standoff.jsonl` holds labels of real
documents without their text: file, page, offsets and the SHA-256 of the words, which are read
from the reader's own copy of the corpus. See models/training/CARD.md.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from miner.errors import InputError
from miner.feedback.rows import training_rows
from miner.feedback.table import read_folder
from miner.parsing.decode import unpaired
from miner.tagging.train import Example
from miner.taxonomy import codebook

# A real passage counts more than one that the project wrote: it is what the model will meet.
REAL_WEIGHT = 2.0
# A person's decision counts more than a reading by a model.
FEEDBACK_WEIGHT = 3.0


def written() -> list[Example]:
    """The passages that the project wrote one by one."""
    return [_example(row, row["text"], "written") for row in _shipped("written.jsonl")]


def invented() -> list[Example]:
    """The passages of the documents that the project wrote for invented countries."""
    return [_example(row, row["text"], "written") for row in _shipped("invented.jsonl")]


def standoff(corpus: Path) -> list[Example]:
    """The labelled passages of real documents, their words read from `corpus`.

    Raises InputError where a file is missing or its words are not those that were labelled.
    """
    return [
        _example(row, words_of(corpus, row), row["source"], REAL_WEIGHT)
        for row in _shipped("standoff.jsonl")
    ]


def sources() -> frozenset[str]:
    """The real documents whose passages are labelled: paths below a corpus."""
    return frozenset(row["source"] for row in _shipped("standoff.jsonl"))


def words_of(corpus: Path, row: Mapping[str, Any]) -> str:
    """The words of a passage labelled by reference. Raises InputError as `standoff` does."""
    text = _passage(corpus, row)
    if hashlib.sha256(text.encode()).hexdigest() != row["sha256"]:
        raise InputError(
            f"{row['source']}, page {row['page']}",
            "these are not the words that were labelled",
            "Use the corpus the labels were made on; see models/training/CARD.md.",
        )
    return text


def training(corpus: Path | None) -> list[Example]:
    """All passages to learn from; without a corpus, those that the project wrote.

    Raises InputError as `standoff` does.
    """
    return written() + invented() + (standoff(corpus) if corpus is not None else [])


@dataclass(frozen=True, slots=True)
class Pair:
    """A query and a passage that answers it."""

    query: str
    passage: str


def pairs(corpus: Path) -> list[Pair]:
    """The project's queries, each with the real passage it was written for, from `corpus`.

    Raises InputError as `standoff` does.
    """
    found = []
    for row in _shipped("queries.jsonl"):
        text = words_of(corpus, row)
        found += [Pair(query, text) for query in row["queries"]]
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


def feedback(path: Path) -> list[Example]:
    """What analysts decided: rows that `miner feedback export` wrote, or a store's folder.

    Only what was said counts: all other concepts of a row are undecided. Raises InputError or
    StoreError where it cannot be read, and where nothing was decided.
    """
    if path.is_dir():
        rows = list(training_rows(read_folder(path)))
        found = [_example(row, row["text"], row["source"]) for row in rows]
    else:
        found = labelled(path)
    if not found:
        raise InputError(
            str(path), "nothing was decided in it", "Decide with `miner feedback add` first."
        )
    return [replace(example, weight=FEEDBACK_WEIGHT) for example in found]


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
        return unpaired(file.read())


@lru_cache(maxsize=64)
def _pdf_page(path: Path, number: int) -> str:
    document = pdfium.PdfDocument(path)
    try:
        return str(document[number - 1].get_textpage().get_text_range())
    finally:
        document.close()
