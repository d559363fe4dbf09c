"""The entry point in processes of its own: pipes, signals, and nothing odd on stderr."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_helpers import read_rows

Started = Callable[..., subprocess.Popen[str]]


def test_the_installed_command_runs(tmp_path: Path) -> None:
    miner = Path(sys.executable).with_name("miner")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MINER_")}
    ran = subprocess.run(
        [miner, "list"], capture_output=True, text=True, check=False, cwd=tmp_path, env=kept
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: .miner: there is no store here.")
    assert list(tmp_path.iterdir()) == []


def test_the_module_is_the_command(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "service.cli", "frameworks", "--json"],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert ran.returncode == 0
    assert len(json.loads(ran.stdout)["frameworks"]) == 4
    assert ran.stderr == ""


@pytest.mark.parametrize(
    "arguments", [["export"], ["search", "law", "--limit", "100", "--json"], ["corpus", "list"]]
)
def test_a_reader_that_has_seen_enough(started: Started, arguments: list[str]) -> None:
    with started(*arguments) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.readline()
        run.stdout.close()
        err = run.stderr.read()
    assert run.returncode == 0
    assert "Traceback" not in err
    assert "Broken pipe" not in err
    assert "error" not in err


def test_a_full_disk_is_named(started: Started) -> None:
    with started("export", "-o", "/dev/full") as run:
        out, err = run.communicate(timeout=60)
    assert run.returncode == 2
    assert "/dev/full: no space left on device" in err
    assert out == ""


def test_other_encodings_of_the_terminal(started: Started) -> None:
    with started("search", "", "--country", "Ismora", "--json", PYTHONIOENCODING="ascii") as run:
        out, err = run.communicate(timeout=60)
    assert (run.returncode, err) == (0, "")
    assert json.loads(out)["hits"]


def test_a_killed_batch_leaves_no_half_file(started: Started, tmp_path: Path) -> None:
    text = "The State will train experts against computer crime and open schools for women. "
    rows = [{"id": n, "text": f"{n} {text * 20}"} for n in range(20_000)]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "out.jsonl").write_text("older\n")
    with started("tag", "in.jsonl", "-o", "out.jsonl") as run:
        assert run.stderr is not None
        for line in run.stderr:
            if line.startswith("1000 passages"):
                break
        run.kill()
    assert run.returncode == -signal.SIGKILL
    assert (tmp_path / "out.jsonl").read_text() == "older\n"
    # An interrupt tidies up as well.
    with started("tag", "in.jsonl", "-o", "new.jsonl") as run:
        assert run.stderr is not None
        for line in run.stderr:
            if line.startswith("1000 passages"):
                break
        run.send_signal(signal.SIGINT)
        rest = run.stderr.read()
    assert run.returncode == 130
    assert "Traceback" not in rest
    assert not (tmp_path / "new.jsonl").exists()
    assert not list(tmp_path.glob(".new.jsonl.*"))


def test_output_may_go_to_another_program(started: Started, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": 1, "text": "The State will train experts."}\n')
    with started("tag", "in.jsonl", "-o", "/dev/stdout") as run:
        out, _ = run.communicate(timeout=60)
    assert run.returncode == 0
    assert json.loads(out.splitlines()[0])["id"] == 1
    with started("tag", "in.jsonl", "-o", "out.jsonl") as run:
        run.communicate(timeout=60)
    assert [row["id"] for row in read_rows(tmp_path / "out.jsonl")] == [1]


def test_a_served_store_is_refused_to_others(started: Started, own: Path) -> None:
    with started("serve", "--port", "0", "--store", own) as server:
        try:
            assert server.stderr is not None
            for line in server.stderr:
                if "startup complete" in line:
                    break
            with started("search", "law", "--store", own) as other:
                out, err = other.communicate(timeout=60)
            assert (other.returncode, out) == (2, "")
            assert f"another process (pid {server.pid}) has this store open" in err
        finally:
            server.send_signal(signal.SIGINT)
            rest = server.stderr.read() if server.stderr else ""
    assert server.returncode == 0
    assert "Traceback" not in rest
