"""How markings of commitments are compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.commitment_rows import (
    ROLES,
    CommitmentRow,
    Marked,
    digest,
    page_text,
    read_commitments,
)
from evaluation.commitments import measure
from evaluation.commitments_score import WHOLE, compare, figures
from miner.errors import InputError
from miner.taxonomy import Stance

TEXT = "The Council will adopt a law by 2030. The Council will train judges of all courts."


def marked(modal: str = "plan", **words: str) -> Marked:
    spans = {role: (TEXT.index(w), TEXT.index(w) + len(w)) for role, w in words.items()}
    return Marked(modal, spans)


LAW = marked(actor="The Council", action="adopt", object="a law", deadline="by 2030")
JUDGES = marked(action="train", object="judges of all courts")


def test_what_is_the_same_is_all_right() -> None:
    counts = compare(TEXT, [LAW, JUDGES], [LAW, JUDGES])
    assert counts.right == counts.given == counts.wanted
    assert counts.right[WHOLE] == 2


def test_roles_of_what_is_missed_or_too_much_count() -> None:
    counts = compare(TEXT, [LAW, JUDGES], [LAW])
    assert (counts.right["object"], counts.given["object"], counts.wanted["object"]) == (1, 1, 2)
    counts = compare(TEXT, [], [LAW])
    assert (counts.right["deadline"], counts.given["deadline"]) == (0, 1)


def test_half_of_the_words_is_enough() -> None:
    short = marked(action="train", object="judges")
    near = marked(action="train", object="judges of all")
    assert compare(TEXT, [JUDGES], [near]).right["object"] == 1
    assert compare(TEXT, [JUDGES], [short]).right["object"] == 0
    assert compare(TEXT, [JUDGES], [short]).right[WHOLE] == 1


def test_an_actor_may_be_named_elsewhere() -> None:
    second = TEXT.rindex("The Council")
    other = Marked("plan", {**LAW.spans, "actor": (second, second + len("The Council"))})
    assert compare(TEXT, [LAW], [other]).right["actor"] == 1


def test_the_class_is_compared() -> None:
    firm = Marked("duty", LAW.spans)
    counts = compare(TEXT, [LAW], [firm])
    assert (counts.right["modal class"], counts.right[WHOLE]) == (0, 1)


def test_behind_four_of_the_reader_nothing_is_counted() -> None:
    words = ("The", "Council", "will", "adopt")
    four = [marked(action=word) for word in words]
    counts = compare(TEXT, four, [*four, JUDGES])
    assert counts.given[WHOLE] == 4


def test_figures_have_intervals_and_n() -> None:
    rows = [
        CommitmentRow(str(n), f"source {n}", TEXT, Stance.COMMITMENT, "drawn", {}) for n in range(4)
    ]
    counts = [compare(TEXT, [LAW, JUDGES], [LAW] if n % 2 else [LAW, JUDGES]) for n in range(4)]
    found = figures(rows, counts)[WHOLE]
    assert found.precision.value == 1
    assert found.recall.value == pytest.approx(6 / 8)
    assert (found.recall.n, found.precision.n) == (8, 6)
    assert found.recall.low < found.recall.value < found.recall.high


def test_measure_reads_with_the_extractor() -> None:
    law = Marked("plan", {**LAW.spans, "modal": (TEXT.index("will"), TEXT.index("will") + 4)})
    rows = [
        CommitmentRow(
            f"r{n}", f"s{n}", TEXT, Stance.COMMITMENT, "drawn",
            {"A": (law, JUDGES), "B": (law, JUDGES)},
        )
        for n in range(2)
    ]  # fmt: skip
    answer = measure(rows, "test")
    assert answer.passages == 2
    assert answer.extractor[WHOLE].f1.value == 1
    assert answer.extractor["deadline"].f1.value == 1
    assert answer.readers[WHOLE].f1.value == 1


def test_the_shipped_readings_fit_the_corpus(shared: Path) -> None:
    rows = read_commitments(shared / "corpus")
    assert len(rows) >= 100
    assert {row.half for row in rows} == {"dev", "test"}
    assert all({"A", "B"} <= set(row.readings) for row in rows)
    for row in rows:
        for marks in row.readings.values():
            assert len(marks) <= 4
            for one in marks:
                assert set(one.spans) <= set(ROLES)
                assert all(row.text[start:end].strip() for start, end in one.spans.values())


def test_the_readings_hold_no_text() -> None:
    from evaluation import commitment_rows

    for row in commitment_rows._shipped():
        words = [piece for piece in row["pieces"] if isinstance(piece, str)]
        assert len("".join(words).strip()) <= 40
        assert "text" not in row


def test_a_missing_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_commitments(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        page_text(tmp_path / "none.pdf", 1, 1)
    assert len(digest("x")) == 64
