"""`/v1/documents`, `/v1/passages` and `/v1/jobs`: what is stored and how it gets there."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from api_helpers import CALVESSA, ISMORA, app_client, done, is_problem, prepare, upload
from fastapi.testclient import TestClient
from numpy.typing import NDArray
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from miner.embedding import Encoder

DOCUMENTS = "/v1/documents"


@pytest.mark.parametrize(
    ("query", "countries"),
    [
        ("", ["XCV", "XIM"]),
        ("country=XCV", ["XCV"]),
        ("country=Calvessa&country=xim", ["XCV", "XIM"]),
        ("organisation=Meridian Coast", ["XCV", "XIM"]),
        ("year_from=2020", ["XCV"]),
        ("year_to=2020", ["XIM"]),
        ("year_from=2018&year_to=2022", ["XCV", "XIM"]),
        ("type=policy", ["XIM"]),
        ("language=English", ["XCV", "XIM"]),
        ("language=fr", []),
        ("q=strategy calvessa", ["XCV"]),
        ("country=XIM&year_from=2020", []),
    ],
)
def test_documents_are_listed_and_filtered(
    client: TestClient, query: str, countries: list[str]
) -> None:
    answer = client.get(f"{DOCUMENTS}?{query}").json()
    assert [item["country"] for item in answer["items"]] == countries
    assert answer["total"] == len(countries)


def test_documents_are_paged(client: TestClient) -> None:
    first = client.get(DOCUMENTS, params={"limit": 1}).json()
    second = client.get(DOCUMENTS, params={"limit": 1, "offset": 1}).json()
    assert (first["total"], first["limit"], first["offset"]) == (2, 1, 0)
    assert [i["country"] for i in first["items"] + second["items"]] == ["XCV", "XIM"]
    assert client.get(DOCUMENTS, params={"offset": 5}).json()["items"] == []


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "offset=-1", "year_from=many", "colour=red"]
)
def test_a_bad_query_is_refused(client: TestClient, query: str) -> None:
    problem = is_problem(client.get(f"{DOCUMENTS}?{query}"), 422, "invalid-request")
    assert problem["errors"][0]["field"].startswith("query.")


def test_an_unknown_country_is_refused(client: TestClient) -> None:
    problem = is_problem(client.get(DOCUMENTS, params={"country": "Atlantis"}), 422, "bad-input")
    assert problem["what"] == "country 'Atlantis'"


def test_a_document_tells_what_is_known(client: TestClient, ids: dict[str, str]) -> None:
    found = client.get(f"{DOCUMENTS}/{ids['XCV']}").json()
    assert found["country_name"] == "Calvessa"
    assert found["organisations"] == ["MCA"]
    assert found["year"] == 2022
    assert found["provenance"]["year"] == "given"
    assert found["files"] == ["calvessa-2022.md"]
    assert found["media_type"] == "text/markdown"
    assert found["pages"][0]["status"] == "text"
    assert found["passages"] > 2
    assert found["characters"] > 1000


def test_passages_of_a_document(client: TestClient, ids: dict[str, str]) -> None:
    path = f"{DOCUMENTS}/{ids['XCV']}/passages"
    every = client.get(path).json()
    assert every["total"] == len(every["items"])
    assert [item["position"] for item in every["items"]] == list(range(every["total"]))
    page = client.get(path, params={"limit": 2, "offset": 1}).json()
    assert page["items"] == every["items"][1:3]
    for item in every["items"]:
        assert item["stance"]["label"] in ("commitment", "in_place", "descriptive", "noise")
        assert "Calvessa" in item["citation"]
        for tag in item["tags"]:
            for words in tag["evidence"]:
                assert item["text"][words["start"] : words["end"]] == words["quote"]
    assert any(item["tags"] for item in every["items"])


def test_a_passage_by_its_id(client: TestClient, ids: dict[str, str]) -> None:
    item = client.get(f"{DOCUMENTS}/{ids['XIM']}/passages").json()["items"][0]
    assert client.get(f"/v1/passages/{item['id']}").json() == item


def test_passages_are_filtered_and_paged(client: TestClient, ids: dict[str, str]) -> None:
    every = client.get("/v1/passages").json()
    assert every["total"] == len(every["items"])
    assert every["items"][0]["country"] == "XCV"
    for start in range(every["total"]):
        page = client.get("/v1/passages", params={"limit": 2, "offset": start}).json()
        assert page["items"] == every["items"][start : start + 2]
        assert page["total"] == every["total"]
    only = client.get("/v1/passages", params={"document": ids["XIM"]}).json()
    assert {item["document"] for item in only["items"]} == {ids["XIM"]}
    conditions: list[tuple[str, str, Callable[[dict[str, Any]], bool]]] = [
        ("stance", "commitment", lambda item: item["stance"]["label"] == "commitment"),
        ("country", "Ismora", lambda item: item["country"] == "XIM"),
        ("organisation", "MCA", lambda item: "MCA" in item["organisations"]),
        ("type", "strategy", lambda item: item["document"] == ids["XCV"]),
        (
            "concept",
            "norm.k_certs",
            lambda item: "norm.k_certs" in [tag["concept"] for tag in item["tags"]],
        ),
    ]
    for name, value, holds in conditions:
        found = client.get("/v1/passages", params={name: value}).json()
        assert found["items"] == [item for item in every["items"] if holds(item)], name
        assert found["total"] == len(found["items"]) > 0
    early = client.get("/v1/passages", params={"year_to": 2019}).json()
    assert {item["year"] for item in early["items"]} == {2018}


@pytest.mark.parametrize(
    "path", ["/v1/documents/00ff", "/v1/documents/00ff/passages", "/v1/passages/00ff", "/v1/jobs/x"]
)
def test_what_is_not_there_is_a_problem(client: TestClient, path: str) -> None:
    problem = is_problem(client.get(path), 404, "not-found")
    assert problem["instance"] == path


def test_a_document_is_deleted(empty: TestClient) -> None:
    job = upload(empty, "ismora.md", ISMORA.encode())
    path = f"{DOCUMENTS}/{job['document']}"
    assert empty.get("/v1/passages").json()["total"] > 0
    answer = empty.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert empty.get("/v1/passages").json()["total"] == 0
    is_problem(empty.get(path), 404, "not-found")
    is_problem(empty.delete(path), 404, "not-found")


def test_an_upload_becomes_a_document(empty: TestClient) -> None:
    job = upload(empty, "C:\\texts\\ismora.md", ISMORA.encode(), country="Ismora", year="2018")
    assert (job["state"], job["outcome"], job["fraction"]) == ("done", "added", 1.0)
    assert job["file"] == "ismora.md"
    assert job["problem"] is None
    found = empty.get(f"{DOCUMENTS}/{job['document']}").json()
    assert (found["country"], found["year"], found["organisations"]) == ("XIM", 2018, ["MCA"])
    listed = empty.get("/v1/jobs").json()
    assert (listed["total"], listed["items"]) == (1, [job])
    assert empty.get("/v1/jobs", params={"offset": 1}).json()["items"] == []


def test_the_same_bytes_are_one_document(empty: TestClient) -> None:
    first = upload(empty, "ismora.md", ISMORA.encode(), country="Ismora")
    again = upload(empty, "ismora.md", ISMORA.encode(), country="Ismora")
    renamed = upload(empty, "copy.md", ISMORA.encode())
    assert [job["outcome"] for job in (first, again, renamed)] == [
        "added",
        "unchanged",
        "duplicate",
    ]
    assert first["document"] == again["document"] == renamed["document"]
    assert renamed["warnings"] == ["The same bytes are stored already."]
    assert empty.get(DOCUMENTS).json()["total"] == 1


def test_documents_of_one_name_stay_two(empty: TestClient) -> None:
    upload(empty, "strategy.md", ISMORA.encode())
    upload(empty, "strategy.md", CALVESSA.encode())
    assert empty.get(DOCUMENTS).json()["total"] == 2


def encrypted() -> bytes:
    stream = io.BytesIO()
    lock = StandardEncryption("secret")
    canvas = Canvas(stream, encrypt=lock)
    canvas.drawString(72, 700, "Nobody may read this.")
    canvas.save()
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "slug"),
    [
        ("empty.pdf", b"", "unreadable-document"),
        ("locked.pdf", encrypted(), "unreadable-document"),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj", "unreadable-document"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "unsupported-format"),
    ],
)
def test_a_file_that_cannot_be_read_fails_its_job(
    empty: TestClient, name: str, data: bytes, slug: str
) -> None:
    job = upload(empty, name, data)
    assert job["state"] == "failed"
    assert job["problem"]["type"] == f"/problems/{slug}"
    assert job["problem"]["what"] == name
    assert job["problem"]["next_step"]
    assert empty.get(DOCUMENTS).json()["total"] == 0
    after = upload(empty, "ismora.md", ISMORA.encode())
    assert after["state"] == "done"


@pytest.mark.parametrize(
    ("fields", "slug"),
    [
        ({"country": "Atlantis"}, "bad-input"),
        ({"language": "Klingon!"}, "bad-input"),
        ({"year": "soon"}, "invalid-request"),
        ({"title": "x" * 501}, "invalid-request"),
    ],
)
def test_bad_metadata_is_refused_at_once(
    empty: TestClient, fields: dict[str, str], slug: str
) -> None:
    answer = empty.post(DOCUMENTS, files={"file": ("a.md", ISMORA)}, data=fields)
    is_problem(answer, 422, slug)
    assert empty.get("/v1/jobs").json()["total"] == 0


def test_an_upload_without_a_file_is_refused(empty: TestClient) -> None:
    is_problem(empty.post(DOCUMENTS, data={"title": "x"}), 422, "invalid-request")
    is_problem(empty.post(DOCUMENTS, json={"title": "x"}), 422, "invalid-request")


class SlowEncoder:
    """Waits for a sign before it encodes a document."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.id, self.dimension = encoder.id, encoder.dimension
        self.go = threading.Event()
        self.reached = threading.Event()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if any("Calvessa" in text for text in texts):
            self.reached.set()
            assert self.go.wait(30)
        return self._encoder.encode(texts)


@pytest.fixture
def slow(encoder: Encoder) -> SlowEncoder:
    return SlowEncoder(encoder)


def test_jobs_wait_for_their_turn_and_tell_how_far_they_are(
    tmp_path: Path, blank: Path, slow: SlowEncoder
) -> None:
    with app_client(prepare(tmp_path / "store", blank), slow, max_waiting=2) as client:
        first = client.post(DOCUMENTS, files={"file": ("a.md", CALVESSA)})
        assert slow.reached.wait(30)
        second = client.post(DOCUMENTS, files={"file": ("b.md", ISMORA)})
        states = {job["file"]: job for job in client.get("/v1/jobs").json()["items"]}
        assert (states["a.md"]["state"], states["a.md"]["step"]) == ("running", "embed")
        assert 0 < states["a.md"]["fraction"] < 1
        assert (states["b.md"]["state"], states["b.md"]["fraction"]) == ("queued", 0)
        full = client.post(DOCUMENTS, files={"file": ("c.md", ISMORA)})
        assert is_problem(full, 503, "queue-full")["next_step"]
        assert full.headers["retry-after"]
        assert client.get(DOCUMENTS).json()["total"] == 0
        slow.go.set()
        for answer in (first, second):
            assert done(client, answer.headers["location"])["state"] == "done"
        assert client.get(DOCUMENTS).json()["total"] == 2
        assert list((tmp_path / "store" / "uploads").iterdir()) == []


def test_the_service_stops_while_jobs_wait(tmp_path: Path, blank: Path, slow: SlowEncoder) -> None:
    client = app_client(prepare(tmp_path / "store", blank), slow)
    with client:
        client.post(DOCUMENTS, files={"file": ("b.md", CALVESSA)})
        assert slow.reached.wait(30)
        client.post(DOCUMENTS, files={"file": ("c.md", ISMORA)})
        jobs = client.app.state.jobs  # type: ignore[attr-defined]
        threading.Timer(0.1, slow.go.set).start()
    assert [job.state for job in jobs.all()] == ["failed", "failed"]
    assert {type(job.error).__name__ for job in jobs.all()} == {"Stopping"}


def test_searches_go_on_during_an_upload(client: TestClient) -> None:
    """Every answer is whole, whatever is being written."""
    problems: list[Any] = []

    def ask() -> None:
        for _ in range(15):
            answer = client.get("/v1/search", params={"q": "incidents reported to the team"})
            if answer.status_code != 200 or not answer.json()["hits"]:
                problems.append(answer.text)

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    fresh = [f"{ISMORA}\nThis is edition {number}.\n" for number in range(3)]
    jobs = [upload(client, f"edition-{n}.md", text.encode()) for n, text in enumerate(fresh)]
    for asker in askers:
        asker.join()
    for job in jobs:
        client.delete(f"{DOCUMENTS}/{job['document']}")
    assert [job["state"] for job in jobs] == ["done"] * 3
    assert problems == []
