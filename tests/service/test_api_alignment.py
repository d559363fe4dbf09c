"""Alignments, comparisons, frameworks and concepts."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from api_helpers import CALVESSA, ISMORA, is_problem, upload
from fastapi.testclient import TestClient

from miner.alignment import RULE_VERSION

CONCEPT_FIELDS = {
    "concept", "label", "group", "score", "present", "presence", "depth", "commitment",
    "interval", "evidence", "nearest", "note", "claim", "counted", "share", "percentile", "recall",
    "precision", "offset",
}  # fmt: skip
OWN = {
    "id": "own",
    "title": "Own",
    "concepts": [
        {
            "id": "teams",
            "label": "Teams",
            "definition": "Teams that answer when something goes wrong.",
            "maps_to": ["dim.incident_management"],
        }
    ],
}


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
            assert found["words"] == len(found["text"].split())
            assert 0 <= found["commitment"]["value"] <= 1


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
    by_body = client.post("/v1/alignment", json={"document": ids["XCV"]})
    assert by_body.json() == found
    assert (found["rule"], found["model"]) == (RULE_VERSION, "keywords@test")
    again = client.post("/v1/alignment", json={"document": ids["XCV"]})
    assert again.headers["etag"] == by_body.headers["etag"]


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


def test_a_framework_of_ones_own_is_sent_with_the_request(
    client: TestClient, ids: dict[str, str]
) -> None:
    body = {"document": ids["XCV"], "framework": OWN}
    found = client.post("/v1/alignment", json=body).json()
    check(found, 1)
    shipped = client.get(f"/v1/documents/{ids['XCV']}/alignment").json()["concepts"]
    theirs = next(row for row in shipped if row["concept"] == "dim.incident_management")
    assert found["concepts"][0]["score"] == theirs["score"]
    assert (found["framework"], found["concepts"][0]["concept"]) == ("own", "teams")
    broken = {**OWN, "concepts": [{"id": "x"}]}
    problem = is_problem(
        client.post("/v1/alignment", json={**body, "framework": broken}), 422, "bad-input"
    )
    assert "concept 'x', field 'label'" in problem["detail"]


def test_a_framework_of_ones_own_is_sent_as_a_file(client: TestClient) -> None:
    def sent(text: bytes, name: str = "own.yaml", **data: str) -> Any:
        files = {"file": ("c.md", CALVESSA), "framework_file": (name, text)}
        return client.post("/v1/alignment/file", files=files, data=data)

    found = sent(yaml.safe_dump(OWN).encode())
    assert found.status_code == 200, found.text
    check(found.json(), 1)
    is_problem(sent(b"\xff\xfe"), 422, "bad-input")
    is_problem(sent(b"a: [b"), 422, "bad-input")
    is_problem(sent(yaml.safe_dump(OWN).encode(), framework="un-norms"), 422, "bad-input")


def test_evidence_is_cut_where_it_is_asked_for(client: TestClient, ids: dict[str, str]) -> None:
    path = f"/v1/documents/{ids['XCV']}/alignment"
    cut = client.get(path, params={"evidence": 1})
    whole = client.get(path)
    assert cut.headers["etag"] != whole.headers["etag"]
    for one, other in zip(cut.json()["concepts"], whole.json()["concepts"], strict=True):
        assert (one["score"], one["counted"]) == (other["score"], len(other["evidence"]))
        assert len(one["evidence"]) == min(len(other["evidence"]), 1)
    is_problem(client.get(path, params={"evidence": 0}), 422, "invalid-request")


def test_a_reference_document_is_looked_for(client: TestClient, ids: dict[str, str]) -> None:
    path = f"/v1/documents/{ids['XCV']}/alignment"
    found = client.get(path, params={"reference": ids["XCV"]}).json()["reference"]
    assert found["reference"] == ids["XCV"]
    verdicts = [match["verdict"] for match in found["statements"]]
    assert len(verdicts) == found["matched"] + found["partly"] + found["not_found"] > 5
    for match in found["statements"]:
        assert bool(match["evidence"]) == (match["verdict"] != "not found")
        for passage in match["evidence"] + match["nearest"]:
            assert passage["quote"] in passage["text"]
    body = {"document": ids["XIM"], "reference": {"text": CALVESSA}}
    by_text = client.post("/v1/alignment", json=body).json()["reference"]
    assert [m["statement"]["text"] for m in by_text["statements"]] == [
        m["statement"]["text"] for m in found["statements"]
    ]
    files = {"file": ("i.md", ISMORA), "reference": ("c.md", CALVESSA)}
    by_file = client.post("/v1/alignment/file", files=files).json()["reference"]
    assert by_file["score"] == by_text["score"]
    assert client.get(path).json()["reference"] is None


def test_what_cannot_be_a_reference(client: TestClient, ids: dict[str, str]) -> None:
    path = f"/v1/documents/{ids['XCV']}/alignment"
    is_problem(client.get(path, params={"reference": "00ff"}), 404, "not-found")
    for reference, status, slug in (
        ({}, 422, "invalid-request"),
        ({"text": "The river is blue and long and cold and old."}, 422, "bad-input"),
        ({"document": "00ff"}, 404, "not-found"),
    ):
        body = {"document": ids["XCV"], "reference": reference}
        is_problem(client.post("/v1/alignment", json=body), status, slug)


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


def test_what_cannot_be_compared(client: TestClient, ids: dict[str, str]) -> None:
    def compare(*documents: str, **more: str) -> Any:
        return client.post("/v1/compare", json={"documents": list(documents), **more})

    is_problem(compare(ids["XCV"]), 422, "invalid-request")
    is_problem(compare(*["x"] * 501), 422, "invalid-request")
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


def test_a_framework_is_exported_as_skos(client: TestClient) -> None:
    for name, concepts in (("un-norms", 13), ("codebook", 28)):
        answer = client.get(f"/v1/frameworks/{name}/skos")
        assert answer.headers["content-type"] == "application/ld+json"
        graph = answer.json()["@graph"]
        own = [n for n in graph if n["@id"].startswith("urn:policy-miner:concept:")]
        assert len(own) == concepts
    is_problem(client.get("/v1/frameworks/none/skos"), 404, "not-found")


def test_a_framework_is_linted(client: TestClient) -> None:
    good = client.post("/v1/frameworks/lint", json=OWN).json()
    assert good["ok"]
    assert {item["level"] for item in good["items"]} == {"warning"}
    bad = client.post("/v1/frameworks/lint", json={"id": "x"}).json()
    assert not bad["ok"]
    assert bad["total"] == len(bad["items"]) > 1
    is_problem(client.post("/v1/frameworks/lint", json=[1]), 422, "invalid-request")


def test_crosswalks(client: TestClient) -> None:
    found = client.get("/v1/crosswalks", params={"one": "un-norms", "other": "cmm"}).json()
    assert found["total"] == len(found["items"]) > 3
    for item in found["items"]:
        assert item["subject"].startswith("norm.")
        assert item["object"].startswith("cmm:D")
        assert item["source"]
    is_problem(client.get("/v1/crosswalks", params={"one": "none"}), 404, "not-found")
    is_problem(client.get("/v1/crosswalks"), 422, "invalid-request")


def test_concepts(client: TestClient) -> None:
    found = client.get("/v1/concepts").json()
    assert found["total"] == len(found["items"]) == 28
    for item in found["items"]:
        assert "hidden" not in item
        assert item["frameworks"][0] == "cyber-resilience"
    assert client.get(f"/v1/concepts/{found['items'][3]['id']}").json() == found["items"][3]
    is_problem(client.get("/v1/concepts/none"), 404, "not-found")
