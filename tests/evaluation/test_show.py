"""Figures as people read them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from evaluation import show
from evaluation.__main__ import main
from evaluation.bootstrap import Figure

UNKNOWN = Figure(math.nan, math.nan, math.nan, 0)


@pytest.mark.parametrize(
    ("value", "signed", "text"),
    [
        (0.12345, False, "0.123"),
        (0.05, True, "+0.050"),
        (-0.0001, True, "+0.000"),
        (-0.05, True, "-0.050"),
        (math.nan, False, "–"),
    ],
)
def test_numbers(value: float, signed: bool, text: str) -> None:
    assert show.number(value, signed) == text


def test_cells_have_value_and_interval() -> None:
    assert show.cell(Figure(0.5, 0.25, 0.75, 9)) == "0.500\n0.250–0.750"
    assert show.cell(Figure(0.5, math.nan, math.nan, 1)) == "0.500"
    assert show.cell(UNKNOWN) == "–"
    assert show.interval(UNKNOWN) == "–"


def test_undefined_numbers_are_null_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    show.print_json({"f1": UNKNOWN, "list": (1.0, math.inf)})
    assert json.loads(capsys.readouterr().out) == {
        "f1": {"value": None, "low": None, "high": None, "n": 0},
        "list": [1.0, None],
    }


@pytest.fixture
def as_markdown() -> Iterator[None]:
    show.use_markdown()
    yield
    show.use_markdown(False)


@pytest.mark.usefixtures("as_markdown")
def test_tables_for_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    console = show.console()
    console.print("A sentence that is longer than any table: " + 20 * "word ")
    console.print(show.table("A title", ("name", "F1"), [("a|b", "0.5\n0.4–0.6"), ("c", "–")]))
    printed = capsys.readouterr().out.splitlines()
    assert printed == [
        "A sentence that is longer than any table: " + 20 * "word ",
        "**A title**",
        "",
        "| name | F1 |",
        "| --- | ---: |",
        "| a\\|b | 0.5<br>0.4–0.6 |",
        "| c | – |",
        "",
    ]


def test_every_command_prints_for_a_page(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = show.table("", ("name",), [("a",)])
    command = SimpleNamespace(
        arguments=lambda parser: None, run=lambda _: show.console().print(table)
    )
    monkeypatch.setattr("evaluation.__main__.import_module", lambda _: command)
    assert main(["tagging", "--markdown"]) == 0
    assert capsys.readouterr().out == "| name |\n| --- |\n| a |\n\n"
    # It holds for one call.
    assert main(["tagging"]) == 0
    assert "|" not in capsys.readouterr().out
