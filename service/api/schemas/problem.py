"""Problem: what went wrong, why, and what to do next (RFC 9457)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from service.api.schemas.base import Answer, example
from service.api.schemas.examples import PROBLEM


class Fault(Answer):
    """One fault of a request."""

    model_config = example(field="body.limit", message="Input should be at most 200")

    field: Annotated[str, Field(description="Where: `query`, `body` or `path`, then the name.")]
    message: str


class Problem(Answer):
    """An error, as `application/problem+json` (RFC 9457)."""

    model_config = example(**PROBLEM)

    type: Annotated[str, Field(description="`/problems/` and a slug that programs can rely on.")]
    title: Annotated[str, Field(description="What kind of problem it is; the same for the type.")]
    status: Annotated[int, Field(description="The HTTP status.")]
    detail: Annotated[str, Field(description="All that is known, in one line for people.")]
    instance: Annotated[str, Field(description="The path that was asked for.")]
    what: Annotated[str, Field(description="The thing that is concerned.")]
    cause: Annotated[str, Field(description="What is wrong with it.")]
    next_step: Annotated[str, Field(description="What can be done.")]
    request_id: Annotated[
        str | None, Field(description="As in the header X-Request-ID; names the log's lines.")
    ] = None
    errors: list[Fault] = Field(
        default_factory=list, description="For an invalid request: each fault."
    )
