"""Taxonomy: a framework that a user brought, and texts tagged by it."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from miner.tagging.own import OwnModel, OwnTagged
from miner.tagging.own.build import cautions
from service.api.schemas.base import Answer, Request, example
from service.api.schemas.document import DocumentId
from service.api.schemas.examples import DOCUMENT_ID
from service.api.schemas.passage import Tag
from service.api.schemas.tag import MOST_ROWS, Row, Text

_TEXT = "Half of all electricity will come from solar and wind power by 2030."
_CONCEPT: dict[str, Any] = {
    "id": "sdg.7",
    "group": "prosperity",
    "label": "Affordable and clean energy",
    "definition": "Affordable, reliable and modern energy for all.",
    "labels": ["renewable energy", "solar power", "wind power"],
    "examples": 8,
}
_TAXONOMY: dict[str, Any] = {
    "id": "sdg",
    "title": "Sustainable Development Goals",
    "citation": "United Nations General Assembly, A/RES/70/1, 2015",
    "version": "009050cdfc98",
    "model": "own-5d2c71f0a9be",
    "examples": 136,
    "background": 2311,
    "cautions": [],
    "concepts": [_CONCEPT],
}
_TAGGED: dict[str, Any] = {
    "id": "0",
    "tags": [
        {
            "concept": "sdg.7",
            "probability": 0.93,
            "evidence": [{"start": 32, "end": 37, "quote": "solar"}],
            "by": "pattern",
        }
    ],
    "abstained": None,
}


class TaxonomyConcept(Answer):
    """A concept of a user's framework."""

    model_config = example(**_CONCEPT)

    id: str
    group: str
    label: str
    definition: str
    labels: list[str]
    examples: Annotated[int, Field(description="Labelled texts that carry it.")]


class Taxonomy(Answer):
    """A framework that a user brought, with the model that tags by it."""

    model_config = example(**_TAXONOMY)

    id: str
    title: str
    citation: str
    version: Annotated[str, Field(description="Hash of its content.")]
    model: Annotated[str, Field(description="Id of the model, made from its content.")]
    examples: Annotated[int, Field(description="Labelled texts it was built with.")]
    background: Annotated[int, Field(description="Passages of the store that said what is usual.")]
    cautions: Annotated[list[str], Field(description="What lowers what can be claimed.")]
    concepts: list[TaxonomyConcept]

    @classmethod
    def of(cls, model: OwnModel) -> Self:
        """From the domain."""
        framework, shown = model.framework, model.card["positives"]
        return cls(
            id=framework.id,
            title=framework.title,
            citation=framework.citation,
            version=framework.version,
            model=model.id,
            examples=model.card["examples"],
            background=model.background.texts,
            cautions=list(cautions(model)),
            concepts=[
                TaxonomyConcept(
                    id=concept.id,
                    group=concept.group,
                    label=concept.label,
                    definition=concept.definition,
                    labels=list(concept.labels),
                    examples=shown.get(concept.id, 0),
                )
                for concept in framework.concepts
            ],
        )


class TaxonomyList(Answer):
    """All taxonomies that users brought."""

    model_config = example(items=[_TAXONOMY], total=1)

    items: list[Taxonomy]
    total: int


class OwnTagRequest(Request):
    """What to tag: `texts`, `rows` (at most 256), or the passages of a stored document."""

    model_config = example(texts=[_TEXT])

    texts: Annotated[
        list[Text] | None,
        Field(min_length=1, max_length=MOST_ROWS, description="Their ids are `0`, `1`, ..."),
    ] = None
    rows: Annotated[list[Row] | None, Field(min_length=1, max_length=MOST_ROWS)] = None
    document: DocumentId | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(part is not None for part in (self.texts, self.rows, self.document)) != 1:
            raise ValueError("give one of texts, rows and document")
        return self


class OwnTaggedRow(Answer):
    """A text's tags by a user's framework; spans count code points of the text."""

    model_config = example(**_TAGGED)

    id: Annotated[str, Field(description="The row's id, or the passage's.")]
    tags: Annotated[list[Tag], Field(description="The concepts that were decided.")]
    abstained: Annotated[str | None, Field(description="Why the model keeps quiet.")]

    @classmethod
    def of(cls, row_id: str, tagged: OwnTagged) -> Self:
        """From the domain."""
        return cls(
            id=row_id,
            tags=[Tag.model_validate(tag) for tag in tagged.decided],
            abstained=tagged.abstained,
        )


class OwnTagResponse(Answer):
    """One row per text, in the order of the request or of the document."""

    model_config = example(
        taxonomy="sdg", version="009050cdfc98", model="own-5d2c71f0a9be", rows=[_TAGGED],
        document=DOCUMENT_ID,
    )  # fmt: skip

    taxonomy: str
    version: str
    model: str
    document: str | None
    rows: list[OwnTaggedRow]
