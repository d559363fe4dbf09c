"""More like this: other documents first, repeats folded, what is shared shown."""

from __future__ import annotations

import pytest
from similar_helpers import INCIDENTS, NEIGHBOUR, TEAM, Said, tagged

from miner.embedding import Encoder
from miner.errors import InputError, NotFound
from miner.index import Filter
from miner.similar import Finder, SimilarRequest, SimilarResponse
from miner.similar.duplicates import folded, repeats, shingles
from miner.store import Store

TEXT = "A national response team answers every incident within one hour."


@pytest.fixture
def finder(store: Store, encoder: Encoder) -> Finder:
    return Finder(store, encoder, lambda text: tagged(Said(text)))


def passage(store: Store, document: str, at: int = 0) -> str:
    return store.passages(document)[at].passage.id


def documents(found: SimilarResponse) -> list[str]:
    return [hit.passage.passage.document for hit in found.hits]


def test_other_documents_come_first(finder: Finder, store: Store, ids: dict[str, str]) -> None:
    asked = passage(store, ids["newer"])
    found = finder.find(SimilarRequest(asked, limit=50))
    own = [one == ids["newer"] for one in documents(found)]
    assert own == sorted(own)
    assert any(own)
    assert {documents(found)[0], documents(found)[1]} == {ids["older"], ids["neighbour"]}
    assert asked not in [hit.passage.passage.id for hit in found.hits]
    assert found.source is not None
    assert found.source.passage.id == asked


def test_own_document_may_be_ranked_among_the_others(
    finder: Finder, store: Store, ids: dict[str, str]
) -> None:
    asked = passage(store, ids["newer"], 3)
    assert documents(finder.find(SimilarRequest(asked, own=True)))[0] == ids["newer"]
    assert documents(finder.find(SimilarRequest(asked)))[0] != ids["newer"]


def test_what_is_shared_is_shown(finder: Finder, store: Store, ids: dict[str, str]) -> None:
    found = finder.find(SimilarRequest(passage(store, ids["newer"])))
    hit = next(h for h in found.hits if h.passage.passage.document == ids["neighbour"])
    assert hit.concepts == (INCIDENTS,)
    text = hit.passage.passage.text
    assert all(text[span.start : span.end] == span.quote for span in hit.highlights)
    assert any("national response team" in span.quote for span in hit.highlights)
    assert "incident" in " ".join(span.quote for span in hit.highlights)
    assert 0 < hit.words <= 1
    assert 0 < hit.meaning <= 1
    assert hit.citation.startswith("Estonia, Strategy of Estonia 2019, 2019, p. 1")


def test_repeats_are_marked_and_folded(finder: Finder, store: Store, ids: dict[str, str]) -> None:
    asked = passage(store, ids["newer"], 2)
    best = finder.find(SimilarRequest(asked)).hits[0]
    assert best.passage.passage.document == ids["older"]
    assert best.near_duplicate
    lesson = finder.find(SimilarRequest(text="Schools shall teach pupils safe habits.")).hits[0]
    assert [one.passage.text for one in lesson.folded] == [NEIGHBOUR[1].text]
    assert not lesson.near_duplicate


def test_filters_and_paging(finder: Finder, ids: dict[str, str]) -> None:
    whole = finder.find(SimilarRequest(text=TEXT, where=Filter({"country": ["SGP"]})))
    assert set(documents(whole)) == {ids["older"], ids["newer"]}
    assert whole.total == 9
    assert whole.source is None
    rest = finder.find(SimilarRequest(text=TEXT, where=Filter({"country": ["SGP"]}), offset=1))
    assert [hit.passage for hit in rest.hits] == [hit.passage for hit in whole.hits[1:]]
    none = finder.find(SimilarRequest(text=TEXT, where=Filter({"country": ["JPN"]})))
    assert (none.hits, none.total) == ((), 0)


def test_a_filter_on_the_own_document_leaves_it(
    finder: Finder, store: Store, ids: dict[str, str]
) -> None:
    where = Filter({"document": [ids["newer"]]})
    found = finder.find(SimilarRequest(passage(store, ids["newer"]), where=where))
    assert set(documents(found)) == {ids["newer"]}
    assert found.total == 4


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (SimilarRequest(), "neither"),
        (SimilarRequest(text="  "), "neither"),
        (SimilarRequest("x", "y"), "both"),
        (SimilarRequest(text="x", limit=0), "limit 0"),
        (SimilarRequest(text="x", limit=201), "limit 201"),
        (SimilarRequest(text="x", offset=-1), "offset -1"),
    ],
)
def test_what_cannot_be_answered(finder: Finder, request_: SimilarRequest, words: str) -> None:
    with pytest.raises(InputError, match=words):
        finder.find(request_)


def test_an_unknown_passage(finder: Finder) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        finder.find(SimilarRequest("nowhere"))


def test_near_duplicates_are_told_by_runs_of_words() -> None:
    changed = TEAM.replace("one hour", "two hours")
    assert repeats(shingles(TEAM), shingles(changed))
    assert repeats(
        shingles(TEAM), shingles(f"1. {TEAM.upper()} And so on, and so forth, for ever.")
    )
    assert not repeats(shingles(TEAM), shingles(NEIGHBOUR[1].text))
    assert not repeats(shingles(""), shingles(""))
    assert not repeats(shingles("a b"), shingles("a c"))
    assert folded([TEAM, NEIGHBOUR[1].text, changed, TEAM]) == [[0, 2, 3], [1]]
