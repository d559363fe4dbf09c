"""Problems: every error as `application/problem+json` (RFC 9457), in one form."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from miner.errors import MinerError
from service.api.schemas.problem import Fault, Problem

_log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_NEXT = "See /docs for what the API takes."
_WHEN = {
    404: "There is no such thing.",
    413: "The request is too large.",
    415: "The file's format is not supported.",
    422: "The request, or the file it brings, cannot be used.",
    500: "The service failed; the log says why.",
    501: "A part that is needed is not installed on the server.",
    503: "The service is not ready, or cannot take more.",
}


def problem_of(error: Exception, instance: str, request_id: str | None = None) -> Problem:
    """An error as callers see it; what is unexpected is not shown."""
    if not isinstance(error, MinerError):
        return _problem(
            "internal",
            "The service failed",
            500,
            ("request", "an unexpected error occurred", "Try again; report it with the id."),
            instance,
            request_id,
        )
    parts = (error.what, error.cause, error.next_step)
    return _problem(error.slug, error.title, error.status, parts, instance, request_id)


def _problem(
    slug: str,
    title: str,
    status: int,
    parts: tuple[str, str, str],
    instance: str,
    request_id: str | None = None,
    errors: list[Fault] | None = None,
) -> Problem:
    what, cause, next_step = parts
    return Problem(
        type=f"/problems/{slug}",
        title=title,
        status=status,
        detail=f"{what}: {cause}. {next_step}",
        instance=instance,
        what=what,
        cause=cause,
        next_step=next_step,
        request_id=request_id,
        errors=errors or [],
    )


def answer(problem: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    """The HTTP answer for a problem."""
    content = problem.model_dump(mode="json")
    return JSONResponse(content, problem.status, headers=headers, media_type=MEDIA_TYPE)


def internal(error: Exception, instance: str, request_id: str | None) -> JSONResponse:
    """The answer for what nobody expected; the traceback goes to the log only."""
    _log.error("request %s to %s failed", request_id, instance, exc_info=error)
    return answer(problem_of(error, instance, request_id))


def too_large(instance: str, limit: int, request_id: str | None) -> Problem:
    """The problem of a body over the limit."""
    parts = ("request", f"its body has more than {limit:,} bytes", "Send less, or in parts.")
    return _problem("too-large", "The input is too large", 413, parts, instance, request_id)


def install(app: FastAPI) -> None:
    """Answer all errors of an app as problems."""
    app.add_exception_handler(MinerError, _miner)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def _request_id(request: Request) -> str | None:
    found: str | None = getattr(request.state, "request_id", None)
    return found


def _miner(request: Request, error: Exception) -> JSONResponse:
    problem = problem_of(error, request.url.path, _request_id(request))
    if problem.status >= 500:
        _log.warning("request %s: %s", problem.request_id, problem.detail)
    return answer(problem, {"Retry-After": "60"} if problem.status == 503 else None)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # The input itself is left out: it may be long, and the caller knows it.
    faults = [
        Fault(field=".".join(str(part) for part in fault["loc"]), message=fault["msg"])
        for fault in error.errors()[:20]
    ]
    named = "; ".join(f"{fault.field}: {fault.message}" for fault in faults[:3])
    return answer(
        _problem(
            "invalid-request",
            "The request is not valid",
            422,
            ("request", named, _NEXT),
            request.url.path,
            _request_id(request),
            faults,
        )
    )


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status, path = error.status_code, request.url.path
    if status == 413 and isinstance(error.detail, int):
        return answer(too_large(path, error.detail, _request_id(request)))
    phrase = HTTPStatus(status).phrase
    causes = {
        404: "there is no such route",
        405: f"it does not answer {request.method}",
        400: "the request cannot be read",
    }
    problem = _problem(
        phrase.lower().replace(" ", "-"),
        phrase,
        status,
        (path, causes.get(status, str(error.detail)), _NEXT),
        path,
        _request_id(request),
    )
    return answer(problem, dict(error.headers) if error.headers else None)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these problems (500 is always one)."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": _WHEN[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in sorted({*statuses, 500})
    }
