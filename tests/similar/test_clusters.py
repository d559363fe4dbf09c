"""Clusters: the same promise of several countries, stable, with its differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from similar_helpers import INCIDENTS

from miner.changes import ClusterRequest, Clusters, clusters_of
from miner.changes.across import groups
from miner.changes.rule import Across, rule
from miner.embedding import Encoder
from miner.errors import InputError
from miner.index import Filter
from miner.similar.background import Background, background
from miner.store import Store

# The shipped weights are measured with the shipped model; hashed words need their own.
HASHED = replace(rule(), across=Across((1.0, 0.4), -6.0, 0.6))


@pytest.fixture(autouse=True)
def _hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("miner.changes.clusters.rule", lambda: HASHED)


def found(store: Store, encoder: Encoder, **rest: object) -> Clusters:
    return clusters_of(store, encoder, ClusterRequest(**rest))  # type: ignore[arg-type]


def test_the_same_promise_of_two_countries_is_a_cluster(
    store: Store, encoder: Encoder, ids: dict[str, str]
) -> None:
    clusters = found(store, encoder)
    assert clusters.total == 1
    one = clusters.clusters[0]
    assert set(one.countries) == {"SGP", "EST"}
    assert one.concepts == (INCIDENTS,)
    assert {m.pledge.passage.passage.document for m in one.members} == {
        ids["older"], ids["newer"], ids["neighbour"],
    }  # fmt: skip
    closeness = [member.closeness for member in one.members]
    assert closeness == sorted(closeness, reverse=True)
    assert all(0 < value <= 1 for value in closeness)
    assert clusters.commitments == clusters.alone + 3


def test_only_what_binds_and_has_a_country_is_read(store: Store, encoder: Encoder) -> None:
    clusters = found(store, encoder, countries=1)
    # Nine of Singapore's and two of Estonia's; the conference has no country.
    assert clusters.passages >= 11
    countries = {m.pledge.passage.metadata.country for c in clusters.clusters for m in c.members}
    assert countries == {"SGP", "EST"}
    wide = clusters_of(store, encoder, ClusterRequest(Filter({"stance": ["descriptive"]})))
    assert (wide.passages, wide.commitments, wide.total) == (0, 0, 0)


def test_clusters_are_the_same_each_time(store: Store, encoder: Encoder) -> None:
    assert found(store, encoder) == found(store, encoder)
    assert len(found(store, encoder).clusters[0].id) == 16


def test_a_filter_and_the_least_number_of_countries(store: Store, encoder: Encoder) -> None:
    assert found(store, encoder, where=Filter({"country": ["SGP"]})).total == 0
    alone = found(store, encoder, where=Filter({"country": ["SGP"]}), countries=1)
    assert alone.total == 2
    assert all(one.countries == ("SGP",) for one in alone.clusters)
    assert found(store, encoder, countries=3).total == 0
    assert found(store, encoder, offset=1).clusters == ()


def test_a_higher_probability_makes_fewer(store: Store, encoder: Encoder) -> None:
    totals = [found(store, encoder, alike=alike).total for alike in (0.2, 0.99)]
    assert totals[0] >= 1
    assert totals[1] <= totals[0]


def test_differences_are_told(store: Store, encoder: Encoder) -> None:
    (one,) = found(store, encoder).clusters
    told = "\n".join(one.differences)
    assert "firmest: Singapore 2021" in told or "firmest: Estonia 2019" in told
    assert "weakest: Singapore 2015 “should”" in told
    assert "deadline: only Singapore 2021 (“by June 2023”)" in told


def test_parts_are_grouped_as_the_whole_would_be() -> None:
    generator = np.random.default_rng(3)
    centres = generator.normal(size=(6, 24))
    gists = np.repeat(centres, 4, axis=0) + generator.normal(size=(24, 24)) * 0.4
    background_ = Background.of(generator.normal(size=(80, 24)).astype(np.float32))
    stems = [frozenset({f"w{at // 4}", "common"}) for at in range(24)]
    across = Across((1.0, 0.5), -4.0, 0.5)
    made = groups(gists.astype(np.float32), stems, across, background_)
    assert sorted(rows for rows, _ in made) == [list(range(at, at + 4)) for at in range(0, 24, 4)]
    assert all(logits.shape == (4, 4) for _, logits in made)
    assert groups(gists[:0].astype(np.float32), [], across, background_) == []


@pytest.mark.parametrize(
    "rest", [{"limit": 0}, {"offset": -1}, {"countries": 0}, {"alike": 0.0}, {"alike": 1.0}]
)
def test_numbers_out_of_range(store: Store, encoder: Encoder, rest: dict[str, float]) -> None:
    with pytest.raises(InputError):
        clusters_of(store, encoder, ClusterRequest(**rest))  # type: ignore[arg-type]


def test_the_background_makes_models_comparable() -> None:
    generator = np.random.default_rng(7)
    plain = generator.normal(size=(60, 16)).astype(np.float32)
    # A model that puts all texts into one corner.
    cornered = plain + 5.0
    one, other = Background.of(plain), Background.of(cornered)
    np.testing.assert_allclose(
        one.alike(plain[:5], plain[5:9]), other.alike(cornered[:5], cornered[5:9]), atol=1e-3
    )


def test_the_background_is_kept_in_the_store(store: Store, encoder: Encoder) -> None:
    class Broken:
        id, dimension = encoder.id, encoder.dimension

        def encode(self, texts: object) -> np.ndarray:
            raise AssertionError("it was computed twice")

    made = background(store, encoder, "sentence")
    again = background(store, Broken(), "sentence")
    np.testing.assert_array_equal(made.mean, again.mean)
    assert made.spread == again.spread
