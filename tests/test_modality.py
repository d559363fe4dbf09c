"""The words that bind: what is shown for a passage's stance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miner.modality.binding import binding
from miner.taxonomy import Stance


@pytest.mark.parametrize(
    ("text", "stance", "quotes"),
    [
        ("The Ministry shall report by May. It will publish it.", "commitment", ["shall", "will"]),
        ("• Establish a national CERT • Training of judges", "commitment", ["Establish"]),
        ("The Agency aims to open a laboratory.", "commitment", ["aims to"]),
        ("The Government has adopted a law and will amend it.", "in_place", ["has adopted"]),
        ("The Government has adopted a law and will amend it.", "commitment", ["will"]),
        ("The Agency operates a register.", "in_place", ["operates"]),
        ("The Ministry shall report by May.", "descriptive", []),
        ("The Ministry shall report by May.", "noise", []),
        ("Threats are many.", "commitment", []),
        ("", "commitment", []),
    ],
)
def test_the_words_are_those_of_the_stance(text: str, stance: str, quotes: list[str]) -> None:
    assert [found.quote for found in binding(text, Stance(stance))] == quotes


def test_attackers_promise_nothing() -> None:
    text = "Attacks will grow. The Council will meet."
    assert [found.start for found in binding(text, Stance.COMMITMENT)] == [text.rindex("will")]


def test_an_item_shows_its_verb_without_its_mark() -> None:
    text = "Action 3.1: to develop skills"
    (found,) = binding(text, Stance.COMMITMENT)
    assert found.quote == "develop"


def test_a_letter_that_grows_when_small_moves_no_span() -> None:
    (found,) = binding("İzmir and İstanbul shall report.", Stance.COMMITMENT)
    assert found.quote == "shall"


def test_a_long_text_is_read_to_its_limit() -> None:
    sentence = "The Council shall meet. "
    found = binding(sentence * 1000, Stance.COMMITMENT)
    assert 0 < len(found) < 1000


@given(
    st.lists(
        st.sampled_from(
            [
                "The Ministry shall act. ",
                "• Establish İ\n",
                "It was adopted",
                " \x00",
                "é: ",
                "1.2 ",
            ]
        )
    ),
    st.sampled_from(list(Stance)),
)
def test_quotes_are_spans_in_order(parts: list[str], stance: Stance) -> None:
    text = "".join(parts)
    found = binding(text, stance)
    assert all(text[one.start : one.end] == one.quote != "" for one in found)
    ends = [one.end for one in found]
    assert ends == sorted(ends)
