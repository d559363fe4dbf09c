"""Which group a labelled passage is in."""

from __future__ import annotations

import pytest

from evaluation.groups import SEEN, UNSEEN, by_country_seen, by_folder, by_subject, place
from evaluation.rows import LabelledRow


def row(number: int, source: str | None = None, country: str | None = None) -> LabelledRow:
    return LabelledRow(number, "text", frozenset(), source=source, country=country)


def test_folders_of_one_subject_are_one_group() -> None:
    folders = ("zoo", "quantum_txt", "cyber_pdf", "us_nss_txt", "ncss_txt", "cyber_txt_other")
    rows = [row(at, f"{folder}/x.txt") for at, folder in enumerate(folders)] + [row(6)]
    assert by_subject(rows) == {
        "cyber": [2, 4, 5],
        "quantum": [1],
        "security strategies": [3],
        "(none)": [6],
        "zoo": [0],
    }
    assert by_folder(rows)["cyber_pdf/"] == [2]
    # Both stand in one table.
    assert not by_folder(rows).keys() & by_subject(rows).keys()


def test_countries_are_the_same_however_they_are_written() -> None:
    rows = [
        row(0, country="United States (DoD)"),
        row(1, country="USA"),
        row(2, country="Malta"),
        row(3),
        row(4, country="European Union"),
    ]
    found = by_country_seen(rows, frozenset({"USA", "EU"}))
    assert found == {SEEN: [0, 1, 4], UNSEEN: [2]}


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("GER", "DEU"),
        ("Germany", "DEU"),
        ("Brazil_2013-2015", "BRA"),
        ("Seden in Swedish", "SWE"),
        ("Lao People s Democratic Republic (LAO)", "LAO"),
        ("dominicanrepublic", "DOM"),
        ("OECD", "OECD"),
        ("Nowhere Land", "nowhere land"),
    ],
)
def test_places(written: str, known: str) -> None:
    assert place(written) == known
