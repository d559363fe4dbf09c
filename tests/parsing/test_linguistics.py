from __future__ import annotations

import time

import pytest

from miner.linguistics import analyse, sentences


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ["The U.S. acts.", "It works with Dr. Smith et al. on this (see Fig. 3).", "Why?"]),
        ("en", ["Art. 5 and No. 7 apply.", "“They must.”", "The cost is 3.5 million."]),
        ("en", ["This is so.12", "The next one is here, e.g. with J. R. Smith."]),
        ("en", ["It grew, etc.", "The rest did not."]),
        ("de", ["Das gilt z.B. für Nr. 4 der Liste.", "Danach folgt Abs. 2."]),
        ("fr", ["Voir p. ex. l'art. 3 du code.", "M. Martin est d'accord."]),
        ("ru", ["Это г. Москва и т.д. по списку.", "Далее идёт п. 5."]),
        ("ar", ["هل هذا صحيح؟", "نعم، هذا صحيح."]),
    ],
)
def test_sentences(language: str, parts: list[str]) -> None:
    text = " ".join(parts)
    assert [text[start:end] for start, end in sentences(text, language)] == parts


def test_lines_end_sentences() -> None:
    text = "We will:\n• protect networks;\n• train people."
    found = [text[start:end] for start, end in sentences(text)]
    assert found == ["We will:", "• protect networks;", "• train people."]


def test_numbers_of_paragraphs_are_no_sentences() -> None:
    assert len(sentences("12. The delegation agreed. 13. It left.")) in (2, 3)
    assert sentences("12. The delegation agreed.") == [(0, 26)]
    assert sentences("") == []


def test_speed() -> None:
    text = "The government will act on this plan, and report to parliament, in time. " * 4000
    begin = time.process_time()
    sentences(text)
    assert len(text.split()) / (time.process_time() - begin) > 100_000


def test_full_pipeline() -> None:
    doc = next(analyse(["The ministry will protect critical infrastructure by 2020."]))
    assert [token.lemma_ for token in doc if token.dep_ == "ROOT"] == ["protect"]
