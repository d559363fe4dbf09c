"""Rows of tables: cells mapped to action, actor, deadline and resource."""

from __future__ import annotations

from miner.commitments import Source, extract
from miner.commitments.commitment import Commitment
from miner.commitments.rows import rows
from miner.taxonomy import Stance


def _read(text: str) -> list[Commitment]:
    return list(next(iter(extract([Source("d", "p", text, Stance.COMMITMENT)])))[1])


def _words(one: Commitment, role: str) -> str | None:
    span = getattr(one, role)
    return None if span is None else span.quote


_TABLE = """No | Activity | Expected outcome | Responsible | Deadline | Budget
1. | Draft the cyber security law | Law adopted | Ministry of Interior | December 2018 | EUR 20,000
2. | Training of judges and prosecutors | Skills | Judicial Academy, Police | ongoing | -"""


def test_a_heading_says_what_the_columns_hold() -> None:
    first, second = _read(_TABLE)
    assert _words(first, "action") == "Draft"
    assert _words(first, "object") == "the cyber security law"
    assert _words(first, "actor") == "Ministry of Interior"
    assert first.deadline is not None
    assert first.deadline.due == "2018-12"
    assert _words(first, "resource") == "EUR 20,000"
    assert first.sentence.quote.endswith("EUR 20,000")
    assert first.strength.has_actor
    assert first.strength.has_deadline
    assert _words(second, "actor") == "Judicial Academy, Police"
    assert second.deadline is None, "'ongoing' says nothing of when"


def test_without_a_heading_cells_are_read_by_content() -> None:
    first, second = _read(
        "1.1 | Develop a national crypto policy | BSI | by mid 2019\n"
        "1.2 | Set up a register of operators | Ministry of Transport | 2020"
    )
    assert [_words(first, role) for role in ("actor", "deadline")] == ["BSI", "by mid 2019"]
    assert [_words(second, role) for role in ("actor", "deadline")] == [
        "Ministry of Transport",
        "2020",
    ]


def test_other_tables_and_prose_are_left_alone() -> None:
    assert rows("Sector | Subsector | Type of entity\nPostal | Providers | Undertakings") == []
    assert rows("The Ministry will act by 2020.\nIt will report.") == []
    assert rows("a | " * 500) == []


def test_a_label_on_a_line_of_its_own_is_a_field() -> None:
    (one,) = _read(
        "The Agency will build a laboratory.\n\nImplementation period\n\nFrom 2027 to 2031"
    )
    assert one.deadline is not None
    assert one.deadline.due == "2031"


def test_a_time_between_modal_and_verb() -> None:
    (one,) = _read("The Agency shall, no later than 30 June 2021, submit a report on its work.")
    assert one.strength.modal == "duty"
    assert one.deadline is not None
    assert one.deadline.due == "2021-06-30"


def test_the_year_of_a_text_is_no_deadline() -> None:
    (one,) = _read("The Ministry will present the strategy for 2012-2017.")
    assert one.deadline is None


def test_items_whose_bullets_were_lost_are_parted() -> None:
    found = _read("Increasing exports by 20% Raising the number of subscribers by 2015")
    assert [_words(one, "action") for one in found] == ["Increasing", "Raising"]
    assert [one.deadline is not None for one in found] == [False, True]


def test_words_in_front_of_an_actor_are_not_its_name() -> None:
    (one,) = _read("Aware of the risks, the Cyber Security Board will adopt a plan.")
    assert _words(one, "actor") == "the Cyber Security Board"
