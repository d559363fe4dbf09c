"""Clusters: the same promise of several countries, stable, with its differences."""

from __future__ import annotations

import numpy as np
import pytest
from similar_helpers import INCIDENTS

from miner.changes import side_by_side
from miner.embedding import Encoder
from miner.errors import InputError
from miner.index import Filter
from miner.similar.background import Background, background
from miner.similar.clusters import ClusterRequest, Clusters, clusters_of
from miner.store import Store

ALIKE = 2.5


def found(store: Store, encoder: Encoder, **rest: object) -> Clusters:
    return clusters_of(store, encoder, ClusterRequest(alike=ALIKE, **rest))  # type: ignore[arg-type]


def test_the_same_promise_of_two_countries_is_a_cluster(
    store: Store, encoder: Encoder, ids: dict[str, str]
) -> None:
    clusters = found(store, encoder)
    assert clusters.total == 1
    one = clusters.clusters[0]
    assert set(one.countries) == {"SGP", "EST"}
    assert one.concepts == (INCIDENTS,)
    assert {m.passage.passage.document for m in one.members} == {
        ids["older"], ids["newer"], ids["neighbour"],
    }  # fmt: skip
    closeness = [member.closeness for member in one.members]
    assert closeness == sorted(closeness, reverse=True)
    assert clusters.passages == clusters.alone + 3


def test_only_what_binds_and_has_a_country_is_clustered(store: Store, encoder: Encoder) -> None:
    clusters = found(store, encoder, countries=1)
    # Seven of Singapore's nine have twelve words and more, and two of Estonia's; France's have
    # no stance, and the conference has no country.
    assert clusters.passages == 9
    wide = clusters_of(store, encoder, ClusterRequest(Filter({"stance": ["descriptive"]})))
    assert (wide.passages, wide.total) == (0, 0)


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


def test_differences_are_told(store: Store, encoder: Encoder) -> None:
    (shared,) = side_by_side(store, found(store, encoder).clusters)
    said = {one.member.passage.metadata.year: one.pledge for one in shared.said}
    assert said[2021] is not None
    assert said[2021].commitment.deadline is not None
    assert said[2015] is not None
    assert said[2015].commitment.strength.modal == "aim"
    told = "\n".join(shared.differences)
    assert "firmest: Singapore 2021" in told
    assert "weakest: Singapore 2015 “should”" in told
    assert "deadline: only Singapore 2021 (“by June 2023”)" in told


@pytest.mark.parametrize(
    "rest", [{"limit": 0}, {"offset": -1}, {"countries": 0}, {"alike": 0.0}, {"alike": 99.0}]
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
