"""Which two documents of a country to compare where only the country is named."""

from __future__ import annotations

from dataclasses import dataclass

from miner.errors import InputError
from miner.store import Store, StoredDocument


@dataclass(frozen=True, slots=True)
class Pair:
    """The older and the newer document, and those of the country that were not chosen."""

    older: StoredDocument
    newer: StoredDocument
    others: tuple[StoredDocument, ...]


def pair_of(store: Store, country: str) -> Pair:
    """The first and the last English document of a country whose year is known.

    Of several in one year the one with the most passages is taken: a summary or a command's
    vision stands beside the national strategy. Raises InputError where there are not two.
    """
    held = [item for item in store.documents() if item.metadata.country == country]
    fit = [i for i in held if i.metadata.year and (i.metadata.language or "en") == "en"]
    years = sorted({item.metadata.year or 0 for item in fit})
    if len(years) < 2:
        listed = "; ".join(_named(item) for item in held) or "none"
        raise InputError(
            f"country {country}",
            f"the store holds no two English documents of different years of it ({listed})",
            "Ingest another one, or name two documents by their ids.",
        )
    older, newer = (
        max(
            (item for item in fit if item.metadata.year == year),
            key=lambda item: (item.passages, item.id),
        )
        for year in (years[0], years[-1])
    )
    others = tuple(item for item in held if item.id not in (older.id, newer.id))
    return Pair(older, newer, others)


def _named(item: StoredDocument) -> str:
    about = item.metadata
    return f"{item.id} {about.title or 'untitled'}, {about.year or 'n.d.'}, {about.language}"
