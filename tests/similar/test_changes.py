"""Changes: added, dropped, strengthened, kept, each with the words on both sides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from similar_helpers import FLAWS, INCIDENTS, NEWER, OLDER

from miner.changes import KINDS, Change, Changes, Comparer, pair_of
from miner.changes import match as matching
from miner.changes.firmness import compared
from miner.changes.pledge import pledges
from miner.changes.rule import FEATURES, Rule, rule
from miner.changes.words import covered, special
from miner.embedding import Encoder
from miner.errors import InputError, NotFound
from miner.store import Store

# The shipped weights are measured with the shipped model; hashed words need their own.
HASHED = replace(
    rule(), weights=(1.0, 0.6, 0.4), bias=-7.0, same=0.6, surely=2.0, other=0.3, special=3.0
)


@pytest.fixture(scope="module")
def found(store: Store, encoder: Encoder, ids: dict[str, str]) -> Changes:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("miner.changes.comparer.rule", lambda: HASHED)
        return Comparer(store, encoder).compare(ids["older"], ids["newer"])


def said(change: Change) -> tuple[list[str], list[str]]:
    return [p.quote.quote for p in change.older], [p.quote.quote for p in change.newer]


def test_an_aim_that_became_a_promise_with_a_deadline_is_strengthened(found: Changes) -> None:
    (change,) = found.of("strengthened")
    assert said(change) == ([OLDER[0].text], [NEWER[0].text])
    assert "from an aim to a promise (“should” → “will”)" in change.reasons[0]
    assert "a deadline is named" in change.reasons
    assert INCIDENTS in change.concepts


def test_what_is_new_and_what_is_gone(found: Changes) -> None:
    added = [said(change)[1][0] for change in found.of("added")]
    dropped = [said(change)[0][0] for change in found.of("dropped")]
    assert any("antennas" in text for text in added)
    assert any("telegraph" in text for text in dropped)
    for change in (*found.of("added"), *found.of("dropped")):
        assert change.nearest is not None
        assert change.nearest_passage is not None
        assert (not change.older) == (change.kind == "added")
        side = "older" if change.kind == "added" else "newer"
        assert change.nearest.passage.passage.document == getattr(found, side).id


def test_what_both_say_alike_is_kept(found: Changes) -> None:
    (change,) = found.of("kept")
    assert said(change) == ([OLDER[2].text], [NEWER[2].text])
    assert change.reasons == ("both bind alike",)


def test_quotes_are_the_documents_own_words(store: Store, found: Changes) -> None:
    texts = {one: store.document(one).text for one in (found.older.id, found.newer.id)}
    quotes = [p for change in found.changes for p in (*change.older, *change.newer)]
    assert quotes
    for pledge in quotes:
        text = texts[pledge.passage.passage.document]
        assert text[pledge.quote.start : pledge.quote.end] == pledge.quote.quote


def test_concepts(found: Changes) -> None:
    by_concept = {change.concept: change for change in found.concepts}
    flaws = by_concept[FLAWS]
    assert flaws.kind == "added"
    assert (flaws.older.passages, flaws.newer.passages, flaws.newer.committed) == (0, 2, 2)
    assert flaws.older.nearest is not None
    assert len(flaws.newer.evidence) == 2
    assert by_concept[INCIDENTS].kind == "kept"
    assert by_concept["prin.gender_sensitive"].kind == "absent"


def test_the_same_documents_give_the_same_ids(
    store: Store, encoder: Encoder, ids: dict[str, str], found: Changes
) -> None:
    comparer = Comparer(store, encoder)
    first = comparer.compare(ids["older"], ids["newer"])
    assert first.changes == comparer.compare(ids["older"], ids["newer"]).changes
    # Named the wrong way round, the years put them right.
    assert first.changes == comparer.compare(ids["newer"], ids["older"]).changes
    assert len({change.id for change in found.changes}) == len(found.changes)
    assert any("measured with" in caution for caution in first.cautions)
    assert all(kind in KINDS for kind in {change.kind for change in first.changes})


def test_what_cannot_be_compared(store: Store, encoder: Encoder, ids: dict[str, str]) -> None:
    comparer = Comparer(store, encoder)
    with pytest.raises(InputError, match="itself"):
        comparer.compare(ids["older"], ids["older"])
    with pytest.raises(NotFound):
        comparer.compare(ids["older"], "0000")
    with pytest.raises(InputError, match="not in English"):
        comparer.compare(ids["french"], ids["newer"])


def test_the_pair_of_a_country(store: Store, ids: dict[str, str]) -> None:
    pair = pair_of(store, "SGP")
    assert (pair.older.id, pair.newer.id, pair.others) == (ids["older"], ids["newer"], ())
    for country in ("EST", "FRA", "JPN"):
        with pytest.raises(InputError, match="no two English documents"):
            pair_of(store, country)


def test_firmness_is_told_by_the_words_of_the_sentence(store: Store, ids: dict[str, str]) -> None:
    older = pledges(store, store.passages(ids["older"]))
    newer = pledges(store, store.passages(ids["newer"]))
    assert compared(newer[0], older[0])[0] == "weakened"
    assert compared(older[1], newer[1]) == ("kept", ("both bind alike",))
    in_place = next(p for p in older if not p.promises)
    assert compared(in_place, newer[0])[0] == "kept"
    assert not in_place.firm


def test_words_that_tell(store: Store, ids: dict[str, str]) -> None:
    rare, common = frozenset({"telegraph", "antenna"}), frozenset({"secur", "cyber", "nation"})
    assert special(rare) > special(common)
    assert special(frozenset()) == 0
    passages = store.passages(ids["older"])
    shares = covered([frozenset({"telegraph"}), rare, frozenset()], passages)
    assert shares.shape == (3, 4)
    assert shares[0].tolist() == [0, 1, 0, 0]
    assert 0 < shares[1].max() < 1
    assert shares[2].max() == 0


def test_the_rule_is_whole() -> None:
    shipped = rule()
    assert len(shipped.weights) == len(FEATURES)
    assert 0 < shipped.other < shipped.same < 1 < shipped.surely
    assert 0 < shipped.covered < 1
    assert isinstance(shipped, Rule)


def test_nothing_to_compare(encoder: Encoder, store: Store) -> None:
    comparer = Comparer(store, encoder)
    empty = matching.Read((), comparer.readings(pair_of(store, "SGP").older.id))
    nothing = matching.Read(
        (), type(empty.readings)([], empty.readings.gists[:0], empty.readings.passages[:0])
    )
    changes, left = matching.changes_of(empty, nothing, HASHED, comparer.backgrounds())
    assert left == (0, 0) or all(change.kind == "dropped" for change in changes)
    assert all(change.nearest is None for change in changes)
