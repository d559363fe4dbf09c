"""The Python client: against the service, and against openapi.json."""

from __future__ import annotations

import json
import runpy
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from api_helpers import CALVESSA
from fastapi.testclient import TestClient

from miner.client import Alignment, PolicyMiner, ServiceError
from miner.client.http import Http, Wire
from miner.client.routes import ROUTES, Route
from service.api import openapi

SCHEMA: dict[str, Any] = json.loads(openapi.PATH.read_text("utf-8"))
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def miner(client: TestClient) -> PolicyMiner:
    return PolicyMiner(http=cast(Http, client))


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = SCHEMA["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def operation(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = SCHEMA["paths"][route.path][route.verb.lower()]
    return found


def test_every_public_method_has_a_route_and_every_route_a_method() -> None:
    methods = {
        name
        for name, value in vars(PolicyMiner).items()
        if not name.startswith("_") and callable(value)
    }
    assert methods - {"close", "wait", "batch_results"} == set(ROUTES)


@pytest.mark.parametrize("name", ROUTES)
def test_a_route_is_as_the_service_documents_it(name: str) -> None:
    route = ROUTES[name]
    documented = operation(route)
    parameters = {p["name"]: p for p in documented.get("parameters", [])}
    assert set(route.query) <= parameters.keys()
    needed = {n for n, p in parameters.items() if p["required"] and p["in"] == "query"}
    assert needed <= set(route.query)
    body = documented.get("requestBody", {}).get("content", {})
    if route.body:
        (content,) = body.values()
        assert set(route.body) <= resolved(content["schema"])["properties"].keys()
    if route.answer is not None:
        told = documented["responses"]
        ok = told.get("200") or told["202"]
        agrees(route.answer, ok["content"]["application/json"]["schema"], name)


def agrees(kind: Any, schema: Mapping[str, Any], where: str) -> None:
    """Every field of a dataclass is in the answer, and of its type."""
    schema = resolved(schema)
    origin = typing.get_origin(kind)
    if kind is Any:
        return
    if origin in (typing.Union, types.UnionType):
        inner = [part for part in typing.get_args(kind) if part is not type(None)]
        options = [s for s in schema.get("anyOf", [schema]) if s.get("type") != "null"]
        assert len(options) < len(schema.get("anyOf", [])) or type(None) not in typing.get_args(
            kind
        ), f"{where} is never null"
        for option in options:
            agrees(inner[0] if len(inner) == 1 else Any, option, where)
        return
    assert not any(s.get("type") == "null" for s in schema.get("anyOf", [])), f"{where} may be null"
    if origin is tuple:
        assert schema["type"] == "array", where
        inner = typing.get_args(kind)
        if inner[-1] is Ellipsis:
            agrees(inner[0], schema["items"], f"{where}[]")
        else:
            assert len(schema["prefixItems"]) == len(inner), where
    elif origin is typing.Literal:
        assert set(schema["enum"]) == set(typing.get_args(kind)), where
    elif origin in (dict, Mapping):
        pass
    elif origin is not None:
        assert schema["type"] == "object", where
    elif is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        for item in fields(kind):
            assert item.name in schema["properties"], f"{where}.{item.name}"
            agrees(hints[item.name], schema["properties"][item.name], f"{where}.{item.name}")
    elif "anyOf" not in schema:
        named = {str: "string", int: "integer", float: "number", bool: "boolean"}
        assert schema.get("type") == ("string" if kind is datetime else named.get(kind)), where


def test_documents_and_passages(miner: PolicyMiner, ids: dict[str, str]) -> None:
    assert miner.ready().status == "ready"
    assert miner.documents(country="Calvessa").items[0].id == ids["XCV"]
    assert miner.document(ids["XIM"]).year == 2018
    page = miner.passages(country=["XCV", "XIM"], limit=3)
    assert len(page.items) == 3
    assert miner.passage(page.items[0].id) == page.items[0]
    hit = miner.search("response team", country="XCV").hits[0]
    assert hit.country == "XCV"
    assert miner.tag([CALVESSA])[0].tags
    assert {c.id for c in miner.concepts()} >= {"norm.k_certs"}
    assert miner.framework("un-norms").concepts
    assert miner.frameworks()[0].id == "cyber-resilience"


def test_alignment(miner: PolicyMiner, ids: dict[str, str]) -> None:
    stored = miner.alignment(ids["XCV"], framework="un-norms")
    assert stored == miner.align(document=ids["XCV"], framework="un-norms")
    text = miner.align(text=CALVESSA, evidence=1)
    assert all(len(concept.evidence) <= 1 for concept in text.concepts)
    assert text.concept("norm.k_certs").evidence[0].quote
    file = miner.align_file(CALVESSA.encode(), "a.md", framework="un-norms")
    assert file.overall == stored.overall
    job = miner.batch(documents=[ids["XIM"], "00ff"], texts={"draft": CALVESSA})
    found = dict(miner.batch_results(job.id, patience=60))
    assert list(found) == [ids["XIM"], "00ff", "draft"]
    assert isinstance(found["draft"], Alignment)
    assert getattr(found["00ff"], "status", 0) == 404


def test_across(miner: PolicyMiner, ids: dict[str, str]) -> None:
    coverage = miner.coverage(organisation="MCA", evidence=2)
    assert coverage.cell("XCV", "norm.j_vulnerability_reporting").level == "committed"
    assert miner.gaps("MCA", on=2022).alone
    compared = miner.compare([ids["XCV"], ids["XIM"]])
    assert [d.document for d in compared.documents] == [ids["XCV"], ids["XIM"]]
    assert "mca" in {body.id for body in miner.bodies().items}
    assert miner.body("mca").involvements[0].member is True
    assert miner.cite_document(ids["XCV"], "ris").startswith("TY")
    assert miner.annotations(ids["XCV"])["type"] == "AnnotationPage"
    assert miner.report(ids["XCV"]).startswith(b"<!doctype html>")
    assert b"Meridian" in miner.region_report("MCA", on=2022)


def test_errors_say_what_to_do(miner: PolicyMiner) -> None:
    with pytest.raises(ServiceError, match="not in the store") as raised:
        miner.document("none")
    assert raised.value.status == 404
    assert raised.value.problem.next_step
    with pytest.raises(TypeError, match="takes no 'contry'"):
        miner.documents(contry="Calvessa")
    with pytest.raises(ServiceError):
        miner.wait("none")


def answering(*answers: httpx.Response) -> tuple[Wire, list[httpx.Request]]:
    asked: list[httpx.Request] = []
    left = list(answers)

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return left.pop(0)

    http = httpx.Client(base_url="http://s", transport=httpx.MockTransport(handle))
    return Wire(cast(Http, http), retries=1), asked


def test_what_is_known_is_not_sent_again() -> None:
    wire, asked = answering(
        httpx.Response(200, headers={"ETag": '"1"'}, content=b"[1]"),
        httpx.Response(304),
        httpx.Response(200, content=b"[2]"),
    )
    assert wire.ask("GET", "/a", query={"q": "x"}) == b"[1]"
    assert wire.ask("GET", "/a", query={"q": "x", "n": None}) == b"[1]"
    assert wire.ask("GET", "/a", query={"q": "y"}) == b"[2]"
    assert [request.headers.get("if-none-match") for request in asked] == [None, '"1"', None]
    wire.close()


def test_what_is_not_ready_is_asked_for_again() -> None:
    wire, asked = answering(
        httpx.Response(503, headers={"Retry-After": "0"}), httpx.Response(200, content=b"{}")
    )
    assert wire.ask("GET", "/a") == b"{}"
    assert len(asked) == 2
    wire.close()


def test_a_service_that_is_not_there_and_an_answer_that_is_none() -> None:
    with (
        PolicyMiner("http://127.0.0.1:9", timeout=1, retries=0) as nobody,
        pytest.raises(ServiceError, match=r"that it runs"),
    ):
        nobody.documents()
    wire, _ = answering(httpx.Response(502, content=b"<html>gateway"))
    with pytest.raises(ServiceError, match="gateway"):
        wire.ask("GET", "/a")
    wire.close()


def test_the_example_runs(miner: PolicyMiner, capsys: pytest.CaptureFixture[str]) -> None:
    example = runpy.run_path(str(ROOT / "docs" / "examples" / "alignment_client.py"))
    example["main"](miner)
    said = capsys.readouterr().out
    assert "Draft cyber security strategy" in said
    assert "Calvessa commits to" in said
    assert "nobody: " in said
