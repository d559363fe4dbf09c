"""`/v1/search` and `/v1/tag`."""

from __future__ import annotations

from typing import Any

import pytest
from api_helpers import CALVESSA, is_problem
from fastapi.testclient import TestClient

SEARCH = "/v1/search"


def search(client: TestClient, **parameters: Any) -> dict[str, Any]:
    answer = client.get(SEARCH, params=parameters)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_hits_carry_their_document_and_their_evidence(client: TestClient) -> None:
    found = search(client, q="responsible disclosure of vulnerabilities")
    best = found["hits"][0]
    assert "disclosure of vulnerabilities" in best["text"]
    assert (best["country"], best["country_name"], best["year"]) == ("XCV", "Calvessa", 2022)
    assert best["title"] == "National Cyber Strategy of Calvessa"
    assert best["heading_path"][-1] == "2. Disclosure of vulnerabilities"
    assert best["highlights"]
    for span in best["highlights"]:
        assert best["text"][span["start"] : span["end"]] == span["quote"]
    assert best["citation"].count("p. 1") == 1
    assert best["stance"]["label"] == "commitment"
    for span in best["stance"]["evidence"]:
        assert best["text"][span["start"] : span["end"]] == span["quote"]
    assert best["stance"]["evidence"]
    assert client.get(f"/v1/passages/{best['passage']}").json()["text"] == best["text"]
    assert [hit["score"] for hit in found["hits"]] == sorted(
        (hit["score"] for hit in found["hits"]), reverse=True
    )


def test_the_reading_of_a_query_is_shown_and_can_be_switched_off(client: TestClient) -> None:
    query = "response team in Ismora"
    found = search(client, q=query)
    chips = {chip["id"]: chip for chip in found["interpretation"]["chips"]}
    chip = chips["country:XIM"]
    assert chip["kind"] == "country"
    assert "Ismora" in query[chip["start"] : chip["end"]]
    assert {hit["country"] for hit in found["hits"]} == {"XIM"}
    assert "country:XIM" in found["wider"]
    assert found["note"]
    wide = search(client, q=query, without="country:XIM")
    assert {hit["country"] for hit in wide["hits"]} == {"XCV", "XIM"}
    plain = search(client, q=query, read=False)
    assert plain["interpretation"]["chips"] == []


def test_post_answers_as_get_does(client: TestClient) -> None:
    question = {"q": "skills", "country": ["XCV"], "facets": ["country", "stance"], "limit": 2}
    assert client.post(SEARCH, json=question).json() == search(client, **question)


@pytest.mark.parametrize(
    ("name", "value", "countries"),
    [
        ("country", "Ismora", {"XIM"}),
        ("organisation", "MCA", {"XCV", "XIM"}),
        ("stance", "commitment", {"XCV"}),
        ("year_from", 2020, {"XCV"}),
        ("year_to", 2020, {"XIM"}),
        ("type", "policy", {"XIM"}),
        ("language", "en", {"XCV", "XIM"}),
        ("language", "fr", set()),
    ],
)
def test_filters(client: TestClient, name: str, value: object, countries: set[str]) -> None:
    found = search(client, q="incidents", **{name: value})
    assert {hit["country"] for hit in found["hits"]} == countries


def test_filters_alone_are_a_question(client: TestClient, ids: dict[str, str]) -> None:
    found = search(client, document=ids["XCV"], concept="norm.j_vulnerability_reporting")
    assert found["total"] > 0


def test_facets_have_labels(client: TestClient, ids: dict[str, str]) -> None:
    names = ["country", "organisations", "year", "concepts", "stance", "language", "document"]
    facets = search(client, q="incidents", facets=names)["facets"]
    assert list(facets) == names
    assert {row["value"]: row["label"] for row in facets["country"]} == {
        "XCV": "Calvessa",
        "XIM": "Ismora",
    }
    assert facets["organisations"][0]["label"] == "Meridian Coast Association"
    assert {row["value"] for row in facets["year"]} == {"2018", "2022"}
    assert {row["value"] for row in facets["document"]} == set(ids.values())
    assert all(row["count"] > 0 for rows in facets.values() for row in rows)


def test_hits_are_grouped_by_document(client: TestClient) -> None:
    found = search(client, q="incidents", group=True, limit=2)
    assert found["hits"] == []
    assert len({group["document"] for group in found["groups"]}) == 2
    for group in found["groups"]:
        assert {hit["document"] for hit in group["hits"]} == {group["document"]}


@pytest.mark.parametrize("mode", ["bm25", "dense", "hybrid", "full"])
def test_modes_and_pages(client: TestClient, mode: str) -> None:
    every = search(client, q="cyber security incidents", mode=mode, limit=50)["hits"]
    pages = [
        search(client, q="cyber security incidents", mode=mode, limit=2, offset=at)["hits"]
        for at in (0, 2)
    ]
    assert [hit["passage"] for page in pages for hit in page] == [
        hit["passage"] for hit in every[:4]
    ]


@pytest.mark.parametrize(
    ("parameters", "slug"),
    [
        ({}, "bad-input"),
        ({"q": "  "}, "bad-input"),
        ({"q": "x", "limit": 0}, "invalid-request"),
        ({"q": "x", "facets": "colour"}, "invalid-request"),
        ({"q": "x", "mode": "best"}, "invalid-request"),
        ({"q": "x", "stance": "firm"}, "invalid-request"),
        ({"q": "x" * 2001}, "invalid-request"),
        ({"q": "x", "country": "Atlantis"}, "bad-input"),
        ({"q": "x", "concept": "norm.z"}, "bad-input"),
        ({"q": "x", "language": "Klingon!"}, "bad-input"),
        ({"q": "x", "year_from": 2020, "year_to": 2010}, "bad-input"),
        ({"query": "x"}, "invalid-request"),
    ],
)
def test_a_bad_question_is_refused(
    client: TestClient, parameters: dict[str, Any], slug: str
) -> None:
    is_problem(client.get(SEARCH, params=parameters), 422, slug)


@pytest.mark.parametrize("query", ["\0", "'); DROP", "%", "*", "𝔘𝔫𝔦", "\u202e", '"', "(" * 500])
def test_odd_words_are_only_words(client: TestClient, query: str) -> None:
    assert search(client, q=query)["interpretation"]["query"] == query


def test_texts_are_tagged(client: TestClient) -> None:
    text = CALVESSA.split("## ")[2]
    answer = client.post("/v1/tag", json={"texts": [text, "Bonjour."]})
    assert answer.status_code == 200
    first, second = answer.json()["rows"]
    assert first["id"] == "0"
    assert "norm.j_vulnerability_reporting" in [tag["concept"] for tag in first["tags"]]
    for tag in first["tags"]:
        assert set(tag) == {"concept", "probability", "evidence", "by"}
        for words in tag["evidence"]:
            assert text[words["start"] : words["end"]] == words["quote"]
    assert first["stance"]["label"] == "commitment"
    assert first["abstained"] is None
    assert second["tags"] == []
    assert second["abstained"]
    assert first["model"] == second["model"]


def test_rows_keep_their_ids_and_order(client: TestClient) -> None:
    rows = [{"id": f"row-{n}", "text": f"Measure {n} will be taken."} for n in range(256)]
    answer = client.post("/v1/tag", json={"rows": rows}).json()
    assert [row["id"] for row in answer["rows"]] == [row["id"] for row in rows]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"texts": []},
        {"texts": ["x"], "rows": [{"id": "1", "text": "x"}]},
        {"texts": ["x"] * 257},
        {"texts": ["x" * 20_001]},
        {"texts": ["x"], "colour": "red"},
        {"texts": "x"},
    ],
)
def test_bad_texts_are_refused(client: TestClient, body: dict[str, Any]) -> None:
    is_problem(client.post("/v1/tag", json=body), 422, "invalid-request")


def test_what_is_no_json_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/tag", content=b"{", headers={"Content-Type": "application/json"})
    is_problem(answer, 422, "invalid-request")
    half = client.post(
        "/v1/tag",
        content=b'{"texts": ["\\ud800"]}',
        headers={"Content-Type": "application/json"},
    )
    is_problem(half, 422, "invalid-request")
