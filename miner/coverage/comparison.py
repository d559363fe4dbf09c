"""Comparison: any number of documents side by side, concept by concept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from miner.catalogue.geography import Geography
from miner.coverage.cell import Cell, Level
from miner.coverage.matrix import Matrix, matrix
from miner.coverage.profiles import Profiles
from miner.coverage.selection import Selection
from miner.errors import InputError
from miner.taxonomy import Framework


@dataclass(frozen=True, slots=True)
class Compared:
    """One concept across the documents, in their order.

    spread: the highest score less the lowest. apart: whether the interval of the highest lies
    above that of the lowest, so that the difference is more than the scores' own uncertainty.
    only: ids of the documents that commit to it, where fewer than half of them do.
    """

    concept: str
    label: str
    group: str
    cells: tuple[Cell, ...]
    spread: float
    apart: bool
    only: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Documents (the rows of `matrix`) against one framework, concept by concept."""

    matrix: Matrix
    concepts: tuple[Compared, ...]


def compare(
    profiles: Profiles, geography: Geography, framework: Framework, documents: Sequence[str]
) -> Comparison:
    """Documents side by side, in the order given.

    Raises NotFound for a document that is not stored, InputError for fewer than two or one that
    is named twice.
    """
    if len(documents) < 2:
        raise InputError("documents", "fewer than two are named", "Name two or more.")
    if len(set(documents)) < len(documents):
        raise InputError("documents", "one is named twice", "Name each document once.")
    found = matrix(
        profiles, geography, framework, Selection(documents=tuple(documents)), by="document"
    )
    order = {name: rank for rank, name in enumerate(documents)}
    rows = tuple(sorted(found.rows, key=lambda row: order[row.key]))
    ordered = replace(found, rows=rows)
    return Comparison(
        ordered,
        tuple(
            _compared(concept.id, concept.label, concept.group, [row.cells[column] for row in rows])
            for column, concept in enumerate(found.concepts)
        ),
    )


def _compared(concept: str, label: str, group: str, cells: Sequence[Cell]) -> Compared:
    high = max(cells, key=lambda cell: cell.score)
    low = min(cells, key=lambda cell: cell.score)
    committed = [cell.document for cell in cells if cell.level is Level.COMMITTED]
    return Compared(
        concept=concept,
        label=label,
        group=group,
        cells=tuple(cells),
        spread=round(high.score - low.score, 4),
        apart=high.interval[0] > low.interval[1],
        only=tuple(committed) if len(committed) * 2 < len(cells) else (),
    )
