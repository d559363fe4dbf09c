"""The two kinds of model: what is asked, which is strict, and what is answered."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class Request(BaseModel):
    """What a caller sends; a field that is not known is an error and not ignored."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    """What a caller gets."""

    model_config = ConfigDict(from_attributes=True)


def example(**fields: Any) -> ConfigDict:
    """Model configuration with one example."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


Score = Annotated[float, Field(ge=0, le=1)]
Limit = Annotated[int, Field(ge=1, le=200, description="Most items of the answer.")]
Offset = Annotated[int, Field(ge=0, le=1_000_000, description="Items to skip.")]
