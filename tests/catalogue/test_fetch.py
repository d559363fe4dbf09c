"""Fetching: from a made-up transport, and from a small server on this machine."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from miner.catalogue.fetch import CatalogueEntry, FetchResult, FetchStatus, entries, fetch
from miner.catalogue.manifest import read_manifest
from miner.errors import InputError

PDF = b"%PDF-1.7\n" + b"policy " * 500 + b"\n%%EOF\n"
ENTRY = CatalogueEntry(
    id="est-2014-strategy",
    title="Cyber Security Strategy",
    country_code="EST",
    year=2014,
    language="en",
    url="https://docs.example/strategy.pdf",
)

Answer = Callable[[httpx.Request], httpx.Response]


class Site:
    """A site by path; it notes the requests that reach it."""

    def __init__(self, pages: dict[str, Answer | httpx.Response]) -> None:
        self.pages = pages
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        page = self.pages.get(request.url.path, httpx.Response(404))
        return page(request) if callable(page) else page

    @property
    def paths(self) -> list[str]:
        return [request.url.path for request in self.requests]

    def fetch(
        self, chosen: list[CatalogueEntry], folder: Path, *, refresh: bool = False
    ) -> list[FetchResult]:
        with httpx.Client(transport=httpx.MockTransport(self)) as client:
            return fetch(chosen, folder, client=client, delay=0, refresh=refresh)

    def one(self, folder: Path, entry: CatalogueEntry = ENTRY) -> FetchResult:
        return self.fetch([entry], folder)[0]


def pdf(request: httpx.Request) -> httpx.Response:
    if request.headers.get("If-None-Match") == '"v1"':
        return httpx.Response(304)
    return httpx.Response(200, content=PDF, headers={"ETag": '"v1"'})


def fails(error: type[httpx.TransportError]) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("broken", request=request)

    return answer


def test_a_document_is_fetched_and_recorded_as_a_manifest(tmp_path: Path) -> None:
    site = Site({"/strategy.pdf": pdf})
    result = site.one(tmp_path)
    assert result.status is FetchStatus.FETCHED
    assert result.ok
    assert result.sha256 == sha256(PDF).hexdigest()
    assert result.path is not None
    assert result.path.read_bytes() == PDF
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "est-2014-strategy.pdf",
        "fetched.tsv",
    ]
    metadata = read_manifest(tmp_path / "fetched.tsv").metadata_for(result.path)
    assert metadata is not None
    assert (metadata.country, metadata.year, metadata.title) == ("EST", 2014, ENTRY.title)
    assert metadata.url == ENTRY.url
    assert all("policy-miner/" in request.headers["User-Agent"] for request in site.requests)


def test_what_is_there_is_not_asked_for_again(tmp_path: Path) -> None:
    site = Site({"/strategy.pdf": pdf})
    site.one(tmp_path)
    site.requests.clear()
    assert site.one(tmp_path).status is FetchStatus.COMPLETE
    assert site.requests == []
    assert site.fetch([ENTRY], tmp_path, refresh=True)[0].status is FetchStatus.UNCHANGED
    (tmp_path / "est-2014-strategy.pdf").write_bytes(b"damaged")
    assert site.one(tmp_path).status is FetchStatus.FETCHED


@pytest.mark.parametrize(
    ("page", "status", "said"),
    [
        (httpx.Response(404), FetchStatus.DEAD_LINK, "404"),
        (httpx.Response(410), FetchStatus.DEAD_LINK, "410"),
        (httpx.Response(403), FetchStatus.REFUSED, "403"),
        (httpx.Response(200, content=b""), FetchStatus.WRONG_TYPE, "empty"),
        (httpx.Response(200, html="<!doctype html><p>Moved"), FetchStatus.WRONG_TYPE, "html"),
        (httpx.Response(200, content=b"\x89PNG\r\n\x1a\n"), FetchStatus.WRONG_TYPE, "PNG"),
        (
            httpx.Response(302, headers={"Location": "/strategy.pdf"}),
            FetchStatus.DEAD_LINK,
            "redir",
        ),
        (httpx.Response(302, headers={"Location": "ftp://x/y"}), FetchStatus.DEAD_LINK, "ftp"),
        (fails(httpx.ReadTimeout), FetchStatus.TIMEOUT, "in time"),
        (fails(httpx.ConnectError), FetchStatus.UNREACHABLE, "broken"),
        (fails(httpx.ReadError), FetchStatus.INTERRUPTED, "again"),
    ],
)
def test_failures_are_told_by_name_and_the_rest_goes_on(
    tmp_path: Path, page: Answer | httpx.Response, status: FetchStatus, said: str
) -> None:
    site = Site({"/strategy.pdf": page, "/good.pdf": pdf})
    good = replace(ENTRY, id="good", url="https://docs.example/good.pdf")
    bad, after = site.fetch([ENTRY, good], tmp_path)
    assert bad.status is status
    assert said in bad.detail
    assert not bad.ok
    assert after.status is FetchStatus.FETCHED
    assert not list(tmp_path.glob("*.part*"))


def test_a_known_sha256_must_fit(tmp_path: Path) -> None:
    site = Site({"/strategy.pdf": pdf})
    assert site.one(tmp_path, replace(ENTRY, sha256="0" * 64)).status is FetchStatus.WRONG_HASH
    assert not (tmp_path / "fetched.tsv").exists()
    known = replace(ENTRY, sha256=sha256(PDF).hexdigest().upper())
    assert site.one(tmp_path, known).status is FetchStatus.FETCHED


def test_entries_without_a_document_are_not_asked_for(tmp_path: Path) -> None:
    site = Site({})
    nowhere = replace(ENTRY, url="")
    about = replace(ENTRY, notes="landing page, not the document")
    statuses = [result.status for result in site.fetch([nowhere, about], tmp_path)]
    assert statuses == [FetchStatus.NO_URL, FetchStatus.LANDING_PAGE]
    assert site.requests == []


def test_robots_txt_is_read_once_and_obeyed(tmp_path: Path) -> None:
    robots = httpx.Response(200, text="User-agent: policy-miner\nDisallow: /strategy\n")
    site = Site({"/robots.txt": robots, "/strategy.pdf": pdf, "/open.pdf": pdf})
    allowed = replace(ENTRY, id="open", url="https://docs.example/open.pdf")
    statuses = [result.status for result in site.fetch([ENTRY, allowed], tmp_path)]
    assert statuses == [FetchStatus.DISALLOWED, FetchStatus.FETCHED]
    assert site.paths == ["/robots.txt", "/open.pdf"]


def test_a_redirect_asks_the_other_hosts_robots_txt(tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "docs.example":
            there = {"Location": "https://other.example/x.pdf"}
            return httpx.Response(302, headers=there) if "pdf" in str(request.url) else NONE
        return httpx.Response(200, text="User-agent: *\nDisallow: /")

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        result = fetch([ENTRY], tmp_path, client=client, delay=0)[0]
    assert result.status is FetchStatus.DISALLOWED
    assert "other.example" in result.detail


NONE = httpx.Response(404)


def test_robots_txt_that_cannot_be_read_allows_nothing(tmp_path: Path) -> None:
    site = Site({"/robots.txt": httpx.Response(503), "/strategy.pdf": pdf})
    assert site.one(tmp_path).status is FetchStatus.DISALLOWED


def test_a_host_that_is_down_is_tried_once(tmp_path: Path) -> None:
    site = Site({"/robots.txt": fails(httpx.ConnectTimeout)})
    others = [replace(ENTRY, id=f"e{n}") for n in range(5)]
    results = site.fetch(others, tmp_path)
    assert {result.status for result in results} == {FetchStatus.TIMEOUT}
    assert len(site.requests) == 1


def test_requests_to_one_host_keep_their_distance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, pauses = [0.0], []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        clock[0] += seconds

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    robots = httpx.Response(200, text="User-agent: *\nCrawl-delay: 7\n")
    site = Site({"/robots.txt": robots, "/strategy.pdf": pdf})
    elsewhere = replace(ENTRY, id="b", url="https://other.example/b.pdf")
    with httpx.Client(transport=httpx.MockTransport(site)) as client:
        fetch([ENTRY, elsewhere], tmp_path, client=client, delay=2)
    assert pauses == [7.0, 7.0], "one pause on each host, as long as it asks for"


def test_ids_from_elsewhere_stay_in_the_folder(tmp_path: Path) -> None:
    site = Site({"/strategy.pdf": pdf})
    result = site.one(tmp_path / "in", replace(ENTRY, id="../../etc/x"))
    assert result.path is not None
    assert result.path.parent == tmp_path / "in"


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="file"):
        fetch([ENTRY], tmp_path / "file", delay=0)


def test_progress_is_told_as_it_happens(tmp_path: Path) -> None:
    told: list[str] = []
    site = Site({"/strategy.pdf": pdf})
    with httpx.Client(transport=httpx.MockTransport(site)) as client:
        fetch([ENTRY], tmp_path, client=client, delay=0, on_progress=lambda r: told.append(str(r)))
    assert told == [f"est-2014-strategy: fetched ({len(PDF):,} bytes)"]


def test_the_shipped_catalogue_is_read() -> None:
    found = entries()
    assert len(found) > 200
    assert len({entry.id for entry in found}) == len(found)
    assert any(entry.url and not entry.about_only for entry in found)


class Broken(BaseHTTPRequestHandler):
    """Breaks off in the middle of the first answer; knows ranges."""

    answers = 0
    etag = '"v1"'

    def do_GET(self) -> None:
        if self.path == "/robots.txt":
            self.send_error(404)
            return
        kind = type(self)
        kind.answers += 1
        wanted = self.headers.get("Range")
        if wanted and self.headers.get("If-Range") == kind.etag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(PDF) - 1}/{len(PDF)}")
            body = PDF[start:]
        else:
            self.send_response(200)
            body = PDF
        self.send_header("ETag", kind.etag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:1000] if kind.answers == 1 else body)

    def log_message(self, format: str, *args: object) -> None:
        """Keeps quiet."""


@pytest.fixture
def server() -> Iterator[str]:
    Broken.answers, Broken.etag = 0, '"v1"'
    with ThreadingHTTPServer(("127.0.0.1", 0), Broken) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/strategy.pdf"
        running.shutdown()
        thread.join()


@pytest.mark.parametrize("changed", [False, True])
def test_a_broken_download_goes_on_where_it_stopped(
    tmp_path: Path, server: str, changed: bool
) -> None:
    entry = replace(ENTRY, url=server)
    first = fetch([entry], tmp_path, delay=0)[0]
    assert first.status is FetchStatus.INTERRUPTED
    assert (tmp_path / "est-2014-strategy.part").stat().st_size == 1000
    if changed:
        Broken.etag = '"v2"'
    second = fetch([entry], tmp_path, delay=0)[0]
    assert second.status is FetchStatus.FETCHED
    assert second.path is not None
    assert second.path.read_bytes() == PDF, "joined, or begun anew where the file has changed"
    assert not list(tmp_path.glob("*.part*"))
