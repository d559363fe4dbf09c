"""`miner frameworks`, `corpus`, `doctor`, `serve` and `train`, and what all commands share."""

from __future__ import annotations

import socket
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest
import typer
from cli_helpers import Miner

from miner.settings import Settings
from miner.store import Store
from miner.taxonomy import frameworks
from service.cli.app import COMMANDS, app_of
from service.cli.guard import Guard


def test_frameworks_are_listed_with_their_concepts(miner: Miner) -> None:
    found = miner("frameworks", "--json").json["frameworks"]
    assert [row["framework"]["id"] for row in found] == list(frameworks())
    assert all(len(row["version"]) == 12 for row in found)
    shown = miner("frameworks").out
    assert "cyber-resilience (28 concepts" in shown
    assert shown.count("dim.incident_management") == 2


def test_the_catalogue_is_listed(miner: Miner) -> None:
    every = miner("corpus", "list", "--json").json
    assert every["total"] == len(every["entries"]) > 100
    some = miner("corpus", "list", "--country", "Singapore", "--domain", "cyber", "--json").json
    assert 0 < some["total"] < 20
    assert {row["country_code"] for row in some["entries"]} == {"SGP"}
    name = some["entries"][0]["id"]
    one = miner("corpus", "list", name)
    assert one.out.splitlines()[0].split()[0 if one.out[0] != "-" else 1] == name
    assert one.out.splitlines()[1].startswith("1 entries")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["corpus", "list", "none"], "catalogue entry 'none'"),
        (["corpus", "fetch", "none", "--to", "f"], "catalogue entry 'none'"),
        (["corpus", "list", "--country", "Singapoor"], "country 'Singapoor'"),
        (["corpus", "list", "--domain", "cheese"], "domain 'cheese'"),
    ],
)
def test_what_the_catalogue_does_not_hold_is_named(
    miner: Miner, tmp_path: Path, arguments: list[str], named: str
) -> None:
    ran = miner(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert f"error: {named}" in ran.err
    assert list(tmp_path.iterdir()) == []


def checks(found: Any) -> dict[str, Any]:
    return {check["name"]: check for check in found["checks"]}


def test_doctor_finds_all_in_order(miner: Miner) -> None:
    ran = miner("doctor", "--json")
    found = checks(ran.json)
    needed = [check for check in found.values() if check["needed"]]
    assert all(check["ok"] for check in needed), needed
    assert ran.code == 0
    assert "4 documents" in found["store"]["detail"]
    assert "ok      store: " in miner("doctor").out


def test_doctor_makes_no_store(miner: Miner, tmp_path: Path) -> None:
    ran = miner("doctor", "--store", tmp_path / "none")
    assert ran.code == 0
    assert "is not there yet" in ran.out
    assert not (tmp_path / "none").exists()


def test_doctor_finds_a_store_in_use_to_be_well(miner: Miner, own: Path) -> None:
    from service.workspace import SharedEncoder

    shared = SharedEncoder.of(Settings())
    with Store.open(Settings(store=own), shared.id, shared.dimension):
        ran = miner("doctor", "--store", own)
    assert ran.code == 0
    assert "passages (embedded Qdrant Edge, in use by another process)" in ran.out


def test_doctor_says_what_is_missing(miner: Miner, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        if name == "spacy":
            raise PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr("service.cli.doctor.version", missing)
    ran = miner("doctor")
    assert ran.code == 1
    assert "MISSING spacy: not installed: pip install spacy" in ran.out
    assert miner("doctor", MINER_MODEL="package:none").code == 1


def test_serve_names_an_address_that_is_taken(miner: Miner, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = miner("serve", "--port", port, "--store", tmp_path / "s")
    assert ran.code == 2
    assert f"error: 127.0.0.1:{port}: cannot listen there" in ran.err
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--dev", "gone.jsonl"], "gone.jsonl"),
        (["--dev", "bad.jsonl"], "bad.jsonl, line 1"),
        (["--dev", "good.jsonl", "--corpus", "gone"], "gone/"),
    ],
)
def test_train_names_what_it_cannot_use(
    miner: Miner, tmp_path: Path, arguments: list[str], named: str
) -> None:
    (tmp_path / "bad.jsonl").write_text("{}\n")
    (tmp_path / "good.jsonl").write_text('{"id": 1, "text": "a", "concepts": []}\n')
    ran = miner("train", *arguments, "--output", "model")
    assert (ran.code, ran.out) == (2, "")
    assert f"error: {named}" in ran.err
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["nonsense"], ["search"], ["search", "a", "--limit", "0"], ["search", "a", "--colour"],
        ["ingest"], ["ingest", "a", "--workers", "many"], ["serve", "--port", "70000"], ["corpus"],
        ["align", "a", "--evidence", "0"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_usage_errors_exit_with_2(miner: Miner, arguments: list[str]) -> None:
    ran = miner(*arguments)
    assert ran.code == 2
    assert "Usage" in ran.out + ran.err


def test_help_exits_with_0(miner: Miner) -> None:
    ran = miner("--help")
    assert ran.code == 0
    for name in COMMANDS:
        assert name in ran.out


@pytest.mark.parametrize(
    ("raised", "message"),
    [
        (PermissionError(13, "Permission denied", "/a/b"), "/a/b: permission denied."),
        (OSError(28, "No space left on device"), "the output: no space left on device."),
        (ZeroDivisionError("division by zero"), "an unforeseen error (division by zero)."),
        (MemoryError(), "MemoryError at "),
    ],
)
def test_whatever_goes_wrong_is_one_message(
    raised: Exception, message: str, miner: Miner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise raised

    monkeypatch.setattr("service.cli.frameworks.frameworks", broken)
    ran = miner("frameworks")
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert ran.err.startswith("error: ")
    assert len(ran.err.splitlines()) == 2


def test_all_commands_are_guarded() -> None:
    assert isinstance(typer.main.get_command(app_of(())), Guard)


def test_a_command_comes_alone_and_all_come_for_help() -> None:
    everything = typer.main.get_command(app_of(["--help"]))
    assert isinstance(everything, Guard)
    assert everything.commands.keys() == COMMANDS.keys()
    for name, module in COMMANDS.items():
        alone = typer.main.get_command(app_of([name]))
        assert isinstance(alone, Guard)
        assert name in alone.commands
        assert {COMMANDS[other] for other in alone.commands} == {module}
