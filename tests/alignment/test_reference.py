"""A reference document: its statements, and what another document says to each."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made import CRIME, INCIDENTS, SKILLS, Pair, placed, said
from stand_ins import tagger

from miner.alignment.reference import align_reference, statements
from miner.alignment.reference.model import Logistic, MatchModel
from miner.embedding import Encoder
from miner.errors import InputError
from miner.taxonomy import Stance

REFERENCE = (
    "States should train experts in responding to incidents. "
    "Each state shall fight crime by means of computers and help other states to do so."
)
OTHER = [
    ("The Ministry will train three hundred experts in responding to incidents.", {SKILLS: 0.9}),
    ("Trees shall be planted along all roads of the capital.", {}),
    ("The harvest was good and the roads are long.", {}),
]
# Words decide, so that a test can tell what will be found.
MODEL = MatchModel(
    Logistic((0.0, 0.0, 40.0, 0.0, 0.0), -8.0),
    Logistic((0.0, 0.0, 40.0, 0.0, 0.0), -9.0),
    Logistic((1.0, 0.0, 0.0, 0.0), 0.0),
    Logistic((0.0, 0.0, 0.0, 1.0), 0.0),
    "tagger-test",
    "hashing@test",
)


def document(*texts: tuple[str, dict[str, float]]) -> list[Pair]:
    return placed([said(text, tags, position=n) for n, (text, tags) in enumerate(texts)])


def texts_of(text: str, stance: Stance = Stance.COMMITMENT) -> list[str]:
    return [statement.text for statement in statements([said(text, stance=stance)])]


def test_commitments_and_principles_are_statements_and_the_rest_is_not() -> None:
    assert texts_of(
        "The Council will open a centre by 2027. The river is blue and long and cold. "
        "International law applies in cyberspace as elsewhere. Who shall pay for all of this? "
        "The meeting will take place in the large hall."
    ) == [
        "The Council will open a centre by 2027.",
        "International law applies in cyberspace as elsewhere.",
    ]


def test_items_hang_on_the_sentence_before_them() -> None:
    found = statements(
        [said("We aim to:\n- train all of the judges\n- publish what was reported to us")]
    )
    assert [statement.text for statement in found] == [
        "train all of the judges",
        "publish what was reported to us",
    ]
    assert {statement.lead for statement in found} == {"We aim to:"}
    assert {statement.commitment.modal for statement in found} == {"aim"}


def test_a_long_enumeration_is_cut_into_what_it_lists() -> None:
    text = (
        "The Union and its members focus their work in partner countries on what matters most to "
        "the people who live there, namely by supporting a national strategy for the whole of "
        "government, promoting laws against crime and the means of the courts, developing teams "
        "that respond to incidents, and raising awareness of safe behaviour among all users."
    )
    assert [one.split()[0] for one in texts_of(text)] == [
        "The",
        "promoting",
        "developing",
        "raising",
    ]


def test_statements_say_where_they_stand_and_come_once() -> None:
    pair = said(f"Trees. {REFERENCE} {REFERENCE}", position=2)
    found = statements([pair])
    assert [statement.number for statement in found] == [1, 2]
    for statement in found:
        at = statement.start - pair[0].start
        assert pair[0].text[at:].startswith(statement.text)


def test_noise_and_other_languages_hold_no_statements() -> None:
    assert texts_of(REFERENCE, Stance.NOISE) == []


def test_what_is_found_is_shown_and_so_is_what_is_not_and_what_is_beyond(encoder: Encoder) -> None:
    found = align_reference(
        "ref",
        "Reference",
        document((REFERENCE, {})),
        document(*OTHER),
        tagger(),
        encoder,
        model=MODEL,
    )
    train, crime = found.statements
    assert (train.verdict, crime.verdict) == ("matched", "not found")
    assert train.evidence[0].quote == OTHER[0][0]
    assert train.evidence[0].commitment.has_actor
    assert crime.evidence == ()
    assert crime.nearest
    assert [item.statement.text for item in found.beyond] == [OTHER[1][0]]
    assert (found.matched, found.partly, found.not_found, found.beyond_total) == (1, 0, 1, 1)
    assert found.interval[0] <= found.score <= found.interval[1]
    assert found.cautions == ("The reference has only 2 statements.",)


def test_a_document_says_all_of_itself(encoder: Encoder) -> None:
    pairs = document((REFERENCE, {CRIME: 0.9, INCIDENTS: 0.9}))
    found = align_reference("r", "R", pairs, pairs, tagger(), encoder, model=MODEL)
    assert found.not_found == 0
    assert found.beyond == ()


def test_a_document_without_prose_says_nothing_and_that_is_told(encoder: Encoder) -> None:
    other = [said("Nichts davon.", abstained="no figures for the language 'de'")]
    reference = document((REFERENCE, {}))
    found = align_reference("r", "R", reference, other, tagger(), encoder, model=MODEL)
    assert found.not_found == 2
    assert any("no prose" in caution for caution in found.cautions)


def test_another_model_than_was_fitted_is_told(encoder: Encoder) -> None:
    pairs = document((REFERENCE, {}))
    other = replace(MODEL, tagger="tagger-other")
    found = align_reference("r", "R", pairs, pairs, tagger(), encoder, model=other)
    assert any("fitted with tagger-other" in caution for caution in found.cautions)


def test_a_reference_without_statements_is_refused(encoder: Encoder) -> None:
    with pytest.raises(InputError, match="no sentence of it"):
        align_reference("r", "R", document(OTHER[2]), [], tagger(), encoder)
