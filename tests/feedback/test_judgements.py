"""Passages after the decisions of analysts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from feedback_helpers import SCHOOL, TEAM, said, tagged

from miner.evidence import Evidence
from miner.feedback import Judgements, Verdict, training_rows
from miner.tagging.tag import TaggedPassage
from miner.taxonomy import Stance, codebook

INCIDENT, LAW, WOMEN = (
    "dim.incident_management", "dim.legal_criminal_justice", "prin.gender_sensitive",
)  # fmt: skip


def after(tags: TaggedPassage, *decisions: object, text: str = TEAM) -> TaggedPassage:
    return Judgements.of(decisions).tagged(text, tags)  # type: ignore[arg-type]


def by(tags: TaggedPassage) -> dict[str, str]:
    return {tag.concept: tag.by for tag in tags.decided}


def test_an_added_concept_holds_and_shows_the_words_quoted() -> None:
    found = after(tagged(INCIDENT), said(Verdict.ADD, LAW, quote="national response"))
    assert by(found) == {INCIDENT: "head", LAW: "analyst"}
    tag = next(tag for tag in found.tags if tag.concept == LAW)
    assert tag.probability == 1.0
    (words,) = tag.evidence
    assert TEAM[words.start : words.end] == words.quote == "national response"
    assert [tag.concept for tag in found.tags] == list(codebook())


def test_an_accepted_concept_keeps_the_models_evidence() -> None:
    found = after(tagged(INCIDENT), said(Verdict.ACCEPT, INCIDENT))
    assert by(found) == {INCIDENT: "analyst"}
    assert found.decided[0].evidence == (Evidence(0, 3, "..."),)


def test_a_rejected_concept_does_not_hold() -> None:
    found = after(tagged(INCIDENT, LAW), said(Verdict.REJECT, INCIDENT))
    assert by(found) == {LAW: "head"}
    tag = next(tag for tag in found.tags if tag.concept == INCIDENT)
    assert (tag.probability, tag.by) == (0.0, "analyst")
    assert tag.evidence, "what the model rested on can still be looked at"


def test_the_last_decision_counts_and_can_be_withdrawn() -> None:
    first, second = said(Verdict.REJECT, INCIDENT), said(Verdict.ACCEPT, INCIDENT, who="B")
    assert by(after(tagged(INCIDENT), first, second)) == {INCIDENT: "analyst"}
    back = said(Verdict.WITHDRAW, INCIDENT)
    assert after(tagged(INCIDENT), first, back) == tagged(INCIDENT)


def test_a_stance_is_corrected() -> None:
    found = after(tagged(INCIDENT), said(Verdict.STANCE, stance="in_place"))
    assert (found.stance.label, found.stance.by) == (Stance.IN_PLACE, "analyst")
    assert not found.stance.evidence  # "will" is no word of a measure
    assert by(found) == {INCIDENT: "head"}


def test_what_an_analyst_calls_noise_carries_nothing_of_the_models() -> None:
    found = after(tagged(INCIDENT), said(Verdict.STANCE, stance="noise"))
    assert not found.decided


def test_a_concept_found_in_what_the_model_took_for_noise_counts() -> None:
    found = after(tagged(stance=Stance.NOISE), said(Verdict.ADD, LAW))
    assert by(found) == {LAW: "analyst"}
    assert found.stance.label is Stance.DESCRIPTIVE


def test_a_passage_in_another_language_counts_once_an_analyst_read_it() -> None:
    silent = tagged(INCIDENT, abstained="no figures for the language 'fr'")
    found = after(silent, said(Verdict.ADD, LAW))
    assert found.abstained is None
    assert by(found) == {LAW: "analyst"}
    model = next(tag for tag in found.tags if tag.concept == INCIDENT)
    assert model.probability == 0.0, "the model has no figures here"
    assert after(silent, said(Verdict.REJECT, LAW)).abstained is not None


def test_decisions_are_about_the_words() -> None:
    assert after(tagged(LAW), said(Verdict.REJECT, LAW), text=SCHOOL) == tagged(LAW)


def test_rows_hold_what_was_said_and_nothing_else() -> None:
    (row,) = training_rows(
        [
            said(Verdict.ACCEPT, INCIDENT),
            said(Verdict.REJECT, LAW, comment="no crime"),
            said(Verdict.STANCE, stance="in_place"),
        ]
    )
    assert row["concepts"] == [INCIDENT]
    assert set(row["undecided"]) == set(codebook()) - {INCIDENT, LAW}
    assert (row["stance"], row["text"]) == ("in_place", TEAM)
    assert row["decisions"][1] == {
        "verdict": "reject", "concept": LAW, "comment": "no crime", "who": "A",
        "at": "2026-01-01T00:00:00+00:00", "model": "tagger-old",
    }  # fmt: skip


def test_what_analysts_differ_on_is_undecided() -> None:
    rows = list(
        training_rows(
            [
                said(Verdict.ACCEPT, INCIDENT, who="A"),
                said(Verdict.REJECT, INCIDENT, who="B"),
                said(Verdict.ADD, WOMEN, who="A"),
                said(Verdict.ADD, WOMEN, who="B"),
            ]
        )
    )
    assert rows[0]["concepts"] == [WOMEN]
    assert INCIDENT in rows[0]["undecided"]


@pytest.mark.parametrize("verdict", [Verdict.ACCEPT, Verdict.REJECT])
def test_what_was_withdrawn_is_no_label(verdict: Verdict) -> None:
    made = [said(verdict, INCIDENT), said(Verdict.WITHDRAW, INCIDENT, who="B")]
    assert list(training_rows(made)) == []
    later = replace(said(Verdict.ADD, LAW), content="other", text=SCHOOL)
    assert [row["text"] for row in training_rows([*made, later])] == [SCHOOL]
