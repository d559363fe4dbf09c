"""A store's vocabulary: what is there, and what a misspelt word was meant to be."""

from __future__ import annotations

import sqlite3

import pytest

from miner.vocabulary import Vocabulary, changes, is_english

TEXTS = (
    *("The government shall protect critical infrastructure with encryption.",) * 60,
    *("Botnets and cooperation between operations and corporations.",) * 5,
    *("Awareness of résilience.",) * 3,
    "The goverment of statutes.",
)


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE words(word TEXT PRIMARY KEY, passages INTEGER NOT NULL)")
    database.executemany(*changes(TEXTS, 1))
    database.executemany(*changes(TEXTS[:1], -1))
    return Vocabulary(lambda sql, values: database.execute(sql, values).fetchall())


def test_passages_are_counted(words: Vocabulary) -> None:
    assert words.passages(["government", "botnets", "botnet"]) == {
        "government": 59,
        "botnets": 5,
        "botnet": 0,
    }


@pytest.mark.parametrize(
    ("word", "there"),
    [("botnet", True), ("encrypted", True), ("protecting", True), ("bananas", False), ("x", False)],
)
def test_any_form_of_a_word_counts(words: Vocabulary, word: str, there: bool) -> None:
    assert words.holds(word) is there


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("critcal", "critical"),
        ("encription", "encryption"),
        ("coperation", "cooperation"),
        ("infrastrucutre", "infrastructure"),
        ("awarness", "awareness"),
        ("goverment", "government"),  # it stands there, once, and the right one 59 times
    ],
)
def test_a_slip_is_mended(words: Vocabulary, word: str, right: str) -> None:
    assert words.correction(word) == right


@pytest.mark.parametrize(
    "word",
    [
        "botnet",  # the plural is there
        "government",
        "statues",  # English, though one letter from statutes
        "criticise",  # English, in British spelling
        "xqzzkv",
        "crit",
        "27001",
        "governm3nt",
    ],
)
def test_what_is_no_slip_stays(words: Vocabulary, word: str) -> None:
    assert words.correction(word) is None


def test_english_in_both_spellings() -> None:
    assert is_english("organisation")
    assert is_english("organization")
    assert not is_english("asdfghjkl")
