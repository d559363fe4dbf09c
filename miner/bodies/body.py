"""A Body: an organisation, process, treaty, network or team that documents name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a body is. `team` is a response team, found by the pattern of its name."""

    PROCESS = "process"
    TREATY = "treaty"
    ORGANISATION = "organisation"
    AGENCY = "agency"
    NETWORK = "network"
    INITIATIVE = "initiative"
    TEAM = "team"


class Role(StrEnum):
    """What a text says of its author's country and a body, the closest tie first. `own`: a
    response team of that country."""

    OWN = "own"
    MEMBER = "member"
    INTENDS = "intends"
    TAKES_PART = "takes_part"
    WORKS_WITH = "works_with"
    FOLLOWS = "follows"
    MENTIONS = "mentions"


@dataclass(frozen=True, slots=True)
class Body:
    """id: stable; a team's is `team.` and its name. short: what people call it.

    organisation: its id in the geography, where its dated members are known.
    country: of a team, where its name tells it. url: where to look it up.
    """

    id: str
    name: str
    short: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    organisation: str | None = None
    country: str | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a document names a body: `document.text[start:end] == quote`.

    sentence: the sentence around it. role: what the sentence says of the author's country and
    the body; it is read from the words of that sentence alone.
    """

    body: str
    document: str
    passage: str
    page: int
    start: int
    end: int
    quote: str
    sentence: str
    role: Role
