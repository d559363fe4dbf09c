"""Which documents to compare, as a caller names them: a country, or two documents."""

from __future__ import annotations

from dataclasses import dataclass

from miner.catalogue.geography import Geography
from miner.changes import Changes, pair_of
from miner.errors import InputError
from miner.query.given import country_code
from miner.store import StoredDocument
from service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Changed:
    """The changes, and the country's documents that were not chosen."""

    changes: Changes
    others: tuple[StoredDocument, ...]


def changed(
    workspace: Workspace,
    geography: Geography,
    country: str | None,
    older: str | None,
    newer: str | None,
    *,
    patience: float | None = None,
) -> Changed:
    """Compare what is named.

    Raises InputError where neither a country nor two documents are named, or both; NotFound and
    NotYet as `Comparer.compare` does.
    """
    if country is not None and (older or newer):
        raise InputError(
            "changes", "both a country and documents are named", "Name a country or two documents."
        )
    if country is not None:
        pair = pair_of(workspace.store, country_code(country, geography, workspace.store))
        found = workspace.comparer.compare(pair.older.id, pair.newer.id, patience)
        return Changed(found, pair.others)
    if not older or not newer:
        raise InputError(
            "changes",
            "neither a country nor two documents are named",
            "Name a country, or the older and the newer document by their ids.",
        )
    return Changed(workspace.comparer.compare(older, newer, patience), ())
