"""Filters that a caller gives: names into what the index holds, and refusals that help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from miner.catalogue.geography import Geography
from miner.errors import InputError, NotFound
from miner.index import Filter
from miner.query.given import Given, assigned_code, where
from miner.store import Store

GEOGRAPHY = Geography.shipped()


class Held:
    """A store that knows one document, a country's own code and an organisation of its own."""

    def facet(self, name: str, where: Filter, limit: int = 300) -> Mapping[str, int]:
        held = {"country": "XZY", "organisations": "Own Club", "type": "strategy"}
        return {held[name]: 1}

    def documents(self, ids: object) -> list[object]:
        return []

    def summary(self, name: str) -> None:
        raise NotFound(f"document {name!r}", "it is not in the store", "List what is there.")


def chosen(**given: Any) -> Filter:
    return where(Given(**given), GEOGRAPHY, cast(Store, Held()))


@pytest.mark.parametrize(
    ("given", "any_of"),
    [
        ({"country": ["Estonia", "fin", "XZY"]}, {"country": ["EST", "FIN", "XZY"]}),
        ({"organisation": ["european union", "Own Club"]}, {"organisations": ["EU", "Own Club"]}),
        ({"concept": ["incident_management"]}, {"concepts": ["dim.incident_management"]}),
        ({"concept": ["Incident management"]}, {"concepts": ["dim.incident_management"]}),
        ({"stance": ["commitment"]}, {"stance": ["commitment"]}),
        ({"language": ["French", "und"]}, {"language": ["fr", "und"]}),
        ({"type": ["strategy"]}, {"type": ["strategy"]}),
        ({}, {}),
    ],
)
def test_names_become_what_the_index_holds(
    given: dict[str, Any], any_of: dict[str, list[str]]
) -> None:
    assert chosen(**given) == Filter(any_of)


def test_years() -> None:
    assert chosen(first=2010, last=2012).years == (2010, 2012)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"country": ["Estnia"]}, r"country 'Estnia'.*Did you mean Estonia \(EST\)"),
        ({"country": ["ZZZ"]}, "country 'ZZZ'"),
        ({"organisation": ["European Onion"]}, r"Did you mean European Union \(EU\)"),
        ({"organisation": ["Flat Earth"]}, "Known: ASEAN"),
        ({"concept": ["dim.incident_managment"]}, "Did you mean dim.incident_management"),
        ({"stance": ["comitment"]}, "Did you mean commitment"),
        ({"language": ["Klingon"]}, "ISO 639-1"),
        ({"type": ["strategi"]}, "Did you mean strategy"),
        ({"first": 2020, "last": 2010}, "Swap"),
    ],
)
def test_what_nobody_knows_is_refused_with_what_is_near(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        chosen(**given)


def test_an_unknown_document_is_not_found() -> None:
    with pytest.raises(NotFound, match="00ff"):
        chosen(document=["00ff"])


def test_a_new_document_may_bring_a_code_of_its_own() -> None:
    assert assigned_code("xqq", GEOGRAPHY) == "XQQ"
    assert assigned_code("Estonia", GEOGRAPHY) == "EST"
    with pytest.raises(InputError):
        assigned_code("Estnia", GEOGRAPHY)
