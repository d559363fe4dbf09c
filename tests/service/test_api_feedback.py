"""Feedback and taxonomies of one's own over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from api_helpers import CALVESSA, is_problem, upload
from fastapi.testclient import TestClient

INCIDENT, SKILLS = "dim.incident_management", "dim.education_training"
FRAMEWORK = """
id: towns
title: What towns do
concepts:
  - id: team
    group: safety
    label: Response team
    definition: A team that responds to incidents and receives reports of them.
    labels: [response team, reports of incidents, CERT-CV]
  - id: learning
    group: people
    label: Learning
    definition: Schools, scholarships and courses teach people about security.
    labels: [scholarships, schools, curriculum]
"""


@pytest.fixture
def filled(empty: TestClient) -> TestClient:
    assert upload(empty, "calvessa.md", CALVESSA.encode(), country="Calvessa")["state"] == "done"
    return empty


def passages(client: TestClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/v1/passages").json()["items"]
    return items


def concepts(passage: dict[str, Any]) -> dict[str, str]:
    return {tag["concept"]: tag["by"] for tag in passage["tags"]}


def test_an_analyst_decides_and_everything_shows_it(filled: TestClient) -> None:
    passage = next(one for one in passages(filled) if INCIDENT in concepts(one))
    address = f"/v1/documents/{passage['document']}/alignment"
    before = filled.get(address)
    answer = filled.post(
        "/v1/feedback",
        json={
            "who": "Ana Souza",
            "passage": passage["id"],
            "decisions": [
                {"verdict": "reject", "concept": INCIDENT},
                {"verdict": "add", "concept": SKILLS},
                {"verdict": "stance", "stance": "in_place"},
            ],
            "comment": "because",
        },
    )
    assert answer.status_code == 201, answer.text
    assert [item["stored"] for item in answer.json()["items"]] == [True] * 3
    now = filled.get(f"/v1/passages/{passage['id']}").json()
    assert concepts(now).get(SKILLS) == "analyst"
    assert INCIDENT not in concepts(now)
    assert now["stance"] == {
        "label": "in_place",
        "probability": 1.0,
        "by": "analyst",
        "evidence": [],
    }
    found = filled.get("/v1/passages", params={"concept": SKILLS}).json()["items"]
    assert passage["id"] in [one["id"] for one in found]
    after = filled.get(address, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200, "an alignment that was kept is out of date"
    listed = filled.get("/v1/feedback", params={"concept": SKILLS}).json()
    assert (listed["total"], listed["items"][0]["comment"]) == (1, "because")
    filled.delete(f"/v1/documents/{passage['document']}")
    kept = filled.get("/v1/feedback", params={"limit": 2}).json()
    assert (kept["total"], [one["stored"] for one in kept["items"]]) == (3, [False, False])
    rows = filled.get("/v1/feedback/export")
    assert rows.headers["content-type"].startswith("application/x-ndjson")
    (row,) = [json.loads(line) for line in rows.text.splitlines()]
    assert (row["concepts"], row["stance"], row["text"]) == ([SKILLS], "in_place", passage["text"])


def test_bad_feedback_is_a_problem(filled: TestClient) -> None:
    passage = passages(filled)[0]["id"]

    def give(**fields: Any) -> Any:
        body = {"who": "A", "passage": passage, "decisions": [{"verdict": "add"}]}
        return filled.post("/v1/feedback", json={**body, **fields})

    decided = {"verdict": "add", "concept": INCIDENT}
    is_problem(give(passage="nowhere", decisions=[decided]), 404, "not-found")
    is_problem(give(), 422, "bad-input")
    wrong = is_problem(give(decisions=[{**decided, "concept": "dim.incident"}]), 422, "bad-input")
    assert INCIDENT in wrong["next_step"]
    for fields in (
        {"decisions": []},
        {"who": ""},
        {"decisions": [{**decided, "verdict": "perhaps"}]},
        {"decisions": [{**decided, "stance": "firm"}]},
    ):
        is_problem(give(**fields), 422, "invalid-request")
    assert filled.get("/v1/feedback").json()["total"] == 0


def bring(client: TestClient, text: str = FRAMEWORK, examples: str | None = None) -> Any:
    files = {"file": ("towns.yaml", text.encode())}
    if examples is not None:
        files["examples"] = ("rows.jsonl", examples.encode())
    return client.post("/v1/taxonomies", files=files)


def test_a_taxonomy_is_brought_and_tags_at_once(filled: TestClient) -> None:
    answer = bring(filled)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["id"], made["examples"]) == ("towns", 0)
    assert made["background"] > 0
    texts = ["The town pays scholarships and builds schools.", "Ships come and go."]
    tagged = filled.post("/v1/taxonomies/towns/tag", json={"texts": texts}).json()
    assert [[tag["concept"] for tag in row["tags"]] for row in tagged["rows"]] == [["learning"], []]
    assert [e["quote"] for e in tagged["rows"][0]["tags"][0]["evidence"]] == [
        "scholarships",
        "schools",
    ]
    document = filled.get("/v1/documents").json()["items"][0]
    whole = filled.post("/v1/taxonomies/towns/tag", json={"document": document["id"]}).json()
    assert [row["id"] for row in whole["rows"]] == [one["id"] for one in passages(filled)]
    assert "team" in {tag["concept"] for row in whole["rows"] for tag in row["tags"]}


def test_examples_make_another_model_of_it(filled: TestClient) -> None:
    first = bring(filled).json()
    rows = [
        {"text": "Apprentices are paid while they study.", "concepts": ["learning"]},
        {"text": "Ships come and go.", "concepts": []},
    ]
    second = bring(filled, examples="\n".join(map(json.dumps, rows))).json()
    assert second["model"] != first["model"]
    assert [c["examples"] for c in second["concepts"]] == [0, 1]
    listed = filled.get("/v1/taxonomies").json()
    assert (listed["total"], listed["items"][0]["model"]) == (1, second["model"])
    assert filled.delete("/v1/taxonomies/towns").status_code == 204
    is_problem(filled.get("/v1/taxonomies/towns"), 404, "not-found")


def test_bad_taxonomies_are_problems(filled: TestClient) -> None:
    for text, words in (
        ("id: [", "no YAML"),
        ("id: x\ntitle: X\nconcepts: []", "no concepts"),
        (FRAMEWORK.replace("definition: A team", "defined: A team"), "definition"),
    ):
        assert words in is_problem(bring(filled, text), 422, "bad-input")["detail"]
    for rows, words in (("{", "line 1"), ('{"text": "A", "concepts": ["tem"]}', "Did you mean")):
        assert words in is_problem(bring(filled, examples=rows), 422, "bad-input")["detail"]
    latin = filled.post("/v1/taxonomies", files={"file": ("a.yaml", b"id: \xe9")})
    is_problem(latin, 422, "bad-input")
    assert filled.get("/v1/taxonomies").json()["total"] == 0
    for name in ("nowhere", "%2e%2e%2f"):
        answer = filled.post(f"/v1/taxonomies/{name}/tag", json={"texts": ["A"]})
        assert answer.status_code == 404
    is_problem(filled.post("/v1/taxonomies/towns/tag", json={}), 422, "invalid-request")
