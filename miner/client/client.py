"""PolicyMiner: the methods of the client."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TypeVar
from urllib.parse import quote

from miner.client.answers import (
    Alignment,
    BatchResult,
    BodyDetail,
    BodyList,
    CommitmentList,
    Comparison,
    Concept,
    ConceptList,
    Coverage,
    Document,
    DocumentList,
    Framework,
    FrameworkList,
    Gaps,
    Job,
    Passage,
    PassageList,
    Readiness,
    SearchResponse,
    TaggedRow,
    TagResponse,
)
from miner.client.http import Http, Problem, ServiceError, Wire, connected
from miner.client.routes import ROUTES

T = TypeVar("T")

Style = Literal["csl", "ris", "bibtex"]
Paper = Literal["html", "pdf"]


class PolicyMiner:
    """A service, asked in Python. Every method raises ServiceError for what it refuses.

    Filters (`country`, `type`, ...) are words or lists of words; what is None is not sent.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        *,
        timeout: float = 60.0,
        retries: int = 2,
        http: Http | None = None,
    ) -> None:
        """Connect.

        Args:
            url: address of the service. timeout: seconds that an answer may take.
            retries: how often a GET that failed, and what was not ready, is asked again.
            http: used instead of a connection to `url`.
        """
        self._wire = Wire(http or connected(url, timeout), retries=retries)

    def close(self) -> None:
        """Let go of the connection."""
        self._wire.close()

    def __enter__(self) -> PolicyMiner:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- documents and passages ----------------------------------------------------------------

    def ready(self) -> Readiness:
        """What the service works with; ServiceError (503) until its models are loaded."""
        return self._get("ready", Readiness)

    def documents(self, **filters: Any) -> DocumentList:
        """Stored documents. filters: q, country, organisation, language, type, year_from,
        year_to, limit, offset."""
        return self._get("documents", DocumentList, **filters)

    def document(self, document_id: str) -> Document:
        """One document without its text."""
        return self._get("document", Document, document_id=document_id)

    def upload(self, file: Path | str | bytes, name: str | None = None, **known: Any) -> Job:
        """Send a file to be stored; `wait` for its job.

        Args:
            file: a path, or the bytes themselves (then `name` is needed).
            known: title, country, year, language, issuing_body, type, url, licence.
        """
        return self._send("upload", Job, file, name, known)

    def passages(self, **filters: Any) -> PassageList:
        """Passages in order of country, year, title and place. filters: country, organisation,
        concept, stance, language, document, type, year_from, year_to, limit, offset."""
        return self._get("passages", PassageList, **filters)

    def passage(self, passage_id: str) -> Passage:
        """One passage with its tags and how to cite it."""
        return self._get("passage", Passage, passage_id=passage_id)

    def search(self, q: str, **options: Any) -> SearchResponse:
        """Passages that answer a question. options: the filters of `passages`, and without
        (ids of chips), read, mode, limit, offset."""
        return self._post("search", SearchResponse, q=q, **options)

    def tag(self, texts: Sequence[str]) -> tuple[TaggedRow, ...]:
        """Concepts and stance of texts that are stored nowhere, in their order (256 at most)."""
        return self._post("tag", TagResponse, texts=list(texts)).rows

    def commitments(self, **filters: Any) -> CommitmentList:
        """Who has promised what by when. filters: those of `passages`, and actor, modal,
        min_strength, sort."""
        return self._get("commitments", CommitmentList, **filters)

    # -- alignment -----------------------------------------------------------------------------

    def align(
        self,
        *,
        text: str | None = None,
        document: str | None = None,
        framework: str | Mapping[str, Any] | None = None,
        evidence: int | None = None,
    ) -> Alignment:
        """A text or a stored document against a framework (an id, or one of your own).

        evidence: most evidence passages per concept; all of them without.
        """
        return self._post(
            "align", Alignment, text=text, document=document, framework=framework, evidence=evidence
        )

    def align_file(
        self,
        file: Path | str | bytes,
        name: str | None = None,
        *,
        framework: str | None = None,
        evidence: int | None = None,
    ) -> Alignment:
        """A file against a framework; nothing is stored."""
        form = {"framework": framework, "evidence": evidence}
        return self._send("align_file", Alignment, file, name, form)

    def alignment(
        self, document_id: str, *, framework: str | None = None, evidence: int | None = None
    ) -> Alignment:
        """A stored document against a framework; not sent again while nothing has changed."""
        return self._get(
            "alignment",
            Alignment,
            document_id=document_id,
            framework=framework,
            evidence=evidence,
        )

    def batch(
        self,
        *,
        documents: Sequence[str] = (),
        texts: Mapping[str, str] | None = None,
        framework: str | None = None,
        evidence: int | None = None,
    ) -> Job:
        """Align several stored documents, or texts under names of your own, in one job."""
        return self._post(
            "batch",
            Job,
            documents=list(documents),
            texts=[{"id": name, "text": text} for name, text in (texts or {}).items()],
            framework=framework,
            evidence=evidence,
        )

    def batch_result(self, job_id: str, *, limit: int = 20, offset: int = 0) -> BatchResult:
        """Results of a batch that are there by now, in the order of the request."""
        return self._get("batch_result", BatchResult, job_id=job_id, limit=limit, offset=offset)

    def batch_results(
        self, job_id: str, *, patience: float = 600.0
    ) -> Iterator[tuple[str, Alignment | Problem]]:
        """Wait for a batch; each item's id with its alignment, or with the problem it had.

        patience: seconds to wait; ServiceError where the batch failed or takes longer.
        """
        self.wait(job_id, patience=patience)
        offset = 0
        while True:
            page = self.batch_result(job_id, offset=offset)
            for item in page.items:
                found = item.alignment or item.problem
                if found is not None:
                    yield item.id, found
            offset += len(page.items)
            if not page.items or offset >= page.done:
                return

    def job(self, job_id: str) -> Job:
        """How far an upload or a batch has come."""
        return self._get("job", Job, job_id=job_id)

    def wait(self, job: Job | str, *, patience: float = 600.0, every: float = 0.2) -> Job:
        """Ask a job until it has ended. ServiceError where it failed or takes too long.

        patience, every: seconds to wait in all, and between two questions.
        """
        name = job if isinstance(job, str) else job.id
        until = time.monotonic() + patience
        while True:
            found = self.job(name)
            if found.state == "done":
                return found
            if found.state == "failed":
                raise ServiceError(found.problem or _late(name, "it failed"))
            if time.monotonic() >= until:
                raise ServiceError(_late(name, f"it takes more than {patience:.0f} seconds"))
            time.sleep(every)

    # -- across documents ----------------------------------------------------------------------

    def coverage(self, **options: Any) -> Coverage:
        """Who commits to what: countries (or documents, by="document") by concepts.

        options: framework, concept, choice ("latest" or "all"), evidence (passages per cell),
        country, organisation, on (a year), type, language, document, year_from, year_to.
        """
        return self._get("coverage", Coverage, **options)

    def gaps(self, organisation: str | None = None, **options: Any) -> Gaps:
        """What no member of an organisation commits to, and who commits alone; options as with
        `coverage`."""
        return self._get("gaps", Gaps, organisation=organisation, **options)

    def compare(
        self, documents: Sequence[str], *, framework: str | None = None, evidence: int = 1
    ) -> Comparison:
        """Stored documents side by side (2 to 500)."""
        return self._post(
            "compare",
            Comparison,
            documents=list(documents),
            framework=framework,
            evidence=evidence,
        )

    def bodies(self, **options: Any) -> BodyList:
        """Named bodies and initiatives. options: role, kind, and the filters of `coverage`."""
        return self._get("bodies", BodyList, **options)

    def body(self, body_id: str, **options: Any) -> BodyDetail:
        """A body (id, name or abbreviation) with what each document says of it."""
        return self._get("body", BodyDetail, body_id=body_id, **options)

    # -- taxonomy and outputs --------------------------------------------------------------------

    def frameworks(self) -> tuple[Framework, ...]:
        """All frameworks; the first is used where none is named."""
        return self._get("frameworks", FrameworkList).items

    def framework(self, framework_id: str) -> Framework:
        """One framework with its concepts."""
        return self._get("framework", Framework, framework_id=framework_id)

    def concepts(self) -> tuple[Concept, ...]:
        """All concepts that passages are tagged with."""
        return self._get("concepts", ConceptList).items

    def cite(self, passage_id: str, style: Style = "csl") -> str:
        """A passage's citation with its page, as the text of a file."""
        return self._text("cite", passage_id=passage_id, style=style)

    def cite_document(self, document_id: str, style: Style = "csl") -> str:
        """A document's citation, as the text of a file."""
        return self._text("cite_document", document_id=document_id, style=style)

    def annotations(self, document_id: str) -> dict[str, Any]:
        """A document's tags as a W3C Web Annotation page (JSON-LD)."""
        found: dict[str, Any] = json.loads(self._text("annotations", document_id=document_id))
        return found

    def report(
        self, document_id: str, *, framework: str | None = None, format: Paper = "html"
    ) -> bytes:
        """A printable report of a document."""
        return self._bytes("report", document_id=document_id, framework=framework, format=format)

    def region_report(
        self,
        organisation_id: str,
        *,
        framework: str | None = None,
        on: int | None = None,
        format: Paper = "html",
    ) -> bytes:
        """A printable report of an organisation's members; on: year of the membership."""
        return self._bytes(
            "region_report",
            organisation_id=organisation_id,
            framework=framework,
            on=on,
            format=format,
        )

    # -- how they ask ----------------------------------------------------------------------------

    def _get(self, name: str, answer: type[T], **given: Any) -> T:
        path, query = _address(name, given)
        return self._wire.get(answer, path, **query)

    def _post(self, name: str, answer: type[T], **given: Any) -> T:
        route = ROUTES[name]
        _checked(name, given, route.body)
        lists = _LISTS if name == "search" else frozenset[str]()
        body = {
            key: [value] if key in lists and isinstance(value, str) else value
            for key, value in given.items()
        }
        return self._wire.post(answer, route.path, body)

    def _send(
        self,
        name: str,
        answer: type[T],
        file: Path | str | bytes,
        called: str | None,
        form: Mapping[str, Any],
    ) -> T:
        route = ROUTES[name]
        _checked(name, form, route.body)
        data = file if isinstance(file, bytes) else Path(file).read_bytes()
        shown = called or ("document" if isinstance(file, bytes) else Path(file).name)
        return self._wire.send(answer, route.path, {"file": (shown, data)}, form)

    def _text(self, name: str, **given: Any) -> str:
        return self._bytes(name, **given).decode("utf-8")

    def _bytes(self, name: str, **given: Any) -> bytes:
        path, query = _address(name, given)
        return self._wire.ask("GET", path, query=query)


# Filters of a search, which the service wants as lists.
_LISTS = frozenset("country organisation concept stance language document type without".split())


def _address(name: str, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """A route's path with its ids put in, and the rest as its query."""
    route = ROUTES[name]
    path, query = route.path, {}
    for key, value in given.items():
        if f"{{{key}}}" in path:
            path = path.replace(f"{{{key}}}", quote(str(value), safe=""))
        elif value is not None:
            query[key] = value
    _checked(name, query, route.query)
    return path, query


def _checked(name: str, given: Mapping[str, Any], known: Sequence[str]) -> None:
    for key in given:
        if key not in known:
            raise TypeError(f"{name}() takes no {key!r}; it takes {', '.join(known) or 'none'}")


def _late(job: str, cause: str) -> Problem:
    return Problem(
        type="/problems/job-not-done",
        title="The job is not done",
        status=0,
        detail=f"job {job}: {cause}. Ask again later with job({job!r}).",
        what=f"job {job}",
        cause=cause,
        next_step=f"Ask again later with job({job!r}).",
    )
