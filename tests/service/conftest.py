"""The API over a small store of invented documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from api_helpers import app_client, fill, prepare
from fastapi.testclient import TestClient

from miner.embedding import Encoder
from miner.settings import Settings
from miner.store import Store


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """An empty store to copy: to make one takes the engine seconds."""
    folder = tmp_path_factory.mktemp("blank") / "store"
    Store.open(Settings(store=folder), encoder.id, encoder.dimension).close()
    return folder


@pytest.fixture(scope="session")
def client(
    tmp_path_factory: pytest.TempPathFactory, blank: Path, encoder: Encoder
) -> Iterator[TestClient]:
    """The API over the two documents; for tests that leave them as they are."""
    settings = prepare(tmp_path_factory.mktemp("api") / "store", blank)
    with app_client(settings, encoder) as client:
        fill(client)
        yield client


@pytest.fixture
def empty(tmp_path: Path, blank: Path, encoder: Encoder) -> Iterator[TestClient]:
    """The API over an empty store, for tests that write."""
    with app_client(prepare(tmp_path / "store", blank), encoder) as client:
        yield client


@pytest.fixture(scope="session")
def ids(client: TestClient) -> dict[str, str]:
    """Ids of the two documents, by country."""
    items = client.get("/v1/documents").json()["items"]
    return {item["country"]: item["id"] for item in items}
