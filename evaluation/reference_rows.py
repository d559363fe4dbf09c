"""Judged pairs of statements and passages, joined with their signals."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluation.documents import TaggedDocument
from evaluation.lines import lines
from miner.alignment.measure import is_prose
from miner.alignment.reference.similarity import similarity
from miner.alignment.reference.statement import statements
from miner.embedding import Encoder
from miner.tagging.tagger import Tagger


@dataclass(frozen=True, slots=True)
class Row:
    """A statement of a reference against a document: grades above 0 by the passage's hash."""

    reference: str
    statement: str
    document: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """A row with what the product sees: signals (n, 5) and grades (n,) of the passages."""

    reference: str
    statement: str
    document: str
    signals: NDArray[np.float64]
    grades: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Judged:
    """All pairs; `lost`: judged statements and passages that the parser no longer makes."""

    pairs: tuple[JudgedPair, ...]
    lost: int


def judgements(path: Path) -> list[Row]:
    """The judged rows of a file."""
    return [
        Row(
            line.text("reference"),
            line.value("statement", list, "[start, end, hash]")[2],
            line.text("document"),
            {one[2]: int(one[3]) for one in line.value("grades", list, "a list of grades")},
        )
        for line in lines(path)
    ]


def digest(text: str) -> str:
    """Hash of a text's words: first 16 hex digits of SHA-256, whatever the spaces and capitals."""
    return hashlib.sha256(" ".join(text.lower().split()).encode()).hexdigest()[:16]


def judged(
    rows: Sequence[Row], documents: Mapping[str, TaggedDocument], tagger: Tagger, encoder: Encoder
) -> Judged:
    """Join rows with the signals of their documents."""
    found: list[JudgedPair] = []
    lost = 0
    for reference, document in dict.fromkeys((row.reference, row.document) for row in rows):
        wanted = statements(documents[reference].pairs)
        place = {digest(statement.text): n for n, statement in enumerate(wanted)}
        tags = tagger.tag([s.text for s in wanted], ["en"] * len(wanted))
        prose = [pair for pair in documents[document].pairs if is_prose(pair)]
        column = {digest(passage.text): n for n, (passage, _) in enumerate(prose)}
        seen = similarity([s.text for s in wanted], tags, prose, encoder)
        for row in rows:
            if (row.reference, row.document) != (reference, document):
                continue
            if row.statement not in place:
                lost += 1
                continue
            grades = np.zeros(len(prose), np.int64)
            for name, grade in row.grades.items():
                lost += name not in column
                if name in column:
                    grades[column[name]] = grade
            signals = seen.signals[place[row.statement]]
            found.append(JudgedPair(reference, row.statement, document, signals, grades))
    return Judged(tuple(found), lost)
