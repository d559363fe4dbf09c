"""What is kept beside a store, and records into dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from miner.decode import DecodeError, decode
from miner.derived import Derived
from miner.taxonomy import Stance


def value(derived: Derived, revision: str, made: list[str], kind: str = "k") -> str:
    def make() -> str:
        made.append(revision)
        return f"of {revision}"

    return derived.get("d", revision, kind, "s", make, str.encode, bytes.decode)


def test_a_value_is_made_once_for_a_revision(tmp_path: Path) -> None:
    made: list[str] = []
    derived = Derived(tmp_path)
    assert value(derived, "r1", made) == value(derived, "r1", made) == "of r1"
    assert value(Derived(tmp_path), "r1", made) == "of r1"
    assert made == ["r1"]
    assert value(derived, "r2", made) == "of r2"
    assert value(Derived(tmp_path), "r1", made) == "of r1"
    assert made == ["r1", "r2", "r1"]


def test_many_values_are_read_at_once(tmp_path: Path) -> None:
    made: list[str] = []
    value(Derived(tmp_path), "r1", made)
    derived = Derived(tmp_path)
    derived.warm({"d": "r1", "e": "r9"}, "k", "s", bytes.decode)
    (tmp_path / "derived.sqlite").unlink()
    assert value(derived, "r1", made) == "of r1"
    assert made == ["r1"]


def test_what_belongs_to_no_document_is_dropped(tmp_path: Path) -> None:
    made: list[str] = []
    value(Derived(tmp_path), "r1", made)
    Derived(tmp_path).prune(["other"])
    value(Derived(tmp_path), "r1", made)
    assert made == ["r1", "r1"]


@pytest.mark.parametrize("broken", [b"not a database", b""])
def test_a_broken_file_costs_time_and_no_answer(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / "derived.sqlite").write_bytes(broken)
    assert value(Derived(tmp_path), "r1", []) == "of r1"


def test_a_folder_that_cannot_be_written_costs_time_and_no_answer(tmp_path: Path) -> None:
    assert value(Derived(tmp_path / "missing"), "r1", []) == "of r1"


@dataclass(frozen=True)
class Leaf:
    score: float
    stance: Stance = Stance.NOISE


@dataclass(frozen=True)
class Tree:
    name: str
    leaves: tuple[Leaf, ...]
    pair: tuple[float, float]
    kind: Literal["a", "b"] | None = None


def test_records_become_dataclasses() -> None:
    record = {
        "name": "t",
        "leaves": [{"score": 1, "stance": "commitment"}],
        "pair": [0, 1.5],
        "newer": 3,
    }
    assert decode(Tree, record) == Tree("t", (Leaf(1.0, Stance.COMMITMENT),), (0.0, 1.5))


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"leaves": [], "pair": [0, 1]}, "name is missing"),
        ({"name": 3, "leaves": [], "pair": [0, 1]}, "Tree.name"),
        ({"name": "t", "leaves": [{"score": True}], "pair": [0, 1]}, r"leaves\[0\].score"),
        ({"name": "t", "leaves": [], "pair": [0]}, "Tree.pair"),
        ({"name": "t", "leaves": [], "pair": [0, 1], "kind": "c"}, "Tree.kind"),
    ],
)
def test_a_record_of_another_form_is_refused(record: dict[str, object], said: str) -> None:
    with pytest.raises(DecodeError, match=said):
        decode(Tree, record)
