"""Involvement: who takes part in what, one row per country (or document) and body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from miner.bodies.body import Body, Mention, Role
from miner.catalogue.geography import Geography
from miner.document import Metadata
from miner.errors import NotFound

_ORDER = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Involvement:
    """What one document says of its country and a body.

    role: the closest tie that any of the mentions tells. member: whether the country was a
    member of the organisation in the document's year, by the dated record; None where the body
    is no organisation with a record, or the document no country's.
    mentions: closest tie first, then in reading order.
    """

    body: str
    document: str
    country: str | None
    year: int | None
    role: Role
    member: bool | None
    mentions: tuple[Mention, ...]


def involvements(
    mentions: Iterable[Mention],
    bodies: Mapping[str, Body],
    metadata: Mapping[str, Metadata],
    geography: Geography,
) -> list[Involvement]:
    """One Involvement per document and body, in the order of first mention.

    bodies, metadata: by the ids that the mentions have.
    """
    held: dict[tuple[str, str], list[Mention]] = {}
    for mention in mentions:
        held.setdefault((mention.document, mention.body), []).append(mention)
    return [
        _involvement(bodies[body], document, several, metadata[document], geography)
        for (document, body), several in held.items()
    ]


def _involvement(
    body: Body, document: str, several: list[Mention], about: Metadata, geography: Geography
) -> Involvement:
    ordered = sorted(several, key=lambda mention: (_ORDER[mention.role], mention.start))
    return Involvement(
        body=body.id,
        document=document,
        country=about.country,
        year=about.year,
        role=ordered[0].role,
        member=_member(body, about, geography),
        mentions=tuple(ordered),
    )


def _member(body: Body, about: Metadata, geography: Geography) -> bool | None:
    if body.organisation is None or about.country is None:
        return None
    try:
        return about.country in geography.members(body.organisation, about.year)
    except NotFound:
        return None
