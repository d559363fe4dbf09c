"""What passages are narrowed by, in the caller's words."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from miner.taxonomy import Stance
from service.api.schemas.base import Request, example
from service.api.schemas.examples import CONCEPT, DOCUMENT_ID

Value = Annotated[str, Field(min_length=1, max_length=200)]
Year = Annotated[int, Field(ge=1000, le=3000)]
MOST = 100


class Filters(Request):
    """Conditions; all of them hold. Values of one field are alternatives."""

    model_config = example(country=["Calvessa"], stance=["commitment"], year_from=2015)

    country: list[Value] = Field(
        default_factory=list,
        max_length=MOST,
        description="Codes or names.",
        examples=[["XCV", "Ismora"]],
    )
    organisation: list[Value] = Field(
        default_factory=list, max_length=MOST, description="Ids or names.", examples=[["MCA"]]
    )
    concept: list[Value] = Field(
        default_factory=list,
        max_length=MOST,
        description="Concept ids (GET /v1/concepts).",
        examples=[[CONCEPT]],
    )
    stance: list[Stance] = Field(default_factory=list, max_length=4)
    language: list[Value] = Field(
        default_factory=list,
        max_length=MOST,
        description="The passage's language: code or name.",
    )
    document: list[Value] = Field(
        default_factory=list,
        max_length=MOST,
        description="Document ids.",
        examples=[[DOCUMENT_ID]],
    )
    type: list[Value] = Field(
        default_factory=list,
        max_length=MOST,
        description="Type of document.",
        examples=[["strategy"]],
    )
    year_from: Annotated[Year | None, Field(description="First year.")] = None
    year_to: Annotated[Year | None, Field(description="Last year.")] = None
