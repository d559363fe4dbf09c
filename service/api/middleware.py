"""Around every request: its id, the limit of its body, and the last resort for errors."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import answer, internal, too_large

HEADER = "X-Request-ID"
# Ids go to logs: nothing that could forge a line.
_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


class _BodyTooLarge(HTTPException):
    """Raised while the body is read; carries the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(413)
        self.detail = limit  # type: ignore[assignment]


class Envelope:
    """ASGI middleware: X-Request-ID in and out, 413 for large bodies, 500 as a problem.

    limits: most bytes of a body by path; `limit` for all other paths.
    """

    def __init__(self, app: ASGIApp, limit: int, limits: Mapping[str, int]) -> None:
        self._app = app
        self._limit = limit
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, path = Headers(scope=scope), scope["path"]
        given = headers.get(HEADER, "")
        request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        limit = self._limits.get(path, self._limit)
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > limit:
            await answer(too_large(path, limit, request_id))(scope, receive, sending)
            return
        try:
            await self._app(scope, _counted(receive, limit), sending)
        except Exception as error:
            if begun:
                raise
            await internal(error, path, request_id)(scope, receive, sending)


def _counted(receive: Receive, limit: int) -> Receive:
    """`receive` that stops a body which is longer than it said, or did not say."""
    read = 0

    async def receiving() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise _BodyTooLarge(limit)
        return message

    return receiving
