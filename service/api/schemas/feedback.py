"""Feedback: what analysts decide about the tags of passages."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field

from miner.feedback import decision as domain
from miner.feedback.decision import Verdict
from miner.taxonomy import Stance
from service.api.schemas.base import Answer, Limit, Offset, Request, example
from service.api.schemas.examples import CONCEPT, DOCUMENT_ID, MODEL, PASSAGE_ID, QUOTE, TEXT
from service.api.schemas.passage import PassageId

MOST = 100
_DECIDED: dict[str, Any] = {"verdict": "reject", "concept": CONCEPT}
_DECISION: dict[str, Any] = {
    "id": 17,
    "passage": PASSAGE_ID,
    "document": DOCUMENT_ID,
    "title": "National Cyber Resilience Strategy 2022-2027",
    "text": TEXT,
    "who": "Ana Souza",
    "at": "2026-02-03T09:15:00+00:00",
    "verdict": "reject",
    "concept": CONCEPT,
    "stance": None,
    "quote": "",
    "model": MODEL,
    "comment": "It is about incidents, not vulnerabilities.",
    "stored": True,
}


class Decided(Request):
    """One thing that an analyst says of a passage."""

    model_config = example(**_DECIDED)

    verdict: Annotated[
        Verdict,
        Field(
            description="`accept` a tag of the model, `reject` one, `add` one that it missed, "
            "correct the `stance`; `withdraw` what was said of the concept (of the stance where "
            "none is named)."
        ),
    ]
    concept: Annotated[str | None, Field(max_length=100)] = None
    stance: Stance | None = None
    quote: Annotated[
        str, Field(max_length=20_000, description="Words of the passage that speak for it.")
    ] = ""


class FeedbackRequest(Request):
    """Decisions on one passage, stored all or none."""

    model_config = example(
        who="Ana Souza",
        passage=PASSAGE_ID,
        decisions=[_DECIDED, {"verdict": "add", "concept": CONCEPT, "quote": QUOTE}],
        comment="It is about incidents, not vulnerabilities.",
    )

    who: Annotated[str, Field(min_length=1, max_length=200, description="The analyst's name.")]
    passage: PassageId
    decisions: Annotated[list[Decided], Field(min_length=1, max_length=MOST)]
    comment: Annotated[str, Field(max_length=4000)] = ""


class Decision(Answer):
    """A decision as it is kept: for ever, also where its document is gone."""

    model_config = example(**_DECISION)

    id: Annotated[int, Field(description="Grows with every decision of the store.")]
    passage: str
    document: str
    title: str
    text: Annotated[str, Field(description="The passage's words, which it is about.")]
    who: str
    at: Annotated[str, Field(description="When, in UTC.")]
    verdict: Verdict
    concept: str | None
    stance: Stance | None
    quote: str
    model: Annotated[str, Field(description="Whose tags the analyst saw.")]
    comment: str
    stored: Annotated[bool, Field(description="Whether these words are in the store now.")]

    @classmethod
    def of(cls, decision: domain.Decision, stored: bool) -> Self:
        """From the domain."""
        fields = {name: getattr(decision, name) for name in cls.model_fields if name != "stored"}
        return cls(**fields, stored=stored)


class FeedbackQuery(Request):
    """What a list of decisions is narrowed by."""

    passage: Annotated[str | None, Field(max_length=64)] = None
    document: Annotated[str | None, Field(max_length=64)] = None
    concept: Annotated[str | None, Field(max_length=100)] = None
    who: Annotated[str | None, Field(max_length=200)] = None
    limit: Limit = 50
    offset: Offset = 0


class DecisionList(Answer):
    """Decisions, the latest first."""

    model_config = example(items=[_DECISION], total=1, limit=50, offset=0)

    items: list[Decision]
    total: int
    limit: int
    offset: int
