"""A Selection of documents out of the words of a caller, for the API and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miner.coverage import Selection
from miner.coverage.selection import Choice
from miner.query.given import Given, organisation_id, where

if TYPE_CHECKING:
    from service.workspace import Workspace


def selected(
    workspace: Workspace,
    given: Given,
    *,
    organisation: str | None = None,
    on: int | None = None,
    choice: Choice = "latest",
) -> Selection:
    """The documents that are meant.

    Args:
        given: country, type, language, document and years count.
        organisation: only its members, as of the year `on` (each document's own year without).
        choice: see `Selection`.

    Raises InputError or NotFound for a value that nobody knows.
    """
    geography, store = workspace.geography, workspace.store
    chosen = where(given, geography, store).any_of
    return Selection(
        countries=tuple(chosen.get("country", ())),
        organisation=organisation_id(organisation, geography, store) if organisation else None,
        on=on,
        types=tuple(chosen.get("type", ())),
        languages=tuple(chosen.get("language", ())),
        since=given.first,
        until=given.last,
        documents=tuple(chosen.get("document", ())),
        choice=choice,
    )
