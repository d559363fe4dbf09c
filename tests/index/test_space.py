"""A full disk: said in time, nothing stored is lost, and deleting still makes room."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from test_owned import DIMENSION, assert_built_in_vain, filled, held, point

from miner.errors import StoreError
from miner.index import space
from miner.index.edge import EdgeIndex
from miner.index.owned import OwnedIndex


def leave(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))


def test_room_is_asked_of_the_disk_that_the_folder_will_be_on(tmp_path: Path) -> None:
    space.need(tmp_path / "not" / "yet", 1)
    with pytest.raises(StoreError, match=r"yet: its disk has \d+ MB left.*what is stored is kept"):
        space.need(tmp_path / "not" / "yet", 1 << 60)


def test_what_a_folder_has_on_the_disk(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(bytes([1]) * 100_000)
    assert 100_000 <= space.taken(tmp_path) <= 200_000


def test_no_store_is_made_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave(monkeypatch, space.WRITING - 1)
    with pytest.raises(StoreError, match="127 MB left, and 128 MB are needed"):
        OwnedIndex(tmp_path / "index", DIMENSION)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = filled(tmp_path / "index")
    leave(monkeypatch, space.OPENING)
    with pytest.raises(StoreError, match="16 MB left"):
        index.upsert([point(0, "r2")])
    assert held(index) == {"r1": 50}
    index.close()
    index = OwnedIndex(tmp_path / "index", DIMENSION)
    assert held(index) == {"r1": 50}
    index.delete("r1")
    assert held(index) == {}
    index.close()


def test_an_index_is_not_copied_where_the_copy_has_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    index = filled(tmp_path / "index")
    leave(monkeypatch, space.WRITING)
    assert_built_in_vain(index, tmp_path, caplog)
    assert "MB are needed" in caplog.text


def test_what_the_engine_meets_with_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = OwnedIndex(tmp_path / "index", DIMENSION)

    def fail(*_: object) -> None:
        raise Exception("No space left on device")  # as the binding does

    with monkeypatch.context() as patched:
        patched.setattr(EdgeIndex, "upsert", fail)
        with pytest.raises(StoreError, match=r"could not be written \(No space left on device\)"):
            index.upsert([point(0, "r1")])
    index.close()


def test_an_engine_that_does_not_know_its_size_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = filled(tmp_path / "index")

    def fail(_: EdgeIndex) -> int:
        raise Exception("the shard is poisoned")  # as the binding does

    with monkeypatch.context() as patched:
        patched.setattr(EdgeIndex, "size", property(fail))
        with pytest.raises(StoreError, match=r"could not be written \(the shard is poisoned\)"):
            index.tidy(least=10)
    assert held(index) == {"r1": 50}
    index.close()


def test_a_graph_is_not_begun_where_the_engine_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    index = filled(tmp_path / "index")
    sizes = iter([50])

    def once(_: EdgeIndex) -> int:
        for size in sizes:
            return size
        raise Exception("the shard is poisoned")

    with monkeypatch.context() as patched:
        patched.setattr(EdgeIndex, "size", property(once))
        assert_built_in_vain(index, tmp_path, caplog)
    assert "the shard is poisoned" in caplog.text
