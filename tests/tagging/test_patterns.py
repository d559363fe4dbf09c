"""Rules: what a phrase speaks for, and what it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miner.errors import InputError
from miner.tagging import data, patterns
from miner.tagging.patterns import _hints, rules
from miner.taxonomy import codebook

SPEAKS = [
    ("prin.gender_sensitive", "Scholarships for women in cyber security", "women"),
    ("prin.gender_sensitive", "a gender-balanced workforce", "gender"),
    ("norm.j_vulnerability_reporting", "coordinated vulnerability disclosure", None),
    ("norm.j_vulnerability_reporting", "a bug bounty for public sites", "bug bounty"),
    ("norm.i_supply_chain", "the security of the supply chain", "supply chain"),
    ("norm.i_supply_chain", "high-risk vendors will be excluded", "high-risk vendors"),
    ("norm.international_law", "The Charter of the United Nations applies", None),
    ("norm.international_law", "the law of armed\nconflict applies", "law of armed\nconflict"),
    ("norm.confidence_building", "the risk of unintended escalation", None),
    ("prin.international_cooperation", "the team joined FIRST in 2011", "FIRST"),
]
KEEPS_QUIET = [
    ("prin.gender_sensitive", "regardless of religion, age or gender"),
    ("prin.gender_sensitive", "the servicemen and women of the force"),
    ("norm.i_supply_chain", "food supply chains in winter"),
    ("norm.i_supply_chain", "the supply of chains"),
    ("norm.international_law", "international lawyers met"),
    ("norm.confidence_building", "confidence in the building"),
    ("norm.j_vulnerability_reporting", "the disclosure of tax records"),
    ("prin.international_cooperation", "the first step, and First of all"),
    ("prin.international_cooperation", "FIRST PILLAR: GOVERNANCE"),
]


@pytest.mark.parametrize(("concept", "text", "words"), SPEAKS)
def test_a_phrase_speaks_for_its_concept(concept: str, text: str, words: str | None) -> None:
    found = rules()[concept].matches(text)
    assert found
    assert words is None or words in [item.quote for item in found]


@pytest.mark.parametrize(("concept", "text"), KEEPS_QUIET)
def test_a_look_alike_does_not(concept: str, text: str) -> None:
    assert rules()[concept].matches(text) == ()


@pytest.mark.parametrize("text", ["multistakeholder", "multi-stakeholder", "multi stakeholder"])
def test_what_may_be_one_word_or_two_is_found_as_either(text: str) -> None:
    # The space before a question mark once stood for at least one space.
    found = rules()["prin.multi_stakeholder"].matches(f"a {text} forum")
    assert [evidence.quote for evidence in found] == [text]


def test_a_look_alike_does_not_hide_the_real_thing_beside_it() -> None:
    text = "Food supply chains are robust. The supply chain of chips is not."
    found = rules()["norm.i_supply_chain"].matches(text)
    assert [(item.start, item.quote) for item in found] == [
        (text.index("supply chain of"), "supply chain")
    ]


def test_rules_are_of_concepts_that_there_are() -> None:
    assert rules().keys() <= codebook().keys()
    assert rules()


@given(
    st.text(max_size=200), st.sampled_from([text for _, text, _ in SPEAKS]), st.text(max_size=50)
)
def test_matches_are_spans_of_any_text(before: str, phrase: str, after: str) -> None:
    text = before + phrase + after
    for rule in rules().values():
        for item in rule.matches(text):
            assert text[item.start : item.end] == item.quote != ""


def test_a_broken_pattern_names_its_concept() -> None:
    with pytest.raises(InputError, match=r"patterns of dim\.x"):
        patterns._compiled("dim.x", ["(unclosed"])


def test_a_rule_that_looks_for_letters_first_finds_what_it_finds_without() -> None:
    """Hints save time and change nothing."""
    for rule in rules().values():
        plain = replace(rule, hints=())
        for example in data.written()[::7]:
            assert rule.matches(example.text) == plain.matches(example.text), rule.concept


@pytest.mark.parametrize(
    ("phrases", "hints"),
    [
        (["bug bount(?:y|ies)", "girls?"], ("bount", "girl")),
        (["(?:inter)?national (?:law|treat(?:y|ies))"], ("national",)),
        (["(?:courts?|judges?) (?:of )?"], ("court", "judge")),
        (["rights(?! of way)"], ("rights",)),
        (["(?-i:FIRST(?! [A-Z]{2}))", "(?-imsx:ABC)"], ("abc", "first")),
        (["wom[ae]n|\\w+ists", "lawful"], ("ists", "lawful", "wom")),
        (["\\w+ \\d+", "lawful"], ()),
        (["UN", "charter"], ()),
    ],
)
def test_hints_are_letters_that_no_match_does_without(
    phrases: list[str], hints: tuple[str, ...]
) -> None:
    assert _hints(phrases) == hints
