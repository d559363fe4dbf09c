"""Variants of the tagger beside the whole one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evaluation import ablation
from evaluation.ablation import COLUMNS, compared, print_table, variants
from evaluation.rows import LabelledRow
from miner.tagging.tag import TaggedPassage
from miner.tagging.train import Example
from miner.taxonomy import Stance

A = "prin.ownership"
Make = Callable[..., TaggedPassage]


def rows() -> list[LabelledRow]:
    return [
        LabelledRow(i, "t", frozenset({A}), stance=list(Stance)[i % 4], source=f"g/{i // 3}")
        for i in range(12)
    ]


def test_differences_are_to_the_first_and_paired(make_tagged: Make) -> None:
    whole = [make_tagged({A: 0.9 if i % 3 else 0.1}) for i in range(12)]
    # In every document it finds one passage more: wherever documents are drawn, the same more.
    better = [make_tagged({A: 0.9}) for _ in range(12)]
    found = compared(rows(), {"whole": whole, "better": better, "same": whole})
    assert [row.name for row in found] == ["whole", "better", "same"]
    assert found[0].differences == {}
    gain = found[1].differences["micro"]
    assert gain.value == pytest.approx(1 - 2 * 8 / (2 * 8 + 4))
    assert gain.low == pytest.approx(gain.high)
    assert (gain.value, gain.n) == (
        found[1].figures["micro"].value - found[0].figures["micro"].value,
        12,
    )
    assert found[1].figures["noise"].n == 3
    assert {d.value for d in found[2].differences.values()} == {0.0}


def test_the_table_shows_differences(
    make_tagged: Make, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "116")
    whole, other = [make_tagged({A: 0.9})] * 12, [make_tagged()] * 12
    print_table(compared(rows(), {"whole": whole, "without": other}), 12)
    printed = capsys.readouterr().out
    assert "-1.000 to -1.000" in printed
    assert all(column in " ".join(printed.split()) for column in COLUMNS.values())


def test_lexical_heads_are_fitted_on_what_the_name_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def example(text: str) -> Example:
        return Example(text, frozenset(), frozenset(), None, text)

    sets = {"written": "alone", "invented": "invented", "standoff": "real"}
    for name, text in sets.items():
        monkeypatch.setattr(ablation.data, name, lambda *_, text=text: [example(text)])
    fitted: list[Any] = []
    monkeypatch.setattr(ablation, "_words_of", lambda _, given: fitted.append(given))
    told = {}
    for name, make in variants(None, tmp_path).items():  # type: ignore[arg-type]
        if name.startswith("lexical heads") and "rules" not in name:
            make()
            told[name.removeprefix("lexical heads ")] = {e.text for e in fitted.pop()}
    assert told == {
        "without passages written one by one": {"invented", "real"},
        "without passages of invented documents": {"alone", "real"},
        "without real passages": {"alone", "invented"},
        "of real passages alone": {"real"},
    }
