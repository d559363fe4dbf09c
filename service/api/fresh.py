"""ETags of GET answers that change only with what is stored: asked again, they need no work.

The tag is made before the answer: what is stored meanwhile makes the answer newer than its tag,
and the next request with that tag gets it whole.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from typing import Any

from fastapi import Depends, FastAPI, Request, Response

from miner.coverage.profiles import data_stamp
from service.api.dependencies import WorkspaceDep

# Grows when an answer is written in another form.
_FORM = "1"
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "The answer is the one that If-None-Match names."}
}


class NotModified(Exception):
    """The caller has this answer already."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


def fresh(request: Request, response: Response, workspace: WorkspaceDep) -> None:
    """Tag the answer of a GET, or raise NotModified where the caller names this tag."""
    if request.method != "GET":
        return
    parts = (
        _FORM,
        version("policy-miner"),
        data_stamp(),
        workspace.state,
        request.url.path,
        "&".join(sorted(request.url.query.split("&"))),
        request.headers.get("accept", ""),
    )
    etag = f'"{hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32]}"'
    if matches(request.headers.get("if-none-match", ""), etag):
        raise NotModified(etag)
    response.headers.update(headers(etag))


FreshDep = Depends(fresh)


def headers(etag: str) -> dict[str, str]:
    """What goes with a tagged answer: it may be kept, and must be asked for again."""
    return {"ETag": etag, "Cache-Control": "no-cache"}


def matches(wanted: str, etag: str) -> bool:
    """RFC 9110, 13.1.2: any of the list, compared weakly, or anything at all."""
    tags = (tag.strip().removeprefix("W/") for tag in wanted.split(","))
    return wanted.strip() == "*" or etag in tags


def install(app: FastAPI) -> None:
    """Answer NotModified with 304."""

    async def not_modified(_: Request, error: Exception) -> Response:
        assert isinstance(error, NotModified)
        return Response(status_code=304, headers=headers(error.etag))

    app.add_exception_handler(NotModified, not_modified)
