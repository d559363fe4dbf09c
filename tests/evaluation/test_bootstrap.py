"""Intervals: reproducible, blind to order, and as wide as the documents differ."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.bootstrap import Resampling, ratio

numbers = st.floats(-1e3, 1e3, allow_nan=False, width=32)


def test_the_first_draw_is_the_sample_itself() -> None:
    draws = Resampling.of(["a", "a", "b"], rounds=5)
    assert draws.totals([1.0, 2.0, 4.0])[0] == 7.0
    assert draws.totals([[1, 0], [0, 1], [1, 1]])[0].tolist() == [2.0, 2.0]
    assert draws.weights()[0].tolist() == [1.0, 1.0, 1.0]


def test_each_draw_takes_as_many_clusters_as_there_are() -> None:
    draws = Resampling.of(["a", "b", "c", "c"], rounds=50)
    assert (draws.times.sum(axis=1) == 3).all()
    weights = draws.weights()
    assert (weights[:, 2] == weights[:, 3]).all()


def test_mean_by_hand() -> None:
    figure = Resampling.of(list("abcd")).mean([0.0, 1.0, math.nan, 1.0])
    assert figure.value == pytest.approx(2 / 3)
    assert figure.n == 3
    assert 0.0 <= figure.low <= figure.value <= figure.high <= 1.0


def test_the_interval_agrees_with_the_normal_one_where_that_holds() -> None:
    values = np.random.default_rng(1).normal(5.0, 2.0, 400)
    figure = Resampling.of([str(i) for i in range(400)]).mean(values)
    half = 1.96 * values.std(ddof=1) / math.sqrt(400)
    assert figure.high - figure.low == pytest.approx(2 * half, rel=0.1)


def test_clusters_of_equal_items_widen_the_interval() -> None:
    values = [0.0, 1.0] * 20
    alone = Resampling.of([str(i) for i in range(40)]).mean(values)
    # Ten items of one document say what one of them says.
    together = Resampling.of([f"{v}{i // 20}" for i, v in enumerate(values)]).mean(values)
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_paired_difference_of_equal_rankings_is_zero() -> None:
    figure = Resampling.of(list("abc")).paired([0.1, 0.5, 0.9], [0.1, 0.5, 0.9])
    assert (figure.value, figure.low, figure.high) == (0.0, 0.0, 0.0)


def test_pairing_sees_a_constant_gain_through_noise() -> None:
    second = np.array([0.0, 0.9, 0.1, 0.8])
    figure = Resampling.of(list("abcd")).paired(second + 0.05, second)
    assert [figure.low, figure.high] == pytest.approx([0.05, 0.05])


def test_one_cluster_has_no_interval() -> None:
    figure = Resampling.of(["a", "a"]).mean([0.0, 1.0])
    assert figure.value == 0.5
    assert math.isnan(figure.low)
    assert math.isnan(figure.high)


def test_nothing_cannot_be_resampled() -> None:
    with pytest.raises(ValueError, match="nothing"):
        Resampling.of([])


def test_ratio_is_undefined_over_zero() -> None:
    result = ratio([1.0, 0.0], [2.0, 0.0])
    assert result[0] == 0.5
    assert math.isnan(result[1])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), numbers), min_size=1, max_size=30), st.randoms())
def test_order_of_items_does_not_matter(items: list[tuple[int, float]], random: object) -> None:
    mixed = list(items)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    first, second = (
        Resampling.of([str(c) for c, _ in some], rounds=100).mean([v for _, v in some])
        for some in (items, mixed)
    )
    assert first.n == second.n
    for name in ("value", "low", "high"):
        assert getattr(first, name) == pytest.approx(getattr(second, name), abs=1e-6, nan_ok=True)


@settings(max_examples=50, deadline=None)
@given(st.lists(numbers, min_size=2, max_size=30))
def test_the_interval_stays_within_the_values(values: list[float]) -> None:
    figure = Resampling.of([str(i) for i in range(len(values))], rounds=200).mean(values)
    assert min(values) - 1e-6 <= figure.low <= figure.high <= max(values) + 1e-6
