"""Both engines behave alike. The server part runs where QDRANT_URL is set."""

from __future__ import annotations

import os
import uuid
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from qdrant_client import QdrantClient

from miner.errors import StoreMismatch
from miner.index import Filter, Index, Leg, Point, Sparse
from miner.index.edge import EdgeIndex
from miner.index.server import ServerIndex
from miner.index.shared import SharedIndex

DIMENSION = 4


@pytest.fixture(params=["edge", "owner", "caller", "client", "server"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    if request.param == "edge":
        made: Index = EdgeIndex.open(tmp_path / "edge", DIMENSION)
        yield made
    elif request.param == "owner":
        made = SharedIndex(tmp_path, DIMENSION)
        yield made
    elif request.param == "caller":
        owner = SharedIndex(tmp_path, DIMENSION)
        made = SharedIndex(tmp_path, DIMENSION)
        assert (owner.owner, made.owner) == (True, False)
        yield made
        owner.close()
    elif request.param == "client":
        # The adapter's own translation is tested without a server; its engine is not.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = ServerIndex.prepare(QdrantClient(":memory:"), "contract", DIMENSION)
            yield made
    else:
        url = os.environ.get("QDRANT_URL")
        if not url:
            pytest.skip("QDRANT_URL is not set")
        key = os.environ.get("QDRANT_API_KEY")
        name = f"contract-{uuid.uuid4().hex[:8]}"
        made = ServerIndex.connect(url, key, name, DIMENSION)
        yield made
        QdrantClient(url=url, api_key=key).delete_collection(name)
    made.close()


def point(number: int, revision: str = "r1", **payload: str | int | list[str]) -> Point:
    dense = np.zeros(DIMENSION, dtype=np.float32)
    dense[number % DIMENSION] = 1.0
    base: dict[str, str | int | list[str]] = {
        "passage": f"p{number}",
        "document": f"d{number % 2}",
        "revision": revision,
    }
    return Point(
        id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{revision}-{number}")),
        dense=dense,
        bm25=Sparse((number, 99), (2.0, 1.0)),
        tags=Sparse((7,), (number / 10,)),
        payload={**base, **payload},
    )


def axis(number: int) -> np.ndarray:
    vector = np.full(DIMENSION, 0.1, dtype=np.float32)
    vector[number] = 1.0
    return vector


def test_upserted_points_are_found_by_each_vector(index: Index) -> None:
    index.upsert(point(n) for n in range(4))
    assert index.search([Leg("dense", axis(2))], Filter(), 1)[0].passage == "p2"
    assert index.search([Leg("bm25", Sparse((3,), (1.0,)))], Filter(), 5)[0].passage == "p3"
    by_tag = index.search([Leg("tags", Sparse((7,), (1.0,)))], Filter(), 4)
    assert [hit.passage for hit in by_tag][:2] == ["p3", "p2"]


def test_fusion_honours_weights(index: Index) -> None:
    index.upsert(point(n) for n in range(4))
    dense = Leg("dense", axis(1), depth=1)
    words = Leg("bm25", Sparse((3,), (1.0,)), depth=1)
    heavier = replace(dense, weight=10.0), words
    assert [hit.passage for hit in index.search(heavier, Filter(), 4)] == ["p1", "p3"]
    heavier = dense, replace(words, weight=10.0)
    assert [hit.passage for hit in index.search(heavier, Filter(), 4)] == ["p3", "p1"]


def test_filters_hold_in_search_count_and_facets(index: Index) -> None:
    index.upsert(
        [
            point(0, country="AAA", year=2010, organisations=["X", "Y"]),
            point(1, country="BBB", year=2015, organisations=["X"]),
            point(2, country="CCC", year=2020, organisations=[]),
        ]
    )
    member = Filter(any_of={"organisations": ["X"]})
    assert index.count(member) == 2
    assert dict(index.facet("country", member)) == {"AAA": 1, "BBB": 1}
    assert dict(index.facet("organisations", Filter())) == {"X": 2, "Y": 1}
    assert index.count(Filter(years=(2015, None))) == 2
    assert index.count(Filter(years=(2011, 2016))) == 1
    assert index.count(Filter(none_of={"country": ["AAA", "BBB"]})) == 1
    found = index.search([Leg("dense", axis(0))], Filter(any_of={"country": ["CCC"]}), 5)
    assert [hit.passage for hit in found] == ["p2"]


def test_a_revision_is_deleted_alone(index: Index) -> None:
    index.upsert([point(0, "old"), point(0, "new"), point(1, "old")])
    assert index.revisions() == {"old": 2, "new": 1}
    index.delete("old")
    assert index.count(Filter()) == 1
    assert index.count(Filter().and_none_of("revision", ["new"])) == 0


def test_vectors_come_back(index: Index) -> None:
    index.upsert(point(n) for n in range(3))
    assert index.vectors(["p1"], Filter())["p1"][1] == pytest.approx(1.0)
    assert index.vectors(["unknown"], Filter()) == {}


def test_an_empty_index_answers(index: Index) -> None:
    assert index.search([Leg("dense", axis(0))], Filter(), 5) == []
    assert index.count(Filter()) == 0
    assert dict(index.facet("country", Filter())) == {}


def test_edge_survives_reopening_and_refuses_another_dimension(tmp_path: Path) -> None:
    first = EdgeIndex.open(tmp_path / "edge", DIMENSION)
    first.upsert(point(n) for n in range(4))
    first.close()
    with pytest.raises(StoreMismatch, match="vectors of 8 numbers"):
        EdgeIndex.open(tmp_path / "edge", 8)
    again = EdgeIndex.open(tmp_path / "edge", DIMENSION)
    assert again.count(Filter()) == 4
    again.close()


def test_client_refuses_another_dimension() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client = QdrantClient(":memory:")
        ServerIndex.prepare(client, "contract", DIMENSION)
        with pytest.raises(StoreMismatch):
            ServerIndex.prepare(client, "contract", DIMENSION + 1)
        client.close()
