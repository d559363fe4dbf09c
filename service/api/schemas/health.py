"""Health: whether the service runs, and whether it can answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from service.api.schemas.base import Answer, example
from service.api.schemas.examples import MODEL


class Liveness(Answer):
    """The process answers."""

    model_config = example(status="alive", version="0.1.0")

    status: Literal["alive"]
    version: str


class Readiness(Answer):
    """The store is open and the models are loaded."""

    model_config = example(
        status="ready",
        documents=14,
        passages=402,
        embedding_model="all-MiniLM-L6-v2@53aa5117",
        tagging_model=MODEL,
    )

    status: Literal["ready"]
    documents: int
    passages: int
    embedding_model: Annotated[str, Field(description="Name and first digits of its SHA-256.")]
    tagging_model: str
