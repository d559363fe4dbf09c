"""The strength of a passage from its words."""

from __future__ import annotations

import re

import pytest

from miner.commitments import Strength, grade, strength
from miner.commitments.grammar import grammar
from miner.modality.lexicon import MEASURES, PROMISES, lexicon
from miner.taxonomy import Stance


def of(text: str, stance: Stance = Stance.COMMITMENT) -> Strength:
    return strength(text, stance)


def test_the_order_of_firmness() -> None:
    duty = of("The Ministry of Ports shall set up a response team by the end of 2030.")
    plan = of("The Ministry of Ports will set up a response team by the end of 2030.")
    named = of("The Ministry of Ports will set up a response team.")
    bare = of("A response team will be set up.")
    aim = of("The Ministry of Ports should set up a response team by 2030 with EUR 2 million.")
    hope = of("The Ministry of Ports hopes to set up a response team by 2030.")
    values = [one.value for one in (duty, plan, named, bare, aim, hope)]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == len(values)
    assert hope.value > 0


def test_every_plan_is_above_every_aim_and_that_above_every_aspiration() -> None:
    all_named = {"actor": True, "deadline": True, "resource": True}
    assert grade("duty", **all_named).value == 1.0
    assert grade("plan").value > grade("aim", **all_named).value
    assert grade("aim").value > grade("aspiration", **all_named).value
    assert all(grade(name).value > grade("aim").value for name in MEASURES)


def test_parts_are_told() -> None:
    found = of("CERT-CV will receive EUR 3 million from the state budget by June 2031.")
    assert (found.modal, found.has_actor, found.has_deadline, found.has_resource) == (
        "plan", True, True, True,
    )  # fmt: skip
    assert found.rule == lexicon().version


@pytest.mark.parametrize(
    ("text", "modal", "actor"),
    [
        ("The team is to be set up by the Ministry of Ports.", "duty", True),
        ("Operators are required to report incidents.", "duty", True),
        ("The Council will seek to adopt a law.", "aim", True),
        ("The objective is to adopt a law on networks.", "aim", False),
        ("Establish a national team.", "plan", False),
        ("2.3. Creation of a register of networks.", "plan", False),
        ("Exercise the plan. Lead: Civil Protection Service. Deadline: March 2030.", "plan", True),
        ("The Council will:\n• adopt a law;\n• train judges.", "plan", True),
    ],
)
def test_classes(text: str, modal: str, actor: bool) -> None:
    found = of(text)
    assert (found.modal, found.has_actor) == (modal, actor)


def test_fields_give_deadline() -> None:
    found = of("Exercise the plan. Lead: Civil Protection Service. Deadline: March 2030.")
    assert found.has_deadline


def test_measures_count_by_completed_and_operating() -> None:
    done = of("The law was adopted by Parliament in 2012.", Stance.IN_PLACE)
    runs = of("The Centre operates a register of networks.", Stance.IN_PLACE)
    assert done.modal == "completed"
    assert runs.modal == "operating"


def test_description_and_noise_have_none() -> None:
    text = "The Ministry shall set up a team by 2030."
    assert of(text, Stance.DESCRIPTIVE).value == 0
    assert of(text, Stance.NOISE).modal == "none"


def test_a_forecast_is_no_plan() -> None:
    assert of("The number of devices will continue to grow.").modal == "unmarked"


@pytest.mark.parametrize(
    "text", ["", " \n ", "•", "will", "\x00\ud7ff", "İ shall ſet", "a" * 90_000]
)
def test_odd_texts(text: str) -> None:
    assert 0 <= of(text).value <= 1


def test_the_data_are_whole() -> None:
    words = lexicon()
    assert sum(words.parts.values()) == pytest.approx(1)
    assert all(0 <= low < high <= 1 for low, high in words.ranges.values())
    assert set(words.ranges) == {*PROMISES, *MEASURES}
    assert re.fullmatch(r"\d+", words.version)
    lemmas = grammar()
    assert "will" in lemmas.modals
    assert not lemmas.people & {""}
