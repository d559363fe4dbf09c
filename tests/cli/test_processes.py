"""The entry point in processes of its own: pipes, signals, and nothing odd on stderr."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import Request, urlopen

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


def test_a_served_store_is_open_to_others(started: Started, own: Path, documents: Path) -> None:
    """Commands ask the process that serves, and what they store is served."""
    with started("list", "--store", own, "--json") as run:
        known = json.loads(run.communicate(timeout=60)[0])
    (fresh := own.parent / "fresh.md").write_text(
        "# Plan\n\nThe Ministry of Ports will open a school for harbour pilots by 2031. " * 5
    )
    with started("serve", "--port", "0", "--store", own) as server:
        try:
            assert server.stderr is not None
            address = ""
            for line in server.stderr:
                address = line.strip() if line.startswith("http") else address
                if "startup complete" in line:
                    break
            with started("search", "incident", "--store", own, "--json") as other:
                out, err = other.communicate(timeout=60)
            assert (other.returncode, err) == (0, "")
            assert json.loads(out)["hits"]
            with started("ingest", fresh, "--store", own, "--json") as other:
                out, err = other.communicate(timeout=60)
            assert other.returncode == 0, err
            (taken,) = json.loads(out)["outcomes"]
            asked = address.replace("/docs", "/v1/search?q=harbour+pilots&facets=document")
            with urlopen(asked) as answer:
                served = json.load(answer)
            assert served["hits"][0]["document"] == taken["document"]
            assert served["total"] == sum(d["passages"] for d in known["documents"]) + 1
            with started("delete", taken["document"], "--store", own) as other:
                assert other.wait(60) == 0
            with urlopen(asked) as answer:
                assert json.load(answer)["total"] == served["total"] - 1
        finally:
            server.send_signal(signal.SIGINT)
            rest = server.stderr.read() if server.stderr else ""
    assert server.returncode == 0
    assert "Traceback" not in rest


_FILE = 'Content-Disposition: form-data; name="file"; filename="a.md"'


def test_an_upload_is_taken_in_by_a_process_that_steps_back(started: Started, own: Path) -> None:
    with started("serve", "--port", "0", "--store", own) as server:
        try:
            assert server.stderr is not None
            address = next(line.strip() for line in server.stderr if line.startswith("http"))
            for line in server.stderr:
                if "startup complete" in line:
                    break
            text = "The Ministry of Ports will open a school for harbour pilots by 2031. " * 5
            sent = Request(
                address.replace("/docs", "/v1/documents"),
                data=f"--b\r\n{_FILE}\r\n\r\n{text}\r\n--b--\r\n".encode(),
                headers={"Content-Type": "multipart/form-data; boundary=b"},
            )
            with urlopen(sent) as answer:
                job = json.load(answer)
            until = time.monotonic() + 60
            while job["state"] in ("queued", "running") and time.monotonic() < until:
                time.sleep(0.1)
                with urlopen(address.replace("/docs", f"/v1/jobs/{job['id']}")) as answer:
                    job = json.load(answer)
            assert (job["state"], job["outcome"]) == ("done", "added")
            # Children are listed with the thread that started them.
            lists = Path(f"/proc/{server.pid}/task").glob("*/children")
            stats = [
                Path(f"/proc/{c}/stat").read_text() for p in lists for c in p.read_text().split()
            ]
            niceness = {stat.rpartition(")")[2].split()[16] for stat in stats}
            assert "10" in niceness
        finally:
            server.send_signal(signal.SIGINT)
            rest = server.stderr.read() if server.stderr else ""
    assert server.returncode == 0
    assert "Traceback" not in rest
