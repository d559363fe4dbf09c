"""Exports on disk: whole or not there, and told apart when they are damaged."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from miner.embedding.cache import GraphCache
from miner.embedding.weights import Weights
from miner.errors import ModelUnavailable

_WEIGHTS = Weights("toy@0123abcd", Path("nowhere"), 384, 256)


@pytest.fixture
def cache(tmp_path: Path) -> GraphCache:
    return GraphCache(tmp_path / "deep" / "cache")


def _add(cache: GraphCache, content: bytes) -> Path:
    with cache.workplace() as folder:
        made = folder / "model.onnx"
        made.write_bytes(content)
        return cache.add(_WEIGHTS, made, {"torch": "1"})


def _record(cache: GraphCache) -> Path:
    (record,) = cache.folder.glob("*.json")
    return record


def test_nothing_is_found_before_the_first_export(
    cache: GraphCache, caplog: pytest.LogCaptureFixture
) -> None:
    assert cache.find(_WEIGHTS) is None
    assert not caplog.records
    assert not cache.folder.exists()


def test_what_was_added_is_found(cache: GraphCache) -> None:
    graph = _add(cache, b"graph")
    assert cache.find(_WEIGHTS) == graph
    assert graph.read_bytes() == b"graph"
    assert graph.name.startswith("toy-0123abcd-export1-")
    assert json.loads(_record(cache).read_text())["torch"] == "1"
    assert len(list(cache.folder.iterdir())) == 2


def test_other_weights_have_an_export_of_their_own(cache: GraphCache) -> None:
    _add(cache, b"graph")
    assert cache.find(replace(_WEIGHTS, id="toy@ffffffff")) is None


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"graph": 3, "sha256": ""}', "\ud7ff{"])
def test_a_broken_record_is_told_and_replaced(
    cache: GraphCache, record: str, caplog: pytest.LogCaptureFixture
) -> None:
    graph = _add(cache, b"graph")
    _record(cache).write_text(record, "utf-8")
    assert cache.find(_WEIGHTS) is None
    assert "exported anew" in caplog.text
    assert _add(cache, b"graph") == graph == cache.find(_WEIGHTS)


@pytest.mark.parametrize("content", [b"", b"grap", b"graph2", None])
def test_a_broken_graph_is_told_and_replaced(
    cache: GraphCache, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    graph = _add(cache, b"graph")
    graph.unlink() if content is None else graph.write_bytes(content)
    assert cache.find(_WEIGHTS) is None
    assert graph.name in caplog.text
    _add(cache, b"graph")
    assert cache.find(_WEIGHTS) == graph


def test_a_record_names_no_file_outside(cache: GraphCache, tmp_path: Path) -> None:
    _add(cache, b"graph")
    noted = json.loads(_record(cache).read_text())
    (tmp_path / "elsewhere.onnx").write_bytes(b"graph")
    _record(cache).write_text(json.dumps(noted | {"graph": "../../elsewhere.onnx"}))
    assert cache.find(_WEIGHTS) is None


def test_exports_at_the_same_time_leave_a_whole_one(
    cache: GraphCache, caplog: pytest.LogCaptureFixture
) -> None:
    contents = [bytes([n]) * 100_000 for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        adding = [pool.submit(_add, cache, content) for content in contents * 4]
        while not all(task.done() for task in adding):
            found = cache.find(_WEIGHTS)
            assert found is None or found.read_bytes() in contents
        for task in adding:
            task.result()
    assert cache.find(_WEIGHTS) is not None
    assert not caplog.records
    assert not list(cache.folder.glob(".export-*"))


def test_a_failed_export_leaves_nothing(cache: GraphCache) -> None:
    def fail() -> None:
        with cache.workplace() as folder:
            (folder / "model.onnx").write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert not list(cache.folder.iterdir())


def test_the_home_folder_is_meant_by_a_tilde(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert GraphCache.at(Path("~/cache")).folder == tmp_path / "cache"


def test_an_unknown_home_is_refused_in_words() -> None:
    with pytest.raises(ModelUnavailable, match="MINER_CACHE"):
        GraphCache.at(Path("~nobody-of-this-name/cache"))
