"""Decisions in a store: shown everywhere, never lost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from feedback_helpers import LAW, SCHOOL, TEAM, Put, tagged

from miner.errors import InputError, MinerError, NotFound, StoreError
from miner.feedback import Request, Verdict, decide
from miner.index import Filter, Leg
from miner.points import tag_vector
from miner.store import Store
from miner.tagging.data import FEEDBACK_WEIGHT, feedback
from miner.tagging.tag import TaggedPassage
from miner.taxonomy import codebook

INCIDENT, SKILLS = "dim.incident_management", "dim.education_training"


def ids(store: Store, document: str) -> list[str]:
    return [stored.passage.id for stored in store.passages(document)]


def carrying(store: Store, concept: str) -> set[str]:
    """Passages that the index and the columns find by a concept."""
    where = Filter(any_of={"concepts": [concept]})
    leg = Leg("dense", np.ones(store.dimension, dtype=np.float32))
    hits = store.read(lambda live: store.index.search([leg], live, 100), where)
    assert store.count(where) == len(hits)
    return {hit.passage for hit in hits}


def decided(store: Store, document: str) -> list[set[str]]:
    return [{t.concept for t in one.tagged.decided} for one in store.passages(document)]


def test_a_decision_shows_in_reading_filtering_and_ranking(store: Store, put: Put) -> None:
    document = put("a.txt", (TEAM, tagged(INCIDENT)), (SCHOOL, tagged(INCIDENT)))
    team, school = ids(store, document)
    assert carrying(store, INCIDENT) == {team, school}
    made = decide(
        store,
        " Ana  Souza ",
        [
            Request(school, Verdict.REJECT, INCIDENT, comment="It is about schools. "),
            Request(school, Verdict.ADD, SKILLS, quote="Schools teach"),
        ],
    )
    assert [(d.who, d.concept, d.model) for d in made] == [
        ("Ana Souza", INCIDENT, "tagger-old"),
        ("Ana Souza", SKILLS, "tagger-old"),
    ]
    assert made[0].id < made[1].id
    assert made[0].at.endswith("+00:00")
    assert decided(store, document) == [{INCIDENT}, {SKILLS}]
    assert carrying(store, INCIDENT) == {team}
    assert carrying(store, SKILLS) == {school}
    found = store.passages_by_id([school])[school].tagged
    legs = [Leg("tags", tag_vector(found))]
    best = store.read(lambda live: store.index.search(legs, live, 1), Filter())
    assert best[0].passage == school
    assert store.index.count(Filter()) == 2, "no point of the old revision is left"


def test_the_models_own_tags_are_kept_beneath(store: Store, put: Put) -> None:
    document = put("a.txt", (TEAM, tagged(INCIDENT)))
    (team,) = ids(store, document)
    decide(store, "A", [Request(team, Verdict.REJECT, INCIDENT)])
    (model,) = store.passages(document, judged=False)
    assert [tag.concept for tag in model.tagged.decided] == [INCIDENT]
    decide(store, "A", [Request(team, Verdict.WITHDRAW, INCIDENT)])
    assert decided(store, document) == [{INCIDENT}]
    assert carrying(store, INCIDENT) == {team}


def test_decisions_outlive_the_document_and_come_back_with_it(store: Store, put: Put) -> None:
    pairs = (TEAM, tagged(INCIDENT)), (LAW, tagged())
    document = put("a.txt", *pairs)
    decide(store, "A", [Request(ids(store, document)[0], Verdict.REJECT, INCIDENT)])
    store.delete(document)
    assert carrying(store, INCIDENT) == set()
    assert [d.text for d in store.decisions()] == [TEAM]
    put("a.txt", *pairs)
    assert decided(store, document) == [set(), set()]
    assert carrying(store, INCIDENT) == set()


def test_the_same_words_in_a_newer_edition_are_judged_alike(store: Store, put: Put) -> None:
    old = put("a.txt", (TEAM, tagged(INCIDENT)), (LAW, tagged()))
    decide(store, "A", [Request(ids(store, old)[0], Verdict.REJECT, INCIDENT)])
    new = put("a.txt", (SCHOOL, tagged(INCIDENT)), (TEAM, tagged(INCIDENT)))
    assert [item.id for item in store.documents()] == [new]
    assert decided(store, new) == [{INCIDENT}, set()]
    assert carrying(store, INCIDENT) == {ids(store, new)[0]}


def test_a_decision_holds_in_all_documents_with_these_words(store: Store, put: Put) -> None:
    one, other = (
        put("a.txt", (TEAM, tagged(INCIDENT))),
        put("b.txt", (TEAM, tagged()), (LAW, tagged())),
    )
    decide(store, "A", [Request(ids(store, one)[0], Verdict.ADD, SKILLS)])
    assert decided(store, one) == [{INCIDENT, SKILLS}]
    assert decided(store, other) == [{SKILLS}, set()]
    assert carrying(store, SKILLS) == {ids(store, one)[0], ids(store, other)[0]}


def test_another_process_sees_a_decision_at_once(store: Store, put: Put) -> None:
    from miner.settings import Settings

    document = put("a.txt", (TEAM, tagged(INCIDENT)))
    assert decided(store, document) == [{INCIDENT}]
    with Store.open(Settings(store=store.folder), store.model, store.dimension) as other:
        decide(other, "A", [Request(ids(other, document)[0], Verdict.REJECT, INCIDENT)])
    assert decided(store, document) == [set()]


def test_where_the_index_fails_nothing_is_noted(
    store: Store, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = put("a.txt", (TEAM, tagged(INCIDENT)))

    def fails(_: object) -> None:
        raise StoreError("index", "the disk is full", "Make room.")

    with monkeypatch.context() as patch:
        patch.setattr(store.index, "upsert", fails)
        with pytest.raises(StoreError):
            decide(store, "A", [Request(ids(store, document)[0], Verdict.REJECT, INCIDENT)])
    assert store.decisions() == []
    assert decided(store, document) == [{INCIDENT}]
    assert carrying(store, INCIDENT) == set(ids(store, document))


def bad(passage: str) -> Iterator[tuple[Request, str, type[MinerError], str]]:
    yield Request("nowhere", Verdict.ADD, INCIDENT), "A", NotFound, "not in the store"
    yield Request(passage, Verdict.ADD, "dim.incident"), "A", InputError, "Did you mean 'dim"
    yield Request(passage, Verdict.ADD), "A", InputError, "names no concept"
    yield Request(passage, Verdict.STANCE, stance="sure"), "A", InputError, "commitment"
    yield Request(passage, Verdict.STANCE, INCIDENT, "noise"), "A", InputError, "of the passage"
    yield Request(passage, Verdict.ADD, INCIDENT, "noise"), "A", InputError, "names a stance"
    yield Request(passage, Verdict.ADD, INCIDENT, quote="no such"), "A", InputError, "not in the"
    yield Request(passage, Verdict.REJECT, INCIDENT, quote="will"), "A", InputError, "has a quote"
    yield Request(passage, Verdict.ADD, INCIDENT), "  ", InputError, "1 to 200"


def test_bad_decisions_are_refused_and_nothing_is_stored(store: Store, put: Put) -> None:
    (team,) = ids(store, put("a.txt", (TEAM, tagged(INCIDENT))))
    good = Request(team, Verdict.REJECT, INCIDENT)
    for request, who, kind, words in bad(team):
        with pytest.raises(kind) as caught:
            decide(store, who, [good, request])
        assert words.split("'")[0] in str(caught.value)
    with pytest.raises(InputError, match="no decision"):
        decide(store, "A", [])
    assert store.decisions() == []


def test_a_store_trains_as_its_export_does(store: Store, put: Put, tmp_path: object) -> None:
    (team,) = ids(store, put("a.txt", (TEAM, tagged(INCIDENT))))
    with pytest.raises(InputError, match="nothing was decided"):
        feedback(store.folder)
    decide(
        store, "A", [Request(team, Verdict.REJECT, INCIDENT), Request(team, Verdict.ADD, SKILLS)]
    )
    (example,) = feedback(store.folder)
    assert (example.text, example.weight) == (TEAM, FEEDBACK_WEIGHT)
    assert example.concepts == {SKILLS}
    assert example.undecided == set(codebook()) - {SKILLS, INCIDENT}
    assert isinstance(store.passages_by_id([team])[team].tagged, TaggedPassage)
