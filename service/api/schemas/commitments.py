"""Commitment: who has promised what by when, with the words that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field

from service.api.schemas.base import Answer, Limit, Offset, Request, Score, example
from service.api.schemas.examples import ABOUT, PASSAGE, PASSAGE_ID, TEXT
from service.api.schemas.filters import Filters, Year
from service.api.schemas.passage import Evidence

if TYPE_CHECKING:
    from miner.commitments.ledger import Entry

ModalClass = Literal["duty", "plan", "aim", "aspiration", "completed", "operating"]


def _span(words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "quote": words}


_DEADLINE = {**_span("by June 2023"), "due": "2023-06"}
_STRENGTH = {
    "value": 0.87,
    "modal": "plan",
    "has_actor": True,
    "has_deadline": True,
    "has_resource": False,
    "rule": "1",
}
COMMITMENT: dict[str, Any] = {
    **ABOUT,
    "passage": PASSAGE_ID,
    "page": PASSAGE["page"],
    "sentence": _span(TEXT),
    "start": PASSAGE["start"],
    "end": PASSAGE["start"] + len(TEXT),
    "actor": _span("The National Cyber Authority"),
    "who": "The National Cyber Authority",
    "by_author": False,
    "modal": _span("will"),
    "action": _span("publish"),
    "object": _span("a policy on the disclosure of vulnerabilities"),
    "what": "publish a policy on the disclosure of vulnerabilities",
    "deadline": _DEADLINE,
    "resource": None,
    "beneficiary": None,
    "strength": _STRENGTH,
    "in_place": False,
    "concepts": ["norm.j_vulnerability_reporting"],
    "citation": PASSAGE["citation"],
}


class ChoiceQuery(Request):
    """What commitments are narrowed by, beside the filters of passages."""

    actor: Annotated[str, Field(max_length=200, description="Words that the actor holds.")] = ""
    modal: Annotated[
        list[ModalClass], Field(max_length=6, description="Modal classes; all if missing.")
    ] = Field(default_factory=list)
    due_from: Annotated[Year | None, Field(description="First year of the deadline.")] = None
    due_to: Annotated[Year | None, Field(description="Last year of the deadline.")] = None
    min_strength: Annotated[Score, Field(description="Least strength.")] = 0.0
    sort: Annotated[
        Literal["strength", "deadline", "document"],
        Field(description="Strongest first, soonest deadline first, or in order of the text."),
    ] = "strength"
    limit: Limit = 50
    offset: Offset = 0


class CommitmentQuery(Filters, ChoiceQuery):
    """All that a list of commitments is narrowed by."""


class Deadline(Evidence):
    """By when. `due` is the last day, month or year it comes to, where it can be told."""

    model_config = example(**_DEADLINE)

    due: Annotated[str | None, Field(description="ISO 8601, as precise as the words.")]


class Strength(Answer):
    """How firmly it binds, and the parts that say so (docs/commitments.md)."""

    model_config = example(**_STRENGTH)

    value: Score
    modal: ModalClass
    has_actor: bool
    has_deadline: bool
    has_resource: bool
    rule: Annotated[str, Field(description="Version of the rule.")]


class Commitment(Answer):
    """A promise, duty, aim or measure; spans count code points of the passage's text."""

    model_config = example(**COMMITMENT)

    document: str
    title: str
    country: str | None
    country_name: str | None
    organisations: list[str]
    year: int | None
    passage: Annotated[str, Field(description="Id of its passage.")]
    page: Annotated[int, Field(description="Page on which its passage begins, from 1.")]
    sentence: Evidence
    start: Annotated[int, Field(description="Offset of the sentence in the document's text.")]
    end: int
    actor: Evidence | None
    who: Annotated[str, Field(description="The actor; with the issuing body where it is `we`.")]
    by_author: Annotated[bool, Field(description="The actor is `we`, the document's author.")]
    modal: Annotated[Evidence | None, Field(description="The words that bind, where there are.")]
    action: Evidence
    object: Evidence | None
    what: Annotated[str, Field(description="Action and object as the text has them.")]
    deadline: Deadline | None
    resource: Evidence | None
    beneficiary: Evidence | None
    strength: Strength
    in_place: Annotated[bool, Field(description="It is there already: completed or operating.")]
    concepts: Annotated[list[str], Field(description="What it, or else its passage, addresses.")]
    citation: Annotated[str, Field(description="How to quote it, with its page.")]

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """From the ledger."""
        one, about = entry.commitment, entry.stored.metadata
        roles = ("sentence", "actor", "modal", "action", "object", "resource", "beneficiary")
        return cls.model_validate(
            {
                "document": one.document,
                "title": about.title,
                "country": about.country,
                "country_name": about.country_name,
                "organisations": list(about.organisations),
                "year": about.year,
                "passage": one.passage,
                "page": entry.stored.passage.page,
                "start": entry.start,
                "end": entry.end,
                "who": entry.who,
                "by_author": one.by_author,
                "what": entry.what,
                "deadline": one.deadline,
                "strength": one.strength,
                "in_place": one.in_place,
                "concepts": list(entry.concepts),
                "citation": entry.citation,
                **{role: getattr(one, role) for role in roles},
            }
        )


class CommitmentList(Answer):
    """Some of the commitments that were asked for."""

    model_config = example(items=[COMMITMENT], total=1, limit=50, offset=0, extractor="1-0a1b2c")

    items: list[Commitment]
    total: Annotated[int, Field(description="How many there are in all.")]
    limit: int
    offset: int
    extractor: Annotated[str, Field(description="Version of the extractor.")]
