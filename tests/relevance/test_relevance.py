"""Relevance by category: what people type, over real documents, and what must come of it.

`pytest tests/relevance` prints a table of the categories at its end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import pytest
from cases import FOLDER, Case, by_kind, cases, problems

from miner.search import Searcher

CASES = cases()
# The blind half was written before any document was read, and stays as it was.
FROZEN = "4976b58d4483d7801992881829f89606124c8765447f5e862d5411168c144c66"


def _parameters() -> Iterator[object]:
    for case in CASES:
        marks = [pytest.mark.xfail(reason=case.verdict, strict=True)] if case.verdict else []
        yield pytest.param(case, id=f"{case.id} {case.query[:40]}", marks=marks)


@pytest.mark.parametrize("case", list(_parameters()))
def test_case(case: Case, searcher: Searcher, record_property: Callable[..., None]) -> None:
    record_property("relevance", case.kind)
    found = problems(case, searcher)
    assert not found, f"{case.query!r}: " + "; ".join(found)


def test_there_are_enough_and_half_of_them_are_blind() -> None:
    blind = [case for case in CASES if case.blind]
    assert len(CASES) >= 150
    assert len(CASES) / 2 >= len(blind) >= len(CASES) * 0.4
    assert len(dict(by_kind(CASES))) == 11
    assert all(len(found) >= 8 for _, found in by_kind(CASES))
    assert len({case.id for case in CASES}) == len({case.query for case in CASES}) == len(CASES)


def test_the_blind_half_is_as_it_was_written() -> None:
    assert hashlib.sha256((FOLDER / "blind.yaml").read_bytes()).hexdigest() == FROZEN
