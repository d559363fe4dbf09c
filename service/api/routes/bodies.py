"""`/v1/bodies`: named bodies and initiatives, and who takes part in what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from miner.bodies import Body as DomainBody
from miner.bodies import Involvement as DomainInvolvement
from miner.bodies import Role
from miner.store import StoredDocument
from service.api.dependencies import WorkspaceDep
from service.api.problems import problems
from service.api.routes.coverage import selection
from service.api.schemas.body import (
    Body,
    BodyDetail,
    BodyList,
    BodyQuery,
    Involvement,
    Mention,
    NamedBody,
)

router = APIRouter(prefix="/bodies", tags=["bodies"])


@router.get(
    "", summary="List named bodies", operation_id="list_bodies", responses=problems(404, 422)
)
def list_bodies(query: Annotated[BodyQuery, Query()], workspace: WorkspaceDep) -> BodyList:
    """Bodies, processes, treaties and response teams that the documents name, with the countries
    by what their documents say of them. Those named by most documents come first."""
    found, bodies, _ = workspace.across.involvements(
        selection(query, workspace), roles=query.role, kinds=query.kind
    )
    held: dict[str, list[DomainInvolvement]] = {}
    for one in found:
        held.setdefault(one.body, []).append(one)
    ranked = sorted(held.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return BodyList(
        items=[
            _named(bodies[name], several)
            for name, several in ranked[query.offset : query.offset + query.limit]
        ],
        total=len(ranked),
        limit=query.limit,
        offset=query.offset,
    )


@router.get(
    "/{body_id}", summary="Show a named body", operation_id="get_body", responses=problems(404, 422)
)
def get_body(
    body_id: Annotated[
        str, Path(max_length=200, description="Id, name or abbreviation.", examples=["un-gge"])
    ],
    query: Annotated[BodyQuery, Query()],
    workspace: WorkspaceDep,
) -> BodyDetail:
    """A body with the documents that name it: what each says of its country and the body, the
    sentences and their pages."""
    found, bodies, documents = workspace.across.involvements(
        selection(query, workspace), roles=query.role, kinds=query.kind
    )
    body = workspace.across.body(body_id, bodies)
    several = [one for one in found if one.body == body.id]
    several.sort(key=lambda one: (list(Role).index(one.role), one.country or "~", one.year or 0))
    return BodyDetail(
        **Body.model_validate(body).model_dump(),
        involvements=[
            _involvement(one, documents[one.document])
            for one in several[query.offset : query.offset + query.limit]
        ],
        total=len(several),
        limit=query.limit,
        offset=query.offset,
    )


def _named(body: DomainBody, several: list[DomainInvolvement]) -> NamedBody:
    roles: dict[str, list[str]] = {}
    for role in Role:
        who = sorted({one.country for one in several if one.role is role and one.country})
        if who:
            roles[role.value] = who
    return NamedBody(
        **Body.model_validate(body).model_dump(),
        documents=len({one.document for one in several}),
        mentions=sum(len(one.mentions) for one in several),
        roles=roles,
    )


def _involvement(one: DomainInvolvement, stored: StoredDocument) -> Involvement:
    about = stored.metadata
    return Involvement(
        document=one.document,
        title=about.title,
        country=about.country,
        country_name=about.country_name,
        year=about.year,
        body=one.body,
        role=one.role,
        member=one.member,
        mentions=[Mention.model_validate(mention) for mention in one.mentions],
    )
