"""`python -m evaluation`: the list of commands, and faults without tracebacks."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from typing import Any

import pytest

from evaluation.__main__ import COMMANDS, main


@pytest.mark.parametrize("given", [[], ["--help"], ["-h"]])
def test_commands_are_listed_with_one_line_each(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given) == 0
    printed = capsys.readouterr().out
    for name, summary in COMMANDS.items():
        assert f"  {name:12} {summary}\n" in printed


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_a_module(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = import_module(f"evaluation.{name.replace('-', '_')}")
    assert callable(module.arguments)
    assert callable(module.run)
    with pytest.raises(SystemExit) as caught:
        main([name, "--help"])
    assert caught.value.code == 0
    assert f"python -m evaluation {name}" in capsys.readouterr().out


def test_an_unknown_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tagigng"]) == 2
    assert "'tagigng'" in capsys.readouterr().err


def test_a_missing_option_ends_in_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["tagging"])
    assert caught.value.code == 2
    assert "--labelled" in capsys.readouterr().err


def test_a_broken_line_is_named_on_standard_error_without_traceback(write: Any) -> None:
    path = write("l.jsonl", '{"id": 1,')
    done = subprocess.run(
        [sys.executable, "-m", "evaluation", "tagging", "--labelled", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert f"{path}, line 1: not valid JSON" in done.stderr
    assert "Traceback" not in done.stderr
