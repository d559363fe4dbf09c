"""How a passage speaks: what is seen of it, and what a small model makes of it."""

from __future__ import annotations

import numpy as np
import pytest

from miner.tagging.manner import Manner, shape, words

PLAN = "The Ministry will set up a response team by 2027."
CONTENTS = "1. Introduction .......... 3 2. Objectives .......... 7 3. Actions .......... 12"


def test_stop_words_and_their_neighbours_are_kept_and_numbers_are_alike() -> None:
    found = words(PLAN)
    assert "will" in found
    assert "ministry will set" in found
    assert words("In 2019.") == words("In 7.")


def test_the_shape_has_its_twenty_numbers_also_for_nothing() -> None:
    assert len(shape("")) == len(shape(PLAN)) == 20
    assert np.isfinite(shape("")).all()


def test_the_shape_tells_contents_from_prose() -> None:
    leaders = 7
    assert shape(CONTENTS)[leaders] == 1.0
    assert shape(PLAN)[leaders] == 0.0


@pytest.fixture(scope="module")
def manner() -> Manner:
    texts = [PLAN, "The Council shall meet.", "The State will act."] * 4
    done = ["A team has been formed.", "The law was adopted.", "It has operated since."] * 4
    other = ["Threats are many.", "The sea is wide.", "Networks carry trade."] * 4
    stances = [0] * 12 + [1] * 12 + [2] * 12
    return Manner.fit([*texts, *done, *other], stances, [1.0] * 36, 4)


def test_it_learns_who_promises(manner: Manner) -> None:
    found = manner.logits(["The Agency will report.", "Waves are high."], manner.bag())
    assert found.shape == (2, 4)
    assert found[0].argmax() == 0
    assert found[1].argmax() == 2


def test_a_stance_never_seen_is_never_said(manner: Manner) -> None:
    assert (manner.logits([PLAN, CONTENTS], manner.bag()).argmax(axis=1) != 3).all()


def test_fitting_twice_gives_the_same(manner: Manner) -> None:
    again = Manner.fit(["a will b", "c was d", "e is f"] * 4, [0, 1, 2] * 4, [1.0] * 12, 4)
    once = Manner.fit(["a will b", "c was d", "e is f"] * 4, [0, 1, 2] * 4, [1.0] * 12, 4)
    assert again.terms == once.terms
    assert (again.weights == once.weights).all()
