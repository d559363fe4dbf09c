"""The Matrix: documents or countries by concepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from miner.alignment import rule
from miner.catalogue.geography import Geography
from miner.coverage.cell import RANK, Cell, level_rule
from miner.coverage.profile import Profile, Source, Total
from miner.coverage.profiles import Profiles
from miner.coverage.selection import Choice, Selection, by_country, chosen
from miner.store import StoredDocument
from miner.taxonomy import Concept, Framework

By = Literal["country", "document"]


@dataclass(frozen=True, slots=True)
class Row:
    """One country or document: `cells` are in the order of the matrix's concepts.

    key: a country's code or a document's id. sources: the documents that speak for it. passed:
    a country's newer documents of which too little could be read to speak for it.
    overall: the score of the document; of several documents, of the one that scores most.
    """

    key: str
    label: str
    sources: tuple[Source, ...]
    passed: tuple[Source, ...]
    overall: Total
    groups: tuple[Total, ...]
    read: float
    cells: tuple[Cell, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows by concepts, with the versions of what they were made with.

    rule, level_rule: versions of the scoring rule and of the rule for levels. models: ids of the
    tagging models whose tags the documents have.
    """

    framework: Framework
    rule: str
    level_rule: str
    models: tuple[str, ...]
    concepts: tuple[Concept, ...]
    rows: tuple[Row, ...]
    by: By
    choice: Choice


def matrix(
    profiles: Profiles,
    geography: Geography,
    framework: Framework,
    selection: Selection | None = None,
    *,
    by: By = "country",
) -> Matrix:
    """The matrix of the documents that a selection leaves. Raises what `documents_of` raises."""
    wanted = selection or Selection()
    documents = wanted.documents_of(profiles.store, geography)
    profiles.warm(documents, framework)
    if by == "document":
        rows = [_row(stored.id, [stored], [], profiles, framework) for stored in documents]
    else:
        rows = [
            _country(code, several, wanted.choice, profiles, framework, geography)
            for code, several in by_country(documents).items()
        ]
    models = sorted({profiles.of(stored, framework).model for stored in documents})
    return Matrix(
        framework=framework,
        rule=rule().version,
        level_rule=level_rule().version,
        models=tuple(models),
        concepts=framework.concepts,
        rows=tuple(sorted(rows, key=lambda row: row.label) if by == "country" else rows),
        by=by,
        choice=wanted.choice,
    )


def _country(
    code: str,
    several: Sequence[StoredDocument],
    choice: Choice,
    profiles: Profiles,
    framework: Framework,
    geography: Geography,
) -> Row:
    least = rule()["readable"]
    speak = chosen(several, choice, lambda stored: profiles.of(stored, framework).read >= least)
    passed = several[: several.index(speak[0])] if choice == "latest" else []
    country = geography.country(code)
    label = country.common_name if country else several[0].metadata.country_name or code
    return _row(code, speak, passed, profiles, framework, label)


def _row(
    key: str,
    speak: Sequence[StoredDocument],
    passed: Sequence[StoredDocument],
    profiles: Profiles,
    framework: Framework,
    label: str | None = None,
) -> Row:
    found = [profiles.of(stored, framework) for stored in speak]
    most = max(found, key=lambda profile: profile.overall.score)
    return Row(
        key=key,
        label=label or speak[0].metadata.title or key,
        sources=tuple(map(Source.of, speak)),
        passed=tuple(map(Source.of, passed)),
        overall=most.overall,
        groups=most.groups,
        read=max(profile.read for profile in found),
        cells=tuple(_strongest(found, column) for column in range(len(framework.concepts))),
        cautions=tuple(dict.fromkeys(c for profile in found for c in profile.cautions)),
    )


def _strongest(profiles: Sequence[Profile], column: int) -> Cell:
    cells = [profile.cells[column] for profile in profiles]
    return min(cells, key=lambda cell: (RANK[cell.level], -cell.score))
