"""docs/cli.md names every command and every option, and none that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer

from miner.catalogue.fetch import entries
from miner.settings import Settings
from miner.taxonomy import frameworks
from service.cli import app_of

DOCS = (Path(__file__).resolve().parents[2] / "docs" / "cli.md").read_text("utf-8")
_OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*|-[a-z](?![\w-]))")


def commands(group: Any = None, path: str = "miner") -> Iterator[tuple[str, Any]]:
    group = group or typer.main.get_command(app_of(()))
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = dict(commands())


def sections() -> dict[str, str]:
    parts = re.split(r"^## (.+)$", DOCS, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def options(command: Any) -> set[str]:
    return {
        option
        for parameter in command.params
        if parameter.param_type_name == "option"
        for option in (*parameter.opts, *parameter.secondary_opts)
    } - {"--help"}


def test_there_are_commands() -> None:
    assert len(COMMANDS) > 20
    assert "miner corpus fetch" in COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_documented_with_all_its_options(name: str) -> None:
    section = sections()[name]
    rows = "\n".join(line for line in section.splitlines() if line.startswith("| `-"))
    named = set(_OPTION.findall(re.sub(r"\|[^|]*\|$", "|", rows, flags=re.MULTILINE)))
    assert named == options(COMMANDS[name])


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_use_options_that_there_are(name: str) -> None:
    known = options(COMMANDS[name])
    lines = [line for line in DOCS.splitlines() if line.startswith(f"$ {name} ")]
    for line in lines:
        assert set(_OPTION.findall(line.split("|")[0])) <= known


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help_and_so_has_each_of_its_options(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    assert all(getattr(parameter, "help", "") for parameter in command.params)


def test_no_section_is_of_a_command_that_there_is_not() -> None:
    named = {title for title in sections() if title.startswith("miner ")}
    assert named == set(COMMANDS)


def test_settings_are_documented() -> None:
    for field in fields(Settings):
        name = field.name.upper()
        assert f"`{name if name.startswith('QDRANT') else f'MINER_{name}'}`" in DOCS


def test_choices_are_documented() -> None:
    domains = {entry.domain for entry in entries()}
    assert all(f"`{domain}`" in sections()["miner corpus list"] for domain in domains)
    assert next(iter(frameworks())) in sections()["miner align"]
