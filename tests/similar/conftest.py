"""A store with four invented strategies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from similar_helpers import FRENCH, NEIGHBOUR, NEWER, OLDER, about, put

from miner.document import Metadata
from miner.embedding import Encoder
from miner.settings import Settings
from miner.store import Store

Ids = dict[str, str]


@pytest.fixture(scope="session")
def strategies(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder
) -> Iterator[tuple[Store, Ids]]:
    """The store, and the ids of its documents by name."""
    settings = Settings(store=tmp_path_factory.mktemp("similar") / "store")
    with Store.open(settings, encoder.id, encoder.dimension) as store:
        ids = {
            "older": put(store, encoder, about("SGP", "Singapore", 2015), OLDER),
            "newer": put(store, encoder, about("SGP", "Singapore", 2021), NEWER),
            "neighbour": put(store, encoder, about("EST", "Estonia", 2019), NEIGHBOUR),
            "french": put(store, encoder, about("FRA", "France", 2011, language="fr"), FRENCH),
            "nobody": put(
                store, encoder, Metadata("Notes of a conference", year=2020), NEIGHBOUR[1:]
            ),
        }
        yield store, ids


@pytest.fixture(scope="session")
def store(strategies: tuple[Store, Ids]) -> Store:
    return strategies[0]


@pytest.fixture(scope="session")
def ids(strategies: tuple[Store, Ids]) -> Ids:
    return strategies[1]
