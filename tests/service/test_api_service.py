"""What holds for all routes: errors, limits, health, documentation."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from api_helpers import CALVESSA, ISMORA, app_client, is_problem, prepare, upload
from fastapi.testclient import TestClient
from numpy.typing import NDArray

from miner.embedding import Encoder
from miner.errors import InputError, UnreadableDocument
from miner.parsing import ParseOptions
from miner.settings import Settings
from service.api import openapi
from service.api.app import create_app
from service.api.settings import MIB, ApiSettings
from service.reader import Reader


@pytest.fixture(scope="module")
def schema() -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    found: dict[str, dict[str, dict[str, dict[str, object]]]] = openapi.schema_of(
        create_app(Settings(), ApiSettings())
    )
    return found


def test_the_committed_schema_is_the_apps() -> None:
    text = openapi.text_of(create_app(Settings(), ApiSettings()))
    assert openapi.PATH.read_text("utf-8") == text, "run `python -m service.api.openapi`"


def test_every_route_is_documented(
    schema: dict[str, dict[str, dict[str, dict[str, object]]]],
) -> None:
    seen = []
    for path, methods in schema["paths"].items():
        for method, route in methods.items():
            where = f"{method} {path}"
            assert route["summary"], where
            assert route["description"], where
            assert route["tags"], where
            seen.append(route["operationId"])
            responses = route["responses"]
            assert isinstance(responses, dict)
            assert "500" in responses, where
            for status, response in responses.items():
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"], where
    assert len(seen) == len(set(seen))


def test_every_model_has_an_example(
    schema: dict[str, dict[str, dict[str, dict[str, object]]]],
) -> None:
    for name, model in schema["components"]["schemas"].items():
        if "enum" not in model and not name.startswith("Body_"):
            assert model["examples"], name


def test_health(client: TestClient) -> None:
    for prefix in ("", "/v1"):
        assert client.get(f"{prefix}/health/live").json()["status"] == "alive"
        ready = client.get(f"{prefix}/health/ready")
        assert ready.status_code == 200
        assert ready.json()["status"] == "ready"
        assert ready.json()["documents"] >= 2
        assert ready.json()["embedding_model"] == "hashing@test"


class LateEncoder:
    """Loads only when told so, and fails where that is wanted."""

    def __init__(self, encoder: Encoder) -> None:
        self.id, self.dimension = encoder.id, encoder.dimension
        self._encoder = encoder
        self.go = threading.Event()
        self.error: Exception | None = None

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        assert self.go.wait(30)
        if self.error:
            raise self.error
        return self._encoder.encode(texts)


def test_the_service_is_ready_when_it_is_warm(
    tmp_path: Path, blank: Path, encoder: Encoder
) -> None:
    late = LateEncoder(encoder)
    with app_client(prepare(tmp_path / "store", blank), late) as client:
        waiting = client.get("/health/ready")
        is_problem(waiting, 503, "not-ready")
        assert waiting.headers["retry-after"]
        assert client.get("/health/live").status_code == 200
        assert client.get("/v1/documents").json()["total"] == 0
        late.go.set()
        client.app.state.warmup.wait()  # type: ignore[attr-defined]
        assert client.get("/health/ready").status_code == 200


def test_a_model_that_cannot_be_loaded_is_told(
    tmp_path: Path, blank: Path, encoder: Encoder
) -> None:
    late = LateEncoder(encoder)
    late.error = RuntimeError("secret of the house")
    late.go.set()
    with app_client(prepare(tmp_path / "store", blank), late) as client:
        client.app.state.warmup.wait()  # type: ignore[attr-defined]
        answer = client.get("/health/ready")
        is_problem(answer, 500, "internal")
        assert "secret" not in answer.text


def test_what_is_unexpected_is_no_secret_and_no_riddle(
    tmp_path: Path, blank: Path, encoder: Encoder
) -> None:
    broken = LateEncoder(encoder)
    broken.error = RuntimeError("secret of the house")
    broken.go.set()
    with app_client(prepare(tmp_path / "store", blank), broken) as client:
        answer = client.get("/v1/search", params={"q": "x"}, headers={"X-Request-ID": "mine"})
        problem = is_problem(answer, 500, "internal")
        assert problem["request_id"] == "mine"
        assert "secret" not in answer.text
        job = upload(client, "a.md", ISMORA.encode())
        assert job["state"] == "failed"
        assert job["problem"]["type"] == "/problems/internal"
        assert "secret" not in str(job)


def test_unknown_routes_and_methods_are_problems(client: TestClient) -> None:
    is_problem(client.get("/v1/nothing"), 404, "not-found")
    answer = client.put("/v1/search")
    is_problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"]


def test_requests_have_ids(client: TestClient) -> None:
    given = client.get("/health/live", headers={"X-Request-ID": "abc-1"})
    assert given.headers["x-request-id"] == "abc-1"
    forged = client.get("/health/live", headers={"X-Request-ID": "a b\tc"})
    assert len(forged.headers["x-request-id"]) == 32
    assert client.get("/health/live").headers["x-request-id"] != forged.headers["x-request-id"]


def test_bodies_have_limits(tmp_path: Path, blank: Path, encoder: Encoder) -> None:
    settings = prepare(tmp_path / "store", blank)
    with app_client(settings, encoder, max_upload=20_000, max_body=1000) as client:

        def stream() -> Iterator[bytes]:
            for _ in range(10):
                yield b"x" * 5000

        assert upload(client, "a.md", CALVESSA.encode())["state"] == "done"
        for path in ("/v1/documents", "/v1/alignment/file"):
            answer = client.post(path, files={"file": ("a.md", b"x" * 30_000)})
            is_problem(answer, 413, "too-large")
        form = {"Content-Type": "multipart/form-data; boundary=b"}
        is_problem(client.post("/v1/documents", content=stream(), headers=form), 413, "too-large")
        is_problem(client.post("/v1/tag", json={"texts": ["x" * 2000]}), 413, "too-large")
        is_problem(client.post("/v1/tag", content=stream()), 413, "too-large")
        assert client.get("/v1/jobs").json()["total"] == 1


def test_browsers_may_call_only_where_it_is_set(
    tmp_path: Path, blank: Path, encoder: Encoder
) -> None:
    origin = {"Origin": "https://app.example"}
    with app_client(prepare(tmp_path / "a", blank), encoder) as client:
        answer = client.get("/health/live", headers=origin)
        assert "access-control-allow-origin" not in answer.headers
    with app_client(
        prepare(tmp_path / "b", blank), encoder, origins=("https://app.example",)
    ) as client:
        answer = client.get("/v1/nothing", headers=origin)
        assert answer.headers["access-control-allow-origin"] == "https://app.example"
        other = client.get("/health/live", headers={"Origin": "https://other.example"})
        assert "access-control-allow-origin" not in other.headers


def test_settings_come_from_the_environment() -> None:
    assert ApiSettings.from_environment({}) == ApiSettings()
    chosen = ApiSettings.from_environment(
        {
            "MINER_MAX_UPLOAD_MB": "5",
            "MINER_MAX_WAITING": "3",
            "MINER_CORS_ORIGINS": "https://a.example, https://b.example",
            "MINER_ISOLATED": "0",
        }
    )
    with pytest.raises(InputError, match="MINER_MAX_UPLOAD_MB"):
        ApiSettings.from_environment({"MINER_MAX_UPLOAD_MB": "much"})
    assert chosen == ApiSettings(
        5 * MIB, 8 * MIB, 3, ("https://a.example", "https://b.example"), False
    )


def test_two_services_share_a_store(tmp_path: Path, blank: Path, encoder: Encoder) -> None:
    settings = prepare(tmp_path / "store", blank)
    with app_client(settings, encoder) as first, app_client(settings, encoder) as second:
        assert upload(first, "a.md", CALVESSA.encode())["state"] == "done"
        assert upload(second, "b.md", ISMORA.encode())["state"] == "done"
        question = {"q": "scholarships", "facets": ["country"]}
        answer = first.get("/v1/search", params=question).json()
        assert answer == second.get("/v1/search", params=question).json()
        assert len(answer["hits"]) > 1


def test_what_was_stored_is_there_after_a_restart(
    tmp_path: Path, blank: Path, encoder: Encoder
) -> None:
    settings = prepare(tmp_path / "store", blank)
    with app_client(settings, encoder) as client:
        upload(client, "a.md", CALVESSA.encode(), country="Calvessa")
        found = client.get("/v1/search", params={"q": "scholarships"}).json()
    with app_client(settings, encoder) as client:
        assert client.get("/v1/search", params={"q": "scholarships"}).json() == found
        assert client.get("/v1/jobs").json()["total"] == 0


def test_parsing_in_a_process_of_its_own(tmp_path: Path, blank: Path, encoder: Encoder) -> None:
    with app_client(prepare(tmp_path / "store", blank), encoder, isolated=True) as client:
        assert upload(client, "a.md", CALVESSA.encode())["state"] == "done"
        assert upload(client, "b.pdf", b"")["problem"]["what"] == "b.pdf"
        reader = client.app.state.workspace.reader  # type: ignore[attr-defined]
        reader._parser._process.kill()
        reader._parser._process.join()
        assert upload(client, "c.md", ISMORA.encode())["state"] == "done"


def test_a_parser_that_takes_too_long_is_given_up() -> None:
    with (
        Reader(ParseOptions(), isolated=True, patience=0.0) as reader,
        pytest.raises(UnreadableDocument, match="took over"),
    ):
        reader.read(CALVESSA.encode(), "a.md")


def test_the_real_model(tmp_path: Path) -> None:
    """Once with the weights that are shipped, to see that all fits together."""
    settings = Settings(store=tmp_path / "store", engine="torch", ocr="off")
    app = create_app(settings, ApiSettings(isolated=False))
    with TestClient(app) as client:
        for name, text in (("calvessa.md", CALVESSA), ("ismora.md", ISMORA)):
            assert upload(client, name, text.encode())["state"] == "done"
        client.app.state.warmup.wait()  # type: ignore[attr-defined]
        assert client.get("/health/ready").json()["embedding_model"].startswith("policy-minilm@")
        question = "q=rewards for researchers who report software flaws&read=false"
        best = client.get(f"/v1/search?{question}").json()["hits"][0]
        assert "disclosure of vulnerabilities" in best["text"]
        assert "norm.j_vulnerability_reporting" in [tag["concept"] for tag in best["tags"]]
        assert best["stance"]["label"] == "commitment"
