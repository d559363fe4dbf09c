"""`/v1/frameworks` and `/v1/concepts`: what documents are tagged with and aligned to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from miner import taxonomy
from miner.errors import NotFound
from service.api.problems import problems
from service.api.schemas.examples import CONCEPT
from service.api.schemas.framework import Concept, ConceptList, Framework, FrameworkList

router = APIRouter(tags=["taxonomy"])


@router.get(
    "/frameworks",
    summary="List frameworks",
    operation_id="list_frameworks",
    responses=problems(),
)
def list_frameworks() -> FrameworkList:
    """All frameworks with their concepts; the first is used where none is named."""
    items = [Framework.of(framework) for framework in taxonomy.frameworks().values()]
    return FrameworkList(items=items, total=len(items))


@router.get(
    "/frameworks/{framework_id}",
    summary="Show a framework",
    operation_id="get_framework",
    responses=problems(404, 422),
)
def get_framework(
    framework_id: Annotated[str, Path(max_length=100, examples=["un-norms"])],
) -> Framework:
    """One framework with its concepts, its version and its citation."""
    return Framework.of(taxonomy.framework(framework_id))


@router.get(
    "/concepts", summary="List concepts", operation_id="list_concepts", responses=problems()
)
def list_concepts() -> ConceptList:
    """All concepts that passages are tagged with, in the codebook's order."""
    items = [Concept.of(concept) for concept in taxonomy.codebook().values()]
    return ConceptList(items=items, total=len(items))


@router.get(
    "/concepts/{concept_id}",
    summary="Show a concept",
    operation_id="get_concept",
    responses=problems(404, 422),
)
def get_concept(
    concept_id: Annotated[str, Path(max_length=100, examples=[CONCEPT])],
) -> Concept:
    """One concept: what it means, and what counts and does not count."""
    concept = taxonomy.codebook().get(concept_id)
    if concept is None:
        raise NotFound(
            f"concept {concept_id!r}", "there is no such concept", "List them: GET /v1/concepts."
        )
    return Concept.of(concept)
