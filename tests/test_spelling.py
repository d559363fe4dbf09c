"""Spelling: both ways of writing a word have one root, and only they."""

import pytest

from miner import lexical, spelling


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("organization", "organisations"),
        ("cyber defense", "cyberdefence"),
        ("programs", "programme"),
        ("prioritized", "prioritise"),
        ("behavioral", "behavioural"),
        ("labeled", "labelling"),
        ("centers", "centre"),
        ("co-operation", "cooperation"),
        ("Cyber-security", "cybersecurity"),
        ("on-line e-mail", "online email"),
        ("multistakeholder", "multi-stakeholders"),
        ("children's", "child"),
        ("crises", "crisis"),
        ("criteria", "criterion"),
        ("licensing", "licence"),
    ],
)
def test_one_root(one: str, other: str) -> None:
    assert lexical.roots(one) == lexical.roots(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("size", "sise"), ("tour", "tor"), ("hour", "hor"), ("laboratory", "labour"), ("e", "email")],
)
def test_two_roots(one: str, other: str) -> None:
    assert lexical.roots(one) != lexical.roots(other)


def test_other_languages_keep_their_own_stems() -> None:
    assert lexical.roots("organisations de défense", "fr") == lexical.stems(
        "organisations de défense", "fr"
    )
    assert lexical.roots("cybersécurité", "fr") == lexical.stems("cybersécurité", "fr")


def test_the_other_spellings_of_a_word() -> None:
    assert spelling.other_spellings("defence") == {"defense"}
    assert spelling.other_spellings("organisation") == {"organization"}
    assert spelling.other_spellings("behaviour") == {"behavior"}
    assert spelling.other_spellings("woman") == {"women"}
    assert spelling.other_spellings("harvest") == frozenset()
