"""A document against the statements of a reference document."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from miner.alignment.reference.answer import Verdict
from miner.taxonomy import Stance
from service.api.schemas.base import Answer, Score, example
from service.api.schemas.examples import BOX, COMMITMENT, DOCUMENT_ID, PASSAGE_ID, TEXT
from service.api.schemas.passage import Box

_STATEMENT: dict[str, Any] = {
    "number": 3,
    "text": "States encourage the responsible disclosure of vulnerabilities.",
    "lead": "",
    "passage": PASSAGE_ID,
    "page": 2,
    "start": 1200,
    "end": 1263,
    "heading_path": [],
    "stance": "commitment",
    "commitment": COMMITMENT,
    "boxes": [BOX],
}
_PASSAGE: dict[str, Any] = {
    "passage": PASSAGE_ID,
    "page": 7,
    "heading_path": ["3. Secure products"],
    "quote": TEXT,
    "start": 20412,
    "end": 20412 + len(TEXT),
    "text": TEXT,
    "partly": 0.83,
    "whole": 0.61,
    "stance": "commitment",
    "commitment": COMMITMENT,
    "boxes": [BOX],
}
_MATCH: dict[str, Any] = {
    "statement": _STATEMENT,
    "concepts": ["norm.j_vulnerability_reporting"],
    "verdict": "matched",
    "partly": 0.83,
    "whole": 0.61,
    "evidence": [_PASSAGE],
    "nearest": [],
}
_BEYOND: dict[str, Any] = {"statement": _STATEMENT, "concepts": ["dim.incident_management"]}


class CommitmentStrength(Answer):
    """How firmly a passage or statement binds, and what says so."""

    model_config = example(**COMMITMENT)

    value: Score
    modal: Annotated[
        str, Field(description="Class of the words that bind; `none` where they bind nobody.")
    ]
    has_actor: Annotated[bool, Field(description="Somebody is named who is bound.")]
    has_deadline: Annotated[bool, Field(description="A time is named.")]
    has_resource: Annotated[bool, Field(description="Money or staff is named.")]
    rule: Annotated[str, Field(description="Version of the rule of strength.")]


class Statement(Answer):
    """A sentence, item or part of a long sentence that commits or lays down a principle."""

    model_config = example(**_STATEMENT)

    number: Annotated[int, Field(description="Its place among the document's statements.")]
    text: str
    lead: Annotated[str, Field(description="The sentence that a list of items hangs on.")]
    passage: Annotated[str, Field(description="Id of its passage.")]
    page: int
    start: int
    end: int
    heading_path: list[str]
    stance: Stance
    commitment: CommitmentStrength
    boxes: list[Box]


class MatchedPassage(Answer):
    """A passage that says a statement, or comes nearest to it; `quote` is its nearest sentence."""

    model_config = example(**_PASSAGE)

    passage: Annotated[str, Field(description="Id of the passage.")]
    page: int
    heading_path: list[str]
    quote: str
    start: int
    end: int
    text: str
    partly: Annotated[Score, Field(description="Probability that it says part of the statement.")]
    whole: Annotated[Score, Field(description="Probability that it says all of it.")]
    stance: Stance
    commitment: CommitmentStrength
    boxes: list[Box]


class StatementMatch(Answer):
    """A statement of the reference and what the document says to it."""

    model_config = example(**_MATCH)

    statement: Statement
    concepts: list[str]
    verdict: Verdict
    partly: Annotated[Score, Field(description="Probability that the document says part of it.")]
    whole: Annotated[Score, Field(description="Probability that the document says all of it.")]
    evidence: list[MatchedPassage]
    nearest: Annotated[list[MatchedPassage], Field(description="Where it is not found.")]


class Beyond(Answer):
    """A statement of the document that answers to none of the reference's."""

    model_config = example(**_BEYOND)

    statement: Statement
    concepts: list[str]


class ReferenceAlignment(Answer):
    """A document against the statements of a reference document."""

    model_config = example(
        reference=DOCUMENT_ID,
        title="Regional Cybersecurity Strategy",
        score=0.44,
        interval=[0.31, 0.57],
        matched=9,
        partly=14,
        not_found=12,
        statements=[_MATCH],
        beyond=[_BEYOND],
        beyond_total=21,
        rule="1",
        model="tagger-bf71840b15e1",
        encoder="all-MiniLM-L6-v2@53aa5117",
        cautions=[],
    )

    reference: Annotated[str, Field(description="Id of the reference document.")]
    title: str
    score: Annotated[
        Score, Field(description="Mean over statements, where matched counts 1 and partly 1/2.")
    ]
    interval: Annotated[tuple[float, float], Field(description="95 % interval of the score.")]
    matched: int
    partly: int
    not_found: int
    statements: list[StatementMatch]
    beyond: Annotated[list[Beyond], Field(description="Firmest first, 100 at most.")]
    beyond_total: int
    rule: Annotated[str, Field(description="Version of what makes a statement.")]
    model: Annotated[str, Field(description="Id of the tagging model.")]
    encoder: Annotated[str, Field(description="Id of the embedding model.")]
    cautions: list[str]
