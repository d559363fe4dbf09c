"""`/v1/commitments` and the commitments of a document."""

from __future__ import annotations

from typing import Any

import pytest
from api_helpers import is_problem
from fastapi.testclient import TestClient

from service.api.routes import commitments as route


def listed(client: TestClient, **query: Any) -> dict[str, Any]:
    answer = client.get("/v1/commitments", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_who_has_promised_what_by_when(client: TestClient, ids: dict[str, str]) -> None:
    first = listed(client, country="Calvessa", sort="deadline", limit=1)["items"][0]
    assert first["who"] == "The Government"
    assert first["what"] == "establish a national computer emergency response team"
    assert first["deadline"]["quote"] == "by June 2023"
    assert first["deadline"]["due"] == "2023-06"
    assert first["strength"]["modal"] == "plan"
    assert first["strength"]["value"] == pytest.approx(0.87)
    assert first["document"] == ids["XCV"]
    assert "p. 1" in first["citation"]


def test_spans_are_words_of_the_passage(client: TestClient) -> None:
    for item in listed(client, limit=200)["items"]:
        text = client.get(f"/v1/passages/{item['passage']}").json()["text"]
        for role in ("sentence", "actor", "modal", "action", "object", "deadline", "beneficiary"):
            span = item[role]
            assert span is None or text[span["start"] : span["end"]] == span["quote"]


def test_filters_and_pages(client: TestClient) -> None:
    every = listed(client, limit=200)
    assert every["total"] == len(every["items"])
    duties = listed(client, modal="duty")
    assert 0 < duties["total"] < every["total"]
    assert all(item["strength"]["modal"] == "duty" for item in duties["items"])
    second = listed(client, limit=1, offset=1)
    assert second["items"] == every["items"][1:2]
    assert listed(client, actor="ombudsman", due_from=2050)["items"] == []
    assert listed(client, concept="dim.education_training")["total"] >= 1


def test_of_a_document(client: TestClient, ids: dict[str, str]) -> None:
    answer = client.get(f"/v1/documents/{ids['XCV']}/commitments", params={"sort": "document"})
    items = answer.json()["items"]
    assert {item["document"] for item in items} == {ids["XCV"]}
    assert [item["start"] for item in items] == sorted(item["start"] for item in items)
    is_problem(client.get("/v1/documents/00ff/commitments"), 404, "not-found")


@pytest.mark.parametrize(
    "query",
    [
        {"modal": "maybe"},
        {"sort": "size"},
        {"min_strength": 2},
        {"limit": 0},
        {"unknown": "x"},
        {"due_from": 2030, "due_to": 2020},
        {"country": "Atlantis of old"},
    ],
)
def test_bad_queries(client: TestClient, query: dict[str, Any]) -> None:
    assert client.get("/v1/commitments", params=query).status_code == 422


def test_a_large_store_is_read_in_parts(empty: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from miner.commitments import ledger

    monkeypatch.setattr(route, "_PATIENCE", 0.0)
    monkeypatch.setattr(ledger, "_BATCH", 1)
    from api_helpers import fill

    fill(empty)
    answer = empty.get("/v1/commitments")
    problem = is_problem(answer, 503, "not-yet")
    assert "still to be read" in problem["cause"]
    assert answer.headers["retry-after"]
    for _ in range(20):
        answer = empty.get("/v1/commitments")
        if answer.status_code == 200:
            break
    assert answer.json()["total"] > 0
