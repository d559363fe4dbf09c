"""Phrases that say by when."""

from __future__ import annotations

import pytest

from miner.commitments.deadline import deadlines, due
from miner.commitments.resource import resources


@pytest.mark.parametrize(
    ("phrase", "date"),
    [
        ("by 2030", "2030"),
        ("by the end of 2030", "2030-12-31"),
        ("by the end of June 2030", "2030-06-30"),
        ("before 31 January 2030", "2030-01-31"),
        ("by 31 June 2030", "2030-06"),
        ("by January 15, 2030", "2030-01-15"),
        ("no later than 1.3.2030", "2030-03-01"),
        ("31.13.2030", "2030"),
        ("in the first half of 2030", "2030-06"),
        ("Q3 2030", "2030-09"),
        ("in the period 2026-2030", "2030"),
        ("2026-30", "2030"),
        ("within 12 months", None),
    ],
)
def test_due(phrase: str, date: str | None) -> None:
    assert due(phrase) == date


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("The team will work by the end of 2030.", "by the end of 2030"),
        ("A law will follow within 18 months of its adoption.", "within 18 months of its adoption"),
        ("It will be built over the next three years.", "over the next three years"),
        ("Train judges. Deadline: March 2030.", "March 2030"),
        ("Reports are due by 31 January of each year.", "by 31 January of each year"),
        ("In the medium term a school will open.", "In the medium term"),
        ("Establish a register (2027-2030).", "2027-2030"),
    ],
)
def test_found(text: str, quote: str) -> None:
    (found,) = deadlines(text)
    assert (found.quote, text[found.start : found.end]) == (quote, quote)


@pytest.mark.parametrize(
    "text",
    [
        "The 2030 vision is bold.",
        "Monitor networks every year.",
        "The Act of 1998 and Directive 2016/1148 apply.",
        "It is done by the Ministry.",
        "2030",
    ],
)
def test_no_deadline(text: str) -> None:
    assert not list(deadlines(text))


def test_offsets_hold_where_small_letters_are_longer() -> None:
    text = "İİİ The team will open by June 2030."
    (found,) = deadlines(text)
    assert text[found.start : found.end] == "by June 2030"


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("It receives EUR 2.5 million and 12 analysts.", ["EUR 2.5 million", "12 analysts"]),
        ("A sum of €4,000,000.", ["€4,000,000"]),
        ("Paid from structural funds.", ["structural funds"]),
        (
            "It is funded by the Ministry of Ports and Roads and works.",
            ["funded by the Ministry of Ports and Roads"],
        ),
        ("Develop human resources and mineral resources.", []),
        ("There are 3 ministries and 4 million users.", []),
    ],
)
def test_resources(text: str, quotes: list[str]) -> None:
    assert [text[start:end] for start, end in resources(text)] == quotes
