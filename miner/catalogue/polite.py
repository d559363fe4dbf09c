"""A polite HTTP visitor: one request at a time, pauses between them, robots.txt obeyed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpx

from miner import __version__

USER_AGENT = f"policy-miner/{__version__} (fetches published policy documents; obeys robots.txt)"
_REDIRECTS = 5
_LONGEST_PAUSE = 60.0
_ROBOTS_SIZE = 500_000


class RobotsDisallow(Exception):
    """The host's robots.txt does not allow this address (RFC 9309)."""


class BadAddress(Exception):
    """The address is not http(s), or leads in circles."""


@dataclass(slots=True)
class Visitor:
    """Sends requests in turn; `delay` seconds at least lie between two to one host."""

    client: httpx.Client
    delay: float = 1.0
    _last: dict[str, float] = field(default_factory=dict)
    _robots: dict[str, RobotFileParser] = field(default_factory=dict)
    _down: dict[str, httpx.TransportError] = field(default_factory=dict)

    @contextmanager
    def get(self, url: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """The response to a GET, unread; redirects are followed, each asked of robots.txt.

        Raises RobotsDisallow, BadAddress and httpx's own errors.
        """
        for _ in range(_REDIRECTS + 1):
            self._ask_robots(url)
            self._pause(url)
            request = self.client.build_request(
                "GET", url, headers={"User-Agent": USER_AGENT, **headers}
            )
            response = self.client.send(request, stream=True, follow_redirects=False)
            if not response.has_redirect_location:
                try:
                    yield response
                finally:
                    response.close()
                return
            response.close()
            url = urljoin(url, response.headers["Location"])
        raise BadAddress(f"more than {_REDIRECTS} redirects")

    def _pause(self, url: str) -> None:
        host = urlsplit(url).netloc
        robots = self._robots.get(_origin(url))
        asked = robots.crawl_delay("policy-miner") if robots else None
        pause = max(self.delay, min(float(asked or 0), _LONGEST_PAUSE))
        wait = self._last.get(host, -pause) + pause - time.monotonic()
        if host in self._last and wait > 0:
            time.sleep(wait)
        self._last[host] = time.monotonic()

    def _ask_robots(self, url: str) -> None:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
            raise BadAddress(f"{url} is no http address")
        origin = _origin(url)
        if origin in self._down:
            # A host that does not answer is not tried again for each of its documents.
            raise self._down[origin]
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin)
        if not self._robots[origin].can_fetch("policy-miner", url):
            raise RobotsDisallow(f"{origin}/robots.txt does not allow it")

    def _read_robots(self, origin: str) -> RobotFileParser:
        robots = RobotFileParser()
        self._pause(origin)
        try:
            response = self.client.get(
                f"{origin}/robots.txt", headers={"User-Agent": USER_AGENT}, follow_redirects=True
            )
        except httpx.TransportError as error:
            self._down[origin] = error
            raise
        if response.status_code >= 500:
            # RFC 9309, 2.3.1.4: what cannot be read allows nothing.
            robots.parse(["User-agent: *", "Disallow: /"])
        elif response.status_code >= 400:
            robots.parse([])
        else:
            robots.parse(response.text[:_ROBOTS_SIZE].splitlines())
        return robots


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
