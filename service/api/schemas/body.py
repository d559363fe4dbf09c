"""Bodies: organisations, processes, treaties and teams that documents name."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from miner.bodies import Kind, Role
from service.api.schemas.base import Answer, Limit, Offset, example
from service.api.schemas.coverage import DocumentQuery
from service.api.schemas.examples import ABOUT, DOCUMENT_ID, PASSAGE_ID

_ROLE = (
    "own: a response team of the document's country. member: member or party. intends: intends or "
    "considers to join. takes_part, works_with, follows (its texts), mentions."
)
_BODY: dict[str, Any] = {
    "id": "budapest-convention",
    "name": "Convention on Cybercrime of the Council of Europe",
    "short": "Budapest Convention",
    "kind": "treaty",
    "aliases": ["Convention on Cybercrime"],
    "organisation": None,
    "country": None,
    "url": "https://www.coe.int/en/web/cybercrime/the-budapest-convention",
}
_MENTION: dict[str, Any] = {
    "passage": PASSAGE_ID,
    "document": DOCUMENT_ID,
    "page": 12,
    "start": 30211,
    "end": 30230,
    "quote": "Budapest Convention",
    "sentence": "Calvessa ratified the Budapest Convention in 2019.",
    "role": "member",
}
_INVOLVEMENT: dict[str, Any] = {
    **{name: ABOUT[name] for name in ("document", "title", "country", "country_name", "year")},
    "body": "budapest-convention",
    "role": "member",
    "member": None,
    "mentions": [_MENTION],
}


class BodyQuery(DocumentQuery):
    """What bodies are narrowed by."""

    model_config = example(country=["Calvessa"], role=["member", "takes_part"])

    role: list[Role] = Field(default_factory=list, description=_ROLE)
    kind: list[Kind] = Field(default_factory=list)
    limit: Limit = 50
    offset: Offset = 0


class Body(Answer):
    """A named body."""

    model_config = example(**_BODY)

    id: str
    name: str
    short: Annotated[str, Field(description="What people call it.")]
    kind: Kind
    aliases: list[str]
    organisation: Annotated[
        str | None, Field(description="Its id among the organisations whose members are known.")
    ]
    country: Annotated[str | None, Field(description="Of a response team.")]
    url: str


class NamedBody(Body):
    """A body, and how often the documents name it."""

    model_config = example(
        **_BODY, documents=4, mentions=11, roles={"member": ["XCV"], "mentions": ["XIM"]}
    )

    documents: Annotated[int, Field(description="How many documents name it.")]
    mentions: Annotated[int, Field(description="At how many places.")]
    roles: Annotated[
        dict[str, list[str]], Field(description="Countries by the closest tie that is told.")
    ]


class BodyList(Answer):
    """Bodies that the documents name, those named by most documents first."""

    model_config = example(
        items=[{**_BODY, "documents": 4, "mentions": 11, "roles": {"member": ["XCV"]}}],
        total=1,
        limit=50,
        offset=0,
    )

    items: list[NamedBody]
    total: Annotated[int, Field(description="How many there are in all.")]
    limit: int
    offset: int


class Mention(Answer):
    """A place where a document names a body: `text[start:end] == quote`."""

    model_config = example(**_MENTION)

    passage: str
    document: str
    page: int
    start: int
    end: int
    quote: str
    sentence: str
    role: Annotated[Role, Field(description=_ROLE)]


class Involvement(Answer):
    """What one document says of its country and a body."""

    model_config = example(**_INVOLVEMENT)

    document: str
    title: str
    country: str | None
    country_name: str | None
    year: int | None
    body: str
    role: Annotated[Role, Field(description=f"The closest tie that is told. {_ROLE}")]
    member: Annotated[
        bool | None,
        Field(description="Member in that year by the dated record; null where there is none."),
    ]
    mentions: Annotated[list[Mention], Field(description="The closest tie first.")]


class BodyDetail(Body):
    """A body with all documents that name it."""

    model_config = example(**_BODY, involvements=[_INVOLVEMENT], total=1, limit=50, offset=0)

    involvements: list[Involvement]
    total: Annotated[int, Field(description="How many documents name it.")]
    limit: int
    offset: int
