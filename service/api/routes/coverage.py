"""`/v1/coverage` and `/v1/gaps`: who commits to what, and what nobody commits to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from miner.coverage import Selection
from miner.query.given import Given, concept_id
from service.api.dependencies import WorkspaceDep
from service.api.problems import problems
from service.api.schemas.coverage import (
    Choice,
    Coverage,
    CoverageQuery,
    DocumentQuery,
    Gaps,
    GapsQuery,
)
from service.selecting import selected
from service.workspace import Workspace

router = APIRouter(tags=["coverage"])


@router.get(
    "/coverage",
    summary="Show who commits to what",
    operation_id="get_coverage",
    responses=problems(404, 422),
)
def get_coverage(query: Annotated[CoverageQuery, Query()], workspace: WorkspaceDep) -> Coverage:
    """A matrix of countries (or documents) by concepts; each cell leads to its passages.

    Where a country has several documents its newest one speaks for it of which enough could be
    read; `choice=all` takes of each concept the document that says most.
    """
    found = workspace.across.matrix(
        query.framework, selection(query, workspace, query.choice), by=query.by
    )
    known = {concept.id: concept for concept in found.concepts}
    wanted = {concept_id(name, known) for name in query.concept}
    columns = [n for n, c in enumerate(found.concepts) if not wanted or c.id in wanted]
    return Coverage.of(found, columns, query.evidence)


@router.get(
    "/gaps",
    summary="Show what nobody commits to",
    operation_id="get_gaps",
    responses=problems(404, 422),
)
def get_gaps(query: Annotated[GapsQuery, Query()], workspace: WorkspaceDep) -> Gaps:
    """What no member of a region commits to, and who commits where nobody else does.

    The region is an organisation's members on a day, or all countries with documents. Countries
    of which nothing is known are named, and never counted as having no commitment.
    """
    chosen = selection(query, workspace, query.choice)
    found = workspace.across.gaps(
        query.framework, chosen.organisation, on=query.on, selection=chosen
    )
    return Gaps.of(found, query.evidence)


def selection(query: DocumentQuery, workspace: Workspace, choice: Choice = "latest") -> Selection:
    """The documents that a query means."""
    given = Given(
        country=query.country,
        language=query.language,
        document=query.document,
        type=query.type,
        first=query.year_from,
        last=query.year_to,
    )
    return selected(workspace, given, organisation=query.organisation, on=query.on, choice=choice)
