"""`/v1/frameworks` and `/v1/concepts`: what documents are tagged with and aligned to."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse

from miner import taxonomy
from miner.errors import NotFound
from miner.taxonomy.crosswalk import CODEBOOK, crosswalk
from miner.taxonomy.lint import lint
from miner.taxonomy.skos import codebook_framework, to_skos
from service.api.problems import problems
from service.api.schemas.examples import CONCEPT
from service.api.schemas.framework import (
    Concept,
    ConceptList,
    Finding,
    FindingList,
    Framework,
    FrameworkList,
    Mapping,
    MappingList,
)

router = APIRouter(tags=["taxonomy"])


class LinkedData(JSONResponse):
    """JSON-LD."""

    media_type = "application/ld+json"


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
    "/frameworks/{framework_id}/skos",
    summary="Export a framework as SKOS",
    operation_id="get_framework_skos",
    response_class=LinkedData,
    responses=problems(404, 422),
)
def get_framework_skos(
    framework_id: Annotated[
        str, Path(max_length=100, examples=["un-norms"], description="An id, or `codebook`.")
    ],
) -> LinkedData:
    """A framework as JSON-LD: a SKOS concept scheme with labels, definitions and mappings."""
    chosen = codebook_framework() if framework_id == CODEBOOK else taxonomy.framework(framework_id)
    return LinkedData(to_skos(chosen))


@router.post(
    "/frameworks/lint",
    summary="Check a framework of your own",
    operation_id="lint_framework",
    responses=problems(413, 422),
)
def lint_framework(framework: dict[str, Any]) -> FindingList:
    """What keeps a framework from being used, and what would make it better. Nothing is stored."""
    items = [Finding.model_validate(finding) for finding in lint(framework)]
    ok = all(item.level != "error" for item in items)
    return FindingList(ok=ok, items=items, total=len(items))


@router.get(
    "/crosswalks",
    summary="Map one framework to another",
    operation_id="list_mappings",
    responses=problems(404, 422),
)
def list_mappings(
    one: Annotated[
        str,
        Query(
            max_length=100,
            description="A framework, a scheme (gci, cmm), `codebook`, or a concept.",
            examples=["un-norms"],
        ),
    ],
    other: Annotated[
        str | None, Query(max_length=100, description="What to map it to; all if missing.")
    ] = None,
) -> MappingList:
    """How concepts of one framework relate to those of another, each with its source."""
    items = [Mapping.model_validate(mapping) for mapping in crosswalk(one, other)]
    return MappingList(items=items, total=len(items))


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
