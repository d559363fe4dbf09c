"""The owner of the embedded index: optimised on a copy that takes over, whoever is killed when."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import numpy as np
import pytest

from miner.errors import StoreError
from miner.index import Filter, Leg, Point, Sparse
from miner.index.edge import EdgeIndex
from miner.index.generations import Current, Generations, copied
from miner.index.owned import OwnedIndex
from miner.index.wire import pack, unpack

DIMENSION = 4


def point(number: int, revision: str) -> Point:
    dense = np.eye(DIMENSION, dtype=np.float32)[number % DIMENSION]
    payload: dict[str, str | int | list[str]] = {
        "passage": f"{revision}-{number}", "document": revision, "revision": revision,
    }  # fmt: skip
    name = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{revision}-{number}"))
    return Point(name, dense, Sparse((number,), (1.0,)), Sparse((1,), (0.5,)), payload)


def held(index: OwnedIndex) -> dict[str, int]:
    with index.reading() as edge:
        return edge.revisions()


def filled(folder: Path) -> OwnedIndex:
    index = OwnedIndex(folder, DIMENSION)
    index.upsert(point(n, "r1") for n in range(50))
    return index


def assert_built_in_vain(index: OwnedIndex, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A graph is begun for what `filled` holds, comes to nothing, and leaves all as it was."""
    index.tidy(least=10)
    assert index._builder is not None
    index._builder.join(60)
    assert "not optimised" in caplog.text
    assert held(index) == {"r1": 50}
    assert sorted(path.name for path in folder.iterdir()) == ["index", "index.open"]
    index.close()


def test_the_copy_takes_over_with_what_was_written_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = filled(tmp_path / "index")
    index.upsert(point(n, "r2") for n in range(50))
    built = OwnedIndex._optimized

    def meanwhile(self: OwnedIndex, folder: Path) -> bool:
        index.upsert(point(n, "r3") for n in range(40))
        index.delete("r1")
        index.upsert([point(60, "r2")])
        return built(self, folder)

    monkeypatch.setattr(OwnedIndex, "_optimized", meanwhile)
    index.tidy(least=80)
    builder = index._builder
    assert builder is not None
    builder.join(60)
    assert Generations(tmp_path / "index").current() == Current(tmp_path / "index.1", 100)
    assert not (tmp_path / "index").exists()
    assert held(index) == {"r2": 51, "r3": 40}
    with index.reading() as edge:
        words = [Leg("bm25", Sparse((60,), (1.0,)))]
        assert [hit.passage for hit in edge.search(words, Filter(), 5)] == ["r2-60"]
    index.tidy(least=80)
    assert index._builder is builder, "it is not due again"
    index.close()
    again = OwnedIndex(tmp_path / "index", DIMENSION)
    assert (held(again), again.suspect) == ({"r2": 51, "r3": 40}, False)
    again.close()


def test_searches_go_on_while_the_copy_takes_over(tmp_path: Path) -> None:
    index = OwnedIndex(tmp_path / "index", DIMENSION)
    index.upsert(point(n, "r1") for n in range(300))
    answers: list[int] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            with index.reading() as edge:
                answers.append(edge.count(Filter()))

    asker = threading.Thread(target=ask)
    asker.start()
    index.tidy(least=10)
    assert index._builder is not None
    index._builder.join(60)
    done.set()
    asker.join()
    assert set(answers) == {300}
    assert Generations(tmp_path / "index").current().graphed == 300
    index.close()


def test_a_copy_that_cannot_take_over_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    index = filled(tmp_path / "index")

    def meanwhile(owned: OwnedIndex, _: Path) -> bool:
        owned.upsert([point(0, "r1")])
        return True

    def broken(*_: object) -> None:
        raise Exception("Service internal error: No space left on device")  # as the binding does

    monkeypatch.setattr(OwnedIndex, "_optimized", meanwhile)
    monkeypatch.setattr(EdgeIndex, "copy", broken)
    assert_built_in_vain(index, tmp_path, caplog)


def test_a_builder_that_is_killed_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    index = filled(tmp_path / "index")
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert_built_in_vain(index, tmp_path, caplog)


_OWNER = """
import sys, time
sys.path[:0] = {path!r}
from pathlib import Path
from test_owned import OwnedIndex, point
index = OwnedIndex(Path({folder!r}), 4)
index.upsert(point(n, "r1") for n in range(200))
if {building}:
    index.tidy(least=10)
    while index._process is None: time.sleep(0.01)
index.upsert(point(n, "r2") for n in range(100))
print("written", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("building", [False, True])
def test_a_killed_owner_loses_nothing(tmp_path: Path, building: bool) -> None:
    script = _OWNER.format(
        path=[str(Path(__file__).parent)], folder=str(tmp_path / "index"), building=building
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"written\n"
        # Children are listed with the thread that started them.
        lists = Path(f"/proc/{owner.pid}/task").glob("*/children")
        children = [child for path in lists for child in path.read_text().split()]
        assert bool(children) == building
        os.kill(owner.pid, signal.SIGKILL)
    index = OwnedIndex(tmp_path / "index", DIMENSION)
    assert index.suspect
    assert held(index) == {"r1": 200, "r2": 100}
    index.close()
    until = time.monotonic() + 10
    while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{child}").exists() for child in children), "the builder lives on"


def test_what_is_no_generation_is_swept(tmp_path: Path) -> None:
    generations = Generations(tmp_path / "index")
    assert generations.current() == Current(tmp_path / "index", 0)
    for name in ("index", "index.1", "index.2"):
        (tmp_path / name).mkdir()
    generations.switch(Current(tmp_path / "index.2", 7))
    assert generations.next() == tmp_path / "index.3"
    generations.sweep()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index.2", "index.json"]
    (tmp_path / "index.json").write_text("{")
    with pytest.raises(StoreError, match="does not say which index is current"):
        generations.current()


def test_a_copy_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_bytes(os.urandom(100_000))
    (tmp_path / "a" / "empty").touch()
    copied(tmp_path / "a", tmp_path / "z")
    assert (tmp_path / "z" / "b" / "c").read_bytes() == (tmp_path / "a" / "b" / "c").read_bytes()
    assert (tmp_path / "z" / "empty").read_bytes() == b""


def test_what_travels_arrives_as_it_was() -> None:
    sent = point(3, "r1")
    where = Filter({"country": ["AAA"]}, {"revision": ["r0"]}, (2010, None))
    name, (got, asked, legs) = unpack(pack(["upsert", [[sent], where, [Leg("tags", sent.tags)]]]))
    assert name == "upsert"
    assert asked == where
    assert legs == [Leg("tags", sent.tags)]
    assert np.array_equal(got[0].dense, sent.dense)
    assert (got[0].id, got[0].bm25, got[0].payload) == (sent.id, sent.bm25, sent.payload)
    with pytest.raises(TypeError, match="does not travel"):
        pack(object())
