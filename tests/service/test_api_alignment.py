"""Alignments, comparisons, frameworks and concepts."""

from __future__ import annotations

from typing import Any

import pytest
from api_helpers import CALVESSA, ISMORA, is_problem, upload
from fastapi.testclient import TestClient

CONCEPT_FIELDS = {
    "concept", "label", "group", "score", "present", "presence", "depth", "commitment",
    "interval", "evidence", "nearest", "note",
}  # fmt: skip


def check(alignment: dict[str, Any], concepts: int) -> None:
    """What holds for every alignment."""
    assert len(alignment["concepts"]) == concepts
    assert 0 <= alignment["overall"]["score"] <= 1
    assert [g["group"] for g in alignment["groups"]] == list(
        dict.fromkeys(row["group"] for row in alignment["concepts"])
    )
    for row in alignment["concepts"]:
        assert set(row) == CONCEPT_FIELDS
        low, high = row["interval"]
        assert low <= row["score"] <= high
        assert bool(row["evidence"]) == row["present"]
        for found in row["evidence"] + row["nearest"]:
            assert found["quote"] in found["text"]


def test_a_stored_document_is_aligned(client: TestClient, ids: dict[str, str]) -> None:
    found = client.get(f"/v1/documents/{ids['XCV']}/alignment").json()
    check(found, 28)
    assert found["document"] == ids["XCV"]
    assert found["framework"] == "cyber-resilience"
    rows = {row["concept"]: row for row in found["concepts"]}
    reporting = rows["norm.j_vulnerability_reporting"]
    assert reporting["present"]
    assert "vulnerabilities" in reporting["evidence"][0]["text"]
    passage = client.get(f"/v1/passages/{reporting['evidence'][0]['passage']}").json()
    assert passage["text"] == reporting["evidence"][0]["text"]
    by_body = client.post("/v1/alignment", json={"document": ids["XCV"]}).json()
    assert by_body == found


def test_a_framework_is_chosen(client: TestClient, ids: dict[str, str]) -> None:
    path = f"/v1/documents/{ids['XCV']}/alignment"
    found = client.get(path, params={"framework": "un-norms"}).json()
    concepts = client.get("/v1/frameworks/un-norms").json()["concepts"]
    check(found, len(concepts))
    assert {row["group"] for row in found["concepts"]} == {"norm"}


def test_the_entity_tag_saves_the_answer(client: TestClient, ids: dict[str, str]) -> None:
    path = f"/v1/documents/{ids['XCV']}/alignment"
    first = client.get(path)
    etag = first.headers["etag"]
    assert etag.startswith('"')
    for wanted in (etag, f'"other", W/{etag}', "*"):
        again = client.get(path, headers={"If-None-Match": wanted})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get(path, params={"framework": "un-norms"}).headers["etag"] != etag
    other = client.get(f"/v1/documents/{ids['XIM']}/alignment")
    assert other.headers["etag"] != etag


def test_the_entity_tag_changes_with_the_document(empty: TestClient) -> None:
    etags = []
    for country in ("Ismora", "Calvessa"):
        job = upload(empty, "a.md", ISMORA.encode(), country=country)
        path = f"/v1/documents/{job['document']}/alignment"
        etags.append(empty.get(path).headers["etag"])
        empty.delete(f"/v1/documents/{job['document']}")
    assert etags[0] != etags[1]


def test_a_text_and_a_file_are_aligned_and_not_stored(client: TestClient) -> None:
    before = client.get("/v1/documents").json()["total"]
    text = client.post("/v1/alignment", json={"text": CALVESSA, "framework": "un-norms"})
    assert text.status_code == 200, text.text
    check(text.json(), len(client.get("/v1/frameworks/un-norms").json()["concepts"]))
    file = client.post(
        "/v1/alignment/file",
        files={"file": ("calvessa.md", CALVESSA)},
        data={"framework": "un-norms"},
    )
    assert file.status_code == 200, file.text
    check(file.json(), len(text.json()["concepts"]))
    assert file.json()["title"] == "National Cyber Strategy of Calvessa"
    assert any(row["present"] for row in file.json()["concepts"])
    assert client.get("/v1/documents").json()["total"] == before


def test_a_file_is_aligned_as_it_is_when_stored(client: TestClient, ids: dict[str, str]) -> None:
    stored = client.get(f"/v1/documents/{ids['XCV']}/alignment").json()
    sent = client.post("/v1/alignment/file", files={"file": ("x.md", CALVESSA)}).json()
    assert sent["document"] == stored["document"]
    assert sent["concepts"] == stored["concepts"]


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        ({}, 422, "invalid-request"),
        ({"text": "x", "document": "y"}, 422, "invalid-request"),
        ({"text": ""}, 422, "invalid-request"),
        ({"text": "..."}, 422, "unreadable-document"),
        ({"document": "00ff"}, 404, "not-found"),
        ({"text": CALVESSA, "framework": "none"}, 404, "not-found"),
    ],
)
def test_what_cannot_be_aligned(
    client: TestClient, body: dict[str, str], status: int, slug: str
) -> None:
    is_problem(client.post("/v1/alignment", json=body), status, slug)


def test_files_and_documents_that_cannot_be_aligned(
    client: TestClient, ids: dict[str, str]
) -> None:
    path = "/v1/alignment/file"
    is_problem(client.post(path, files={"file": ("a.pdf", b"")}), 422, "unreadable-document")
    picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 99
    is_problem(client.post(path, files={"file": ("a.png", picture)}), 415, "unsupported-format")
    is_problem(client.get("/v1/documents/00ff/alignment"), 404, "not-found")
    unknown = client.get(f"/v1/documents/{ids['XCV']}/alignment", params={"framework": "none"})
    is_problem(unknown, 404, "not-found")


def test_documents_are_compared(client: TestClient, ids: dict[str, str]) -> None:
    documents = [ids["XIM"], ids["XCV"]]
    found = client.post("/v1/compare", json={"documents": documents}).json()
    assert [row["document"] for row in found["documents"]] == documents
    assert [row["country"] for row in found["documents"]] == ["XIM", "XCV"]
    alone = client.get(f"/v1/documents/{ids['XCV']}/alignment").json()
    assert found["documents"][1]["overall"] == alone["overall"]
    assert len(found["concepts"]) == 28
    for row, concept in zip(found["concepts"], alone["concepts"], strict=True):
        assert [cell["document"] for cell in row["scores"]] == documents
        assert row["scores"][1]["score"] == concept["score"]
        assert row["scores"][1]["present"] == concept["present"]


def test_what_cannot_be_compared(client: TestClient, ids: dict[str, str]) -> None:
    def compare(*documents: str, **more: str) -> Any:
        return client.post("/v1/compare", json={"documents": list(documents), **more})

    is_problem(compare(ids["XCV"]), 422, "invalid-request")
    is_problem(compare(*["x"] * 21), 422, "invalid-request")
    is_problem(compare(ids["XCV"], ids["XCV"]), 422, "bad-input")
    is_problem(compare(ids["XCV"], "00ff"), 404, "not-found")
    is_problem(compare(ids["XCV"], ids["XIM"], framework="none"), 404, "not-found")


def test_frameworks(client: TestClient) -> None:
    found = client.get("/v1/frameworks").json()
    assert found["total"] == len(found["items"]) == 4
    assert [item["default"] for item in found["items"]] == [True, False, False, False]
    first = found["items"][0]
    assert client.get(f"/v1/frameworks/{first['id']}").json() == first
    assert first["version"]
    assert first["citation"]
    is_problem(client.get("/v1/frameworks/none"), 404, "not-found")


def test_concepts(client: TestClient) -> None:
    found = client.get("/v1/concepts").json()
    assert found["total"] == len(found["items"]) == 28
    for item in found["items"]:
        assert "hidden" not in item
        assert item["frameworks"][0] == "cyber-resilience"
    assert client.get(f"/v1/concepts/{found['items'][3]['id']}").json() == found["items"][3]
    is_problem(client.get("/v1/concepts/none"), 404, "not-found")
