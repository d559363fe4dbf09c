"""The shape of a text: what is seen of it, and that it tells contents from prose."""

from __future__ import annotations

import numpy as np
import pytest

from miner.tagging.shape import Shape, shape

PLAN = "The Ministry will set up a response team by 2027."
CONTENTS = "1. Introduction .......... 3 2. Objectives .......... 7 3. Actions .......... 12"
NAMES = "Ministry of Trade • Orvel University • Port Authority • Halden Telecom • Bank of Ilmara"
PROSE = [PLAN, "The Council shall meet twice.", "Threats to networks have grown since."]


def test_the_shape_has_its_sixteen_numbers_also_for_nothing() -> None:
    assert len(shape("")) == len(shape(PLAN)) == 16
    assert np.isfinite(shape("")).all()


def test_dot_leaders_are_seen_in_contents_and_not_in_prose() -> None:
    leaders = 7
    assert shape(CONTENTS)[leaders] == 1.0
    assert shape(PLAN)[leaders] == 0.0


@pytest.mark.parametrize(
    "source",
    ["See https://a.b", "Ibid.", "op. cit.", "pp. 7", "p.9", "FIGURE 3", "Table 1", "ISBN"],
)
def test_what_only_notes_and_captions_hold_is_counted(source: str) -> None:
    sources = 9
    assert shape(f"{PLAN} {source}")[sources] == shape(PLAN)[sources] + 1


def test_a_page_of_sources_counts_no_more_than_a_few() -> None:
    sources = 9
    assert shape("See p. 7. " * 400)[sources] == shape("See p. 7. " * 5)[sources] == 5


@pytest.fixture(scope="module")
def fitted() -> Shape:
    return Shape.fit([*PROSE, CONTENTS, NAMES] * 4, [False, False, False, True, True] * 4, [1] * 20)


def test_contents_and_names_are_told_from_prose(fitted: Shape) -> None:
    found = fitted.logits(["A. Aims ........ 2 B. Means ........ 9", "The Agency will report."])
    assert found.shape == (2,)
    assert found[0] > 0 > found[1]


def test_no_text_has_no_logits(fitted: Shape) -> None:
    assert fitted.logits([]).shape == (0,)


def test_without_noise_to_learn_from_it_says_nothing() -> None:
    silent = Shape.fit(PROSE, [False] * 3, [1.0] * 3)
    assert (silent.logits([CONTENTS, PLAN]) == 0).all()


def test_fitting_twice_gives_the_same(fitted: Shape) -> None:
    again = Shape.fit(
        [*PROSE, CONTENTS, NAMES] * 4, [False, False, False, True, True] * 4, [1] * 20
    )
    assert (again.weights == fitted.weights).all()
    assert again.bias == fitted.bias
