"""Tagging of texts that are stored nowhere."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from miner.tagging.tag import TaggedPassage
from service.api.schemas.base import Answer, Request, example
from service.api.schemas.examples import MODEL, STANCE, TAG, TEXT
from service.api.schemas.passage import StanceTag, Tag

MOST_ROWS = 256
Text = Annotated[str, Field(max_length=20_000)]


class Row(Request):
    """A text with the caller's own id."""

    model_config = example(id="row-1", text=TEXT)

    id: Annotated[str, Field(max_length=200)]
    text: Text


class TagRequest(Request):
    """Texts to tag: either `texts` or `rows`, at most 256."""

    model_config = example(texts=[TEXT])

    texts: Annotated[
        list[Text] | None,
        Field(min_length=1, max_length=MOST_ROWS, description="Their ids are `0`, `1`, ..."),
    ] = None
    rows: Annotated[list[Row] | None, Field(min_length=1, max_length=MOST_ROWS)] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.texts is None) == (self.rows is None):
            raise ValueError("give either texts or rows")
        return self

    def numbered(self) -> list[Row]:
        """The rows, or the texts numbered from 0."""
        if self.rows is not None:
            return self.rows
        return [Row(id=str(n), text=text) for n, text in enumerate(self.texts or [])]


class TaggedRow(Answer):
    """A text's tags; spans count code points of the text."""

    model_config = example(id="row-1", tags=[TAG], stance=STANCE, abstained=None, model=MODEL)

    id: str
    tags: Annotated[list[Tag], Field(description="The concepts that were decided.")]
    stance: StanceTag
    abstained: Annotated[str | None, Field(description="Why the model keeps quiet.")]
    model: str

    @classmethod
    def of(cls, row_id: str, tagged: TaggedPassage) -> Self:
        """From the tagger."""
        return cls(
            id=row_id,
            tags=[Tag.model_validate(tag) for tag in tagged.decided],
            stance=StanceTag.model_validate(tagged.stance),
            abstained=tagged.abstained,
            model=tagged.model,
        )


class TagResponse(Answer):
    """One row per text, in the order of the request."""

    model_config = example(
        rows=[{"id": "row-1", "tags": [TAG], "stance": STANCE, "abstained": None, "model": MODEL}]
    )

    rows: list[TaggedRow]
