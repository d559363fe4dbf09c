"""Fetching documents of the catalogue from their publishers, politely and in several goes.

The folder gets the files and `fetched.tsv`: a manifest for `miner ingest` that also records each
file's SHA-256 and validators. What is there already is not fetched again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from miner.catalogue.entry import CatalogueEntry, entries
from miner.catalogue.polite import BadAddress, RobotsDisallow, Visitor
from miner.catalogue.record import FIELDS, Row, complete, read_record, write_record
from miner.document import sha256_of
from miner.errors import InputError

__all__ = ["CatalogueEntry", "FetchResult", "FetchStatus", "entries", "fetch"]

MAX_BYTES = 200 * 1024 * 1024
_TIMEOUT = httpx.Timeout(30.0, connect=15.0)


class FetchStatus(StrEnum):
    """How a fetch ended."""

    FETCHED = "fetched"
    COMPLETE = "complete"
    UNCHANGED = "unchanged"
    NO_URL = "no_url"
    LANDING_PAGE = "landing_page"
    DISALLOWED = "disallowed"
    DEAD_LINK = "dead_link"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    INTERRUPTED = "interrupted"
    WRONG_TYPE = "wrong_type"
    WRONG_HASH = "wrong_hash"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What became of one entry; `path` and `sha256` where its file lies in the folder."""

    id: str
    status: FetchStatus
    detail: str
    path: Path | None = None
    sha256: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the document is there."""
        return self.status in {FetchStatus.FETCHED, FetchStatus.COMPLETE, FetchStatus.UNCHANGED}

    def __str__(self) -> str:
        return f"{self.id}: {self.status.value} ({self.detail})"


Progress = Callable[[FetchResult], None]


def fetch(
    chosen: Iterable[CatalogueEntry],
    folder: Path,
    *,
    client: httpx.Client | None = None,
    delay: float = 1.0,
    refresh: bool = False,
    on_progress: Progress | None = None,
) -> list[FetchResult]:
    """Fetch entries into `folder`, one after the other; one result each, in their order.

    delay: seconds between requests to one host. refresh: ask also for what is there whether it
    has changed (a conditional request). Problems of single entries are results, not errors;
    InputError only for a folder that cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        rows = read_record(folder)
    except OSError as error:
        raise InputError(str(folder), f"not a usable folder ({error})", "Name another.") from error
    results: list[FetchResult] = []
    own = client or httpx.Client(timeout=_TIMEOUT)
    try:
        visitor = Visitor(own, delay)
        for entry in chosen:
            result = _fetch_one(entry, _Target(folder, entry), rows, visitor, refresh)
            results.append(result)
            if on_progress is not None:
                on_progress(result)
    finally:
        if client is None:
            own.close()
    return results


@dataclass(frozen=True, slots=True)
class _Target:
    folder: Path
    entry: CatalogueEntry

    @property
    def name(self) -> str:
        # Ids may come from somebody else's table; no path leads out of the folder.
        return re.sub(r"[^\w-]+", "-", self.entry.id)

    @property
    def part(self) -> Path:
        return self.folder / f"{self.name}.part"

    @property
    def validator(self) -> Path:
        return self.folder / f"{self.name}.part.etag"

    def clear(self) -> None:
        self.part.unlink(missing_ok=True)
        self.validator.unlink(missing_ok=True)

    def result(self, status: FetchStatus, detail: str) -> FetchResult:
        return FetchResult(self.entry.id, status, detail)


def _fetch_one(
    entry: CatalogueEntry, target: _Target, rows: dict[str, Row], visitor: Visitor, refresh: bool
) -> FetchResult:
    if not entry.url:
        return target.result(FetchStatus.NO_URL, "no address is known")
    if entry.about_only:
        detail = f"only a page about it is known: {entry.url}"
        return target.result(FetchStatus.LANDING_PAGE, detail)
    row = rows.get(entry.id, {})
    there = complete(target.folder, row)
    if there is not None and not refresh:
        detail = f"{there.name} is there"
        return FetchResult(entry.id, FetchStatus.COMPLETE, detail, there, row["sha256"])
    try:
        with visitor.get(entry.url, _headers(target, row if there else {})) as response:
            return _received(response, target, rows, there)
    except RobotsDisallow as error:
        return target.result(FetchStatus.DISALLOWED, str(error))
    except httpx.TimeoutException:
        return target.result(FetchStatus.TIMEOUT, f"{entry.url} did not answer in time")
    except (BadAddress, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        return target.result(FetchStatus.DEAD_LINK, f"{entry.url}: {error}")
    except httpx.ConnectError as error:
        return target.result(FetchStatus.UNREACHABLE, f"{entry.url}: {error}")
    except (httpx.HTTPError, OSError) as error:
        detail = f"{entry.url}: {error or type(error).__name__}; run it again to go on"
        return target.result(FetchStatus.INTERRUPTED, detail)


def _headers(target: _Target, row: Mapping[str, str]) -> dict[str, str]:
    if row:
        asked = {"If-None-Match": row.get("etag"), "If-Modified-Since": row.get("last_modified")}
        return {name: value for name, value in asked.items() if value}
    # Without a validator nobody can tell whether the rest belongs to the same file.
    if target.part.is_file() and target.validator.is_file() and target.part.stat().st_size:
        return {
            "Range": f"bytes={target.part.stat().st_size}-",
            "If-Range": target.validator.read_text("utf-8"),
        }
    return {}


def _received(
    response: httpx.Response, target: _Target, rows: dict[str, Row], there: Path | None
) -> FetchResult:
    code, entry = response.status_code, target.entry
    if code == 304 and there is not None:
        sha256 = rows[entry.id]["sha256"]
        return FetchResult(entry.id, FetchStatus.UNCHANGED, "not changed", there, sha256)
    if code in (401, 403, 429, 503):
        return target.result(FetchStatus.REFUSED, f"{entry.url} answers {code}")
    if code == 416:
        target.clear()
        return target.result(FetchStatus.INTERRUPTED, "the begun file has changed; run it again")
    if code not in (200, 206):
        return target.result(FetchStatus.DEAD_LINK, f"{entry.url} answers {code}")
    held = target.part.stat().st_size if code == 206 else 0
    if code == 206 and not response.headers.get("Content-Range", "").startswith(f"bytes {held}-"):
        target.clear()
        return target.result(FetchStatus.INTERRUPTED, "the host sent another part; run it again")
    etag, modified = response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
    if etag.startswith("W/"):
        etag = ""
    if etag or modified:
        target.validator.write_text(etag or modified, "utf-8")
    else:
        target.validator.unlink(missing_ok=True)
    with target.part.open("ab" if code == 206 else "wb") as file:
        for chunk in response.iter_bytes():
            held += file.write(chunk)
            if held > MAX_BYTES:
                break
    if held > MAX_BYTES:
        target.clear()
        return target.result(FetchStatus.TOO_LARGE, f"over {MAX_BYTES // 1024**2} MiB")
    return _checked(target, rows, {"etag": etag, "last_modified": modified})


def _checked(target: _Target, rows: dict[str, Row], validators: Row) -> FetchResult:
    """The part becomes the file if it is what it should be, and is recorded."""
    from miner.parsing.kind import Kind, sniff

    entry, data = target.entry, target.part.read_bytes()
    sha256 = sha256_of(data)
    promised = Path(urlsplit(entry.url).path).suffix.lower()
    try:
        kind, _ = sniff(data, f"{entry.id}{promised}")
    except InputError as error:
        target.clear()
        return target.result(FetchStatus.WRONG_TYPE, error.cause)
    if promised in {".pdf", ".docx"} and kind not in (Kind.PDF, Kind.DOCX):
        target.clear()
        return target.result(FetchStatus.WRONG_TYPE, f"a {promised} was promised, {kind} came")
    if entry.sha256 and sha256 != entry.sha256.lower():
        target.clear()
        return target.result(FetchStatus.WRONG_HASH, f"its SHA-256 is {sha256}")
    suffixes = {Kind.PDF: ".pdf", Kind.DOCX: ".docx", Kind.HTML: ".html", Kind.MARKDOWN: ".md"}
    path = target.folder / f"{target.name}{suffixes.get(kind, '.txt')}"
    target.part.replace(path)
    target.clear()
    rows[entry.id] = {
        **{name: str(getattr(entry, name, "") or "") for name in FIELDS},
        **validators,
        "path": path.name,
        "sha256": sha256,
        "fetched": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    write_record(target.folder, rows)
    return FetchResult(entry.id, FetchStatus.FETCHED, f"{len(data):,} bytes", path, sha256)
