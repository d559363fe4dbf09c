"""Passage: the unit that is tagged and found, with its Tags, Evidence and Stance."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field

from miner.document import BlockType
from miner.search import citation
from miner.store import StoredPassage
from miner.tagging.tag import Origin
from miner.taxonomy import Stance
from service.api.schemas.base import Answer, Score, example
from service.api.schemas.examples import BOX, EVIDENCE, PASSAGE, PASSAGE_ID, STANCE, TAG

PassageId = Annotated[
    str, Field(max_length=64, description="Id of a passage.", examples=[PASSAGE_ID])
]


class Box(Answer):
    """A rectangle on a page, in points from the top left."""

    model_config = example(**BOX)

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


class Evidence(Answer):
    """Words of a text: `text[start:end] == quote`, in code points."""

    model_config = example(**EVIDENCE)

    start: int
    end: int
    quote: str


class Tag(Answer):
    """A concept that a passage addresses, and the words that speak for it."""

    model_config = example(**TAG)

    concept: str
    probability: Annotated[Score, Field(description="Calibrated.")]
    evidence: list[Evidence]
    by: Annotated[
        Origin,
        Field(
            description="`pattern`: a rule matched; `head`: learnt weights spoke; `analyst`: a "
            "person decided, which counts before the model (see /v1/feedback)."
        ),
    ]


class StanceTag(Answer):
    """What a passage does with its subject."""

    model_config = example(**STANCE)

    label: Stance
    probability: Score
    by: Literal["head", "analyst"] = "head"
    evidence: Annotated[
        list[Evidence],
        Field(
            default_factory=list,
            description="The words that bind (“shall”), or tell of a measure (“has adopted”), "
            "where the passage holds such words.",
        ),
    ]


class PassageBody(Answer):
    """What a Passage and a Hit have in common."""

    document: Annotated[str, Field(description="Id of its document.")]
    title: Annotated[str, Field(description="Title of its document.")]
    country: str | None
    country_name: str | None
    organisations: list[str]
    year: int | None
    position: Annotated[int, Field(description="Rank within its document, from 0.")]
    text: str
    start: Annotated[int, Field(description="Offset in the document's text, in code points.")]
    end: int
    page: Annotated[int, Field(description="Page on which it begins, from 1.")]
    last_page: int
    kind: BlockType
    heading_path: Annotated[list[str], Field(description="Headings above it, outermost first.")]
    language: Annotated[str, Field(description="ISO 639-1 code, or `und`.")]
    boxes: list[Box]
    tags: Annotated[list[Tag], Field(description="The concepts that were decided.")]
    stance: StanceTag
    abstained: Annotated[str | None, Field(description="Why the tagging model keeps quiet.")]
    model: Annotated[str, Field(description="Id of the tagging model.")]
    citation: Annotated[str, Field(description="How to quote it, with its page.")]


class Passage(PassageBody):
    """A passage of a document with its tags."""

    model_config = example(id=PASSAGE_ID, **PASSAGE)

    id: str

    @classmethod
    def of(cls, stored: StoredPassage) -> Self:
        """From the store."""
        return cls(id=stored.passage.id, **body(stored))


def body(stored: StoredPassage) -> dict[str, Any]:
    """What a Passage and a Hit have in common."""
    passage, tagged, about = stored.passage, stored.tagged, stored.metadata
    return {
        "document": passage.document,
        "title": about.title,
        "country": about.country,
        "country_name": about.country_name,
        "organisations": list(about.organisations),
        "year": about.year,
        "position": passage.position,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "page": passage.page,
        "last_page": passage.last_page,
        "kind": passage.kind,
        "heading_path": list(passage.heading_path),
        "language": passage.language,
        "boxes": [Box.model_validate(box) for box in passage.boxes],
        "tags": [Tag.model_validate(tag) for tag in tagged.decided],
        "stance": StanceTag.model_validate(tagged.stance),
        "abstained": tagged.abstained,
        "model": tagged.model,
        "citation": citation(stored),
    }


class PassageList(Answer):
    """Some of the passages that were asked for."""

    model_config = example(items=[{"id": PASSAGE_ID, **PASSAGE}], total=1, limit=50, offset=0)

    items: list[Passage]
    total: Annotated[int, Field(description="How many there are in all.")]
    limit: int
    offset: int
