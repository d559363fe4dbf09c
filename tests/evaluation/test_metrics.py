"""Each measure against examples worked out by hand, and against scikit-learn."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, f1_score, ndcg_score

from evaluation import metrics

grades = st.lists(st.integers(0, 2), min_size=1, max_size=25)
probabilities = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.5, 0.9, 1.0]), st.booleans()),
    min_size=1,
    max_size=40,
)


def test_ndcg_by_hand() -> None:
    # DCG 1/log2(2) + 2/log2(4) = 2; ideal 2/log2(2) + 1/log2(3).
    assert metrics.ndcg([1, None, 2], [2, 1, 0]) == pytest.approx(2 / (2 + 1 / math.log2(3)))


def test_ndcg_counts_relevant_passages_that_were_not_found() -> None:
    assert metrics.ndcg([2], [2, 2]) == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_ndcg_looks_at_the_first_k_only() -> None:
    assert metrics.ndcg([0, 0, 2], [2], k=2) == 0.0


def test_recall_precision_and_rank_by_hand() -> None:
    ranked = [0, None, 1, 2]
    assert metrics.recall(ranked, [0, 1, 2, 2], 3) == pytest.approx(1 / 3)
    assert metrics.recall(ranked, [0, 1, 2, 2], 4) == pytest.approx(2 / 3)
    assert metrics.precision(ranked, 5) == pytest.approx(2 / 5)
    assert metrics.reciprocal_rank(ranked) == pytest.approx(1 / 3)
    assert metrics.unjudged(ranked) == pytest.approx(1 / 4)


def test_without_relevant_judgements_there_is_no_recall() -> None:
    assert math.isnan(metrics.ndcg([0], [0]))
    assert math.isnan(metrics.recall([0], [0], 10))


def test_an_empty_ranking_finds_nothing() -> None:
    assert metrics.ndcg([], [2]) == 0.0
    assert metrics.reciprocal_rank([]) == 0.0
    assert metrics.unjudged([]) == 0.0


def test_f1_by_hand() -> None:
    result = metrics.f1([2, 0, 0], [1, 0, 3], [1, 0, 0])
    assert result[0] == pytest.approx(2 / 3)
    assert math.isnan(result[1])
    assert result[2] == 0.0


def test_average_precision_by_hand() -> None:
    # Positives at ranks 1 and 3: (1/1 + 2/3) / 2.
    area = metrics.average_precision([0.9, 0.8, 0.7], [True, False, True])
    assert area[0] == pytest.approx((1 + 2 / 3) / 2)


def test_average_precision_of_a_draw_without_positives_is_undefined() -> None:
    weights = np.array([[1.0, 1.0], [0.0, 2.0], [2.0, 0.0]])
    area = metrics.average_precision([0.9, 0.1], [True, False], weights)
    assert area[0] == 1.0
    assert math.isnan(area[1])
    assert area[2] == 1.0


def test_bins_by_hand() -> None:
    assert metrics.equal_width([0.0, 0.05, 0.1, 0.95, 1.0]).tolist() == [0, 0, 1, 9, 9]
    assert metrics.equal_count([0.1, 0.2, 0.3, 0.4], bins=2).tolist() == [0, 0, 1, 1]
    # All alike: one bin.
    assert set(metrics.equal_count([0.5] * 7).tolist()) == {0}
    assert metrics.equal_count([]).size == 0


def test_calibration_error_by_hand() -> None:
    # Bin 1: two at 0.2, none positive (gap 0.4); bin 2: two at 0.9, both positive (gap -0.2).
    error = metrics.calibration_error(np.array([[0.4, -0.2]]), np.array([4.0]))
    assert error[0] == pytest.approx(0.15)


@given(grades)
def test_ndcg_is_one_for_the_best_order_and_agrees_with_sklearn(ranked: list[int]) -> None:
    if not any(ranked):
        return
    assert metrics.ndcg(sorted(ranked, reverse=True), ranked) == pytest.approx(1.0)
    value = metrics.ndcg(ranked, ranked)
    assert 0.0 <= value <= 1.0 + 1e-9
    if len(ranked) > 1:
        scores = [list(range(len(ranked), 0, -1))]
        assert value == pytest.approx(ndcg_score([ranked], scores, k=10))


@given(grades, st.randoms())
def test_order_of_judgements_does_not_matter(ranked: list[int], random: object) -> None:
    judged = list(ranked)
    random.shuffle(judged)  # type: ignore[attr-defined]
    for measure in (metrics.ndcg, lambda r, j: metrics.recall(r, j, 10)):
        assert measure(ranked, ranked) == pytest.approx(measure(ranked, judged), nan_ok=True)


@given(grades)
def test_ranking_measures_lie_between_0_and_1(ranked: list[int]) -> None:
    for value in (
        metrics.precision(ranked, 5),
        metrics.reciprocal_rank(ranked),
        metrics.unjudged(ranked),
    ):
        assert 0.0 <= value <= 1.0


@given(probabilities)
def test_average_precision_agrees_with_sklearn(pairs: list[tuple[float, bool]]) -> None:
    scores, truth = [p for p, _ in pairs], [t for _, t in pairs]
    area = metrics.average_precision(scores, truth)[0]
    if any(truth):
        assert area == pytest.approx(average_precision_score(truth, scores))
    else:
        assert math.isnan(area)


@given(probabilities, st.data())
def test_weights_count_as_repeats(pairs: list[tuple[float, bool]], data: st.DataObject) -> None:
    times = data.draw(st.lists(st.integers(0, 3), min_size=len(pairs), max_size=len(pairs)))
    weighted = metrics.average_precision(
        [p for p, _ in pairs], [t for _, t in pairs], np.array([times], dtype=np.float64)
    )[0]
    repeated = [pair for pair, n in zip(pairs, times, strict=True) for _ in range(n)]
    plain = metrics.average_precision([p for p, _ in repeated], [t for _, t in repeated])
    expected = plain[0] if repeated else math.nan
    assert weighted == pytest.approx(expected, nan_ok=True)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_f1_agrees_with_sklearn(pairs: list[tuple[bool, bool]]) -> None:
    truth, said = (np.array(side) for side in zip(*pairs, strict=True))
    mine = float(metrics.f1((truth & said).sum(), (~truth & said).sum(), (truth & ~said).sum()))
    expected = f1_score(truth, said, zero_division=math.nan)
    assert mine == pytest.approx(expected, nan_ok=True)


@settings(max_examples=100)
@given(probabilities, st.sampled_from([metrics.equal_width, metrics.equal_count]))
def test_calibration_error_is_a_share_and_below_the_root_of_brier(
    pairs: list[tuple[float, bool]], binning: Callable[..., np.ndarray]
) -> None:
    scores = np.array([p for p, _ in pairs])
    truth = np.array([t for _, t in pairs], dtype=np.float64)
    bins = binning(scores)
    assert 0 <= bins.min() <= bins.max() < 10
    gaps = np.bincount(bins, scores - truth)[None, :].astype(np.float64)
    error = float(metrics.calibration_error(gaps, np.array([float(len(scores))]))[0])
    assert 0.0 <= error <= 1.0 + 1e-9
    assert error <= math.sqrt(brier_score_loss(truth, scores, pos_label=1)) + 1e-9
