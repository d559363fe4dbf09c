"""The way to the service: addresses, errors, and answers that need not be sent twice."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

import httpx

from miner.client.answers import Problem
from miner.decode import DecodeError, decode

T = TypeVar("T")
_KEPT = 256
_LONGEST_WAIT = 30.0

__all__ = ["Answered", "Http", "Problem", "ServiceError", "Wire"]


class ServiceError(Exception):
    """The service refused a request, or could not be reached; `problem` says why.

    status: of the HTTP answer, 0 where none came.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.status = problem.status
        super().__init__(problem.detail or problem.title)


class Answered(Protocol):
    """What `Http` gives."""

    status_code: int
    content: bytes

    @property
    def headers(self) -> Mapping[str, str]: ...

    def json(self) -> Any: ...


class Http(Protocol):
    """An httpx client, or what stands in for one in a test."""

    def request(self, method: str, url: str, **options: Any) -> Answered: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Kept:
    etag: str
    content: bytes


class Wire:
    """Asks, and turns answers into dataclasses or errors."""

    def __init__(self, http: Http, *, retries: int = 2) -> None:
        self._http = http
        self._retries = retries
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> bytes:
        """The body of an answer. Raises ServiceError.

        A GET that was asked before is sent with its ETag; 304 gives the body that is kept. What
        is not ready (503) is asked for again after as long as the service says.
        """
        asked = {name: value for name, value in (query or {}).items() if value not in (None, ())}
        key = (path, repr(sorted(asked.items())))
        kept = self._kept.get(key) if method == "GET" else None
        headers = {"If-None-Match": kept.etag} if kept is not None else {}
        answer = self._sent(method, path, params=asked, headers=headers, **options)
        if answer.status_code == 304 and kept is not None:
            self._kept.move_to_end(key)
            return kept.content
        if answer.status_code >= 400:
            raise ServiceError(_problem(answer))
        etag = answer.headers.get("etag")
        if method == "GET" and etag:
            self._kept[key] = _Kept(etag, answer.content)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return answer.content

    def _sent(self, method: str, path: str, **options: Any) -> Answered:
        for again in range(self._retries, -1, -1):
            try:
                answer = self._http.request(method, path, **options)
            except httpx.TransportError as error:
                if method != "GET" or not again:
                    raise ServiceError(_unreached(error)) from error
                time.sleep(1.0)
                continue
            if answer.status_code != 503 or not again:
                return answer
            time.sleep(_wait(answer))
        raise AssertionError("unreachable")

    def get(self, answer: type[T], path: str, **query: Any) -> T:
        """A GET's answer. Raises ServiceError."""
        return self._decoded(answer, self.ask("GET", path, query=query))

    def post(self, answer: type[T], path: str, body: Mapping[str, Any]) -> T:
        """A POST's answer to a JSON body; fields that are None are left out."""
        given = {name: value for name, value in body.items() if value is not None}
        return self._decoded(answer, self.ask("POST", path, json=given))

    def send(
        self, answer: type[T], path: str, files: Mapping[str, Any], form: Mapping[str, Any]
    ) -> T:
        """A POST's answer to a file with form fields."""
        given = {name: str(value) for name, value in form.items() if value is not None}
        return self._decoded(answer, self.ask("POST", path, files=dict(files), data=given))

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    @staticmethod
    def _decoded(answer: type[T], content: bytes) -> T:
        import json

        try:
            return decode(answer, json.loads(content))
        except (DecodeError, ValueError) as error:
            raise ServiceError(
                Problem(
                    type="/problems/unexpected-answer",
                    title="The service's answer does not fit this client",
                    status=200,
                    detail=f"{error}. Use the client of the service's own version.",
                )
            ) from error


def connected(url: str, timeout: float) -> Http:
    """A connection to a service; answers are given as they are, no redirects followed."""
    return cast(Http, httpx.Client(base_url=url.rstrip("/"), timeout=timeout))


def _wait(answer: Answered) -> float:
    told = answer.headers.get("retry-after", "1")
    return min(float(told) if told.isdigit() else 1.0, _LONGEST_WAIT)


def _problem(answer: Answered) -> Problem:
    try:
        return decode(Problem, answer.json())
    except (DecodeError, ValueError):
        return Problem(
            type="about:blank",
            title="The answer is no problem of this service",
            status=answer.status_code,
            detail=answer.content[:200].decode("utf-8", "replace"),
        )


def _unreached(error: Exception) -> Problem:
    return Problem(
        type="/problems/unreachable",
        title="The service cannot be reached",
        status=0,
        detail=f"{error or type(error).__name__}. Check the address, and that it runs.",
        cause=str(error),
        next_step="Check the address, and that `miner serve` runs.",
    )
