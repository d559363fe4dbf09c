"""Alignment: how far a document addresses a framework, with the passages each score rests on."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from miner.alignment.answer import Claim
from miner.tagging.tag import Origin
from miner.taxonomy import Stance
from service.api.schemas.base import Answer, Request, Score, example
from service.api.schemas.examples import (
    CONCEPT_ALIGNMENT,
    DOCUMENT_ID,
    EVIDENCE_PASSAGE,
    GROUP,
    MODEL,
    OVERALL,
    RATE,
    TEXT,
)
from service.api.schemas.passage import Box
from service.api.schemas.reference import CommitmentStrength, ReferenceAlignment

Interval = Annotated[tuple[float, float], Field(description="95 % interval of the score.")]
FrameworkId = Annotated[
    str,
    Field(
        max_length=100,
        description="Framework id (GET /v1/frameworks); the default one where missing.",
        examples=["cyber-resilience"],
    ),
]


class Rate(Answer):
    """A share counted on labelled passages, with its 95 % interval."""

    model_config = example(**RATE)

    value: Score
    low: Score
    high: Score
    n: Annotated[int, Field(description="How many passages it was counted on.")]


Evidence = Annotated[
    int, Field(ge=1, le=10_000, description="Most evidence passages per concept; all if missing.")
]


class EvidencePassage(Answer):
    """A passage that counts: `quote` is what the tag rests on, at `start` to `end` of the
    document's text."""

    model_config = example(**EVIDENCE_PASSAGE)

    passage: Annotated[str, Field(description="Id of the passage.")]
    page: int
    heading_path: list[str]
    quote: str
    start: int
    end: int
    text: str
    probability: Score
    by: Annotated[
        Origin, Field(description="Who gave the tag: a part of the model, or an analyst.")
    ]
    stance: Stance
    words: Annotated[int, Field(description="How many words the passage has.")]
    commitment: CommitmentStrength
    boxes: list[Box]


class ConceptAlignment(Answer):
    """One concept's score and what it rests on."""

    model_config = example(**CONCEPT_ALIGNMENT)

    concept: str
    label: str
    group: str
    score: Score
    present: Annotated[bool, Field(description="At least one passage counts for it.")]
    presence: Annotated[Score, Field(description="Probability that the document addresses it.")]
    depth: Annotated[Score, Field(description="Share of the prose, on a saturating scale.")]
    commitment: Annotated[Score, Field(description="How firmly the passages bind.")]
    interval: Interval
    evidence: Annotated[list[EvidencePassage], Field(description="Most probable first.")]
    nearest: Annotated[
        list[EvidencePassage],
        Field(description="Where fewer than three count: the best that did not."),
    ]
    note: str
    claim: Annotated[
        Claim,
        Field(
            description="found: a passage is decided. likely: presence is over one half. "
            "not found: neither. cannot tell: neither, and too little could be read."
        ),
    ]
    counted: Annotated[int, Field(description="How many passages count.")]
    share: Annotated[float, Field(ge=0, description="Share of the document's words.")]
    percentile: Annotated[
        Score | None, Field(description="Share of the corpus's strategies that give it less.")
    ]
    recall: Annotated[Rate | None, Field(description="What the model is known to find.")]
    precision: Annotated[Rate | None, Field(description="What the model is known to get right.")]
    offset: Annotated[float, Field(description="Of the calibration of presence, in log odds.")]


class GroupAlignment(Answer):
    """The mean of a group of concepts, or of the groups (`overall`)."""

    model_config = example(**GROUP)

    group: str
    score: Score
    interval: Interval
    present: Annotated[int, Field(description="How many of its concepts are present.")]
    concepts: Annotated[int, Field(description="How many concepts it has.")]


_ALIGNMENT = {
    "document": DOCUMENT_ID,
    "title": "National Cyber Resilience Strategy 2022-2027",
    "framework": "cyber-resilience",
    "framework_version": "4b7f0c21d9e8",
    "rule": "2",
    "model": MODEL,
    "read": 0.98,
    "weights": {"presence": 0.4, "depth": 0.3, "commitment": 0.3, "depth_half": 0.05},
    "passages": 41,
    "prose_words": 4210,
    "overall": OVERALL,
    "groups": [GROUP],
    "cautions": ["Page 9 holds images without text and was not read (no OCR)."],
}


class Alignment(Answer):
    """A document against a framework."""

    model_config = example(**_ALIGNMENT, concepts=[CONCEPT_ALIGNMENT])

    document: str
    title: str
    framework: str
    framework_version: Annotated[str, Field(description="Hash of the framework's content.")]
    rule: Annotated[str, Field(description="Version of the scoring rule.")]
    model: Annotated[str, Field(description="Id of the tagging model.")]
    passages: int
    prose_words: int
    overall: GroupAlignment
    groups: list[GroupAlignment]
    concepts: list[ConceptAlignment]
    cautions: Annotated[list[str], Field(description="What lowers what can be claimed.")]
    read: Annotated[Score, Field(description="Share of the document that could be read.")]
    weights: Annotated[
        dict[str, float], Field(description="Of the rule: to compute the scores again.")
    ]
    reference: Annotated[
        ReferenceAlignment | None, Field(description="Where a reference document was named.")
    ] = None


class Named(Request):
    """A text, or a stored document by its id."""

    model_config = example(document=DOCUMENT_ID)

    text: Annotated[str | None, Field(min_length=1, max_length=2_000_000)] = None
    document: Annotated[
        str | None, Field(max_length=64, description="Id of a stored document.")
    ] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.text is None) == (self.document is None):
            raise ValueError("give either text or document")
        return self


class AlignmentRequest(Named):
    """What to align, either a `text` or a stored `document`, and to what."""

    model_config = example(text=TEXT, framework="cyber-resilience")

    framework: Annotated[
        FrameworkId | dict[str, Any] | None,
        Field(
            description="Id of a framework (GET /v1/frameworks), or one of your own as an object "
            "with id, title and concepts (docs/frameworks.md)."
        ),
    ] = None
    reference: Annotated[
        Named | None, Field(description="A document whose statements are looked for.")
    ] = None
    evidence: Evidence | None = None
