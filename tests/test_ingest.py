"""Ingest: what becomes of each file, and of the batch when one of them, or a kill, ends it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import stand_ins

from miner import ingest, records
from miner.catalogue.geography import Geography
from miner.catalogue.manifest import read_manifest
from miner.document import Document, Metadata
from miner.embedding import Encoder
from miner.errors import MinerError, StoreError, UnreadableDocument
from miner.index import Filter
from miner.ingest import Ingester, Outcome, collect, source_of
from miner.parsing import ParseOptions
from miner.settings import Settings
from miner.store import Store

PLAN = """Plan of {name}

1. Incidents

The Government of {name} will establish a response team for serious incidents by 2026. It shall
answer every report within one hour and shall publish statistics of them in each year.

2. Skills

The Ministry of Education will train two hundred experts every year, and schools shall teach all
pupils how to use the network in safety, with forty per cent of the places kept for women.
"""


@pytest.fixture
def store(tmp_path: Path, encoder: Encoder) -> Iterator[Store]:
    settings = Settings(store=tmp_path / "store")
    with Store.open(settings, encoder.id, encoder.dimension) as opened:
        yield opened


@pytest.fixture
def ingester(store: Store, encoder: Encoder) -> Ingester:
    return Ingester(
        store=store,
        encoder=encoder,
        tagger=stand_ins.tagger(),
        geography=Geography.shipped(),
        options=ParseOptions(ocr="off"),
        workers=0,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    for name in ("alpha", "beta", "gamma"):
        (made / f"{name}.txt").write_text(PLAN.format(name=name.title()), "utf-8")
    return made


def statuses(outcomes: list[Outcome]) -> list[str]:
    return [outcome.status for outcome in outcomes]


def held(store: Store) -> dict[str, Any]:
    """All that a store holds, but for the times."""
    return {
        item.id: (
            item.revision,
            item.sources,
            records.as_record(item.metadata),
            [records.as_record(stored.passage) for stored in store.passages(item.id)],
            [records.as_record(stored.tagged) for stored in store.passages(item.id)],
        )
        for item in store.documents()
    }


def test_files_are_added_in_their_order(ingester: Ingester, store: Store, folder: Path) -> None:
    files = collect([folder])
    found = ingester.ingest(files)
    assert statuses(found) == ["added"] * 3
    assert [outcome.source for outcome in found] == [str(path) for path in files]
    assert store.counts() == (3, sum(outcome.passages for outcome in found))
    assert store.index.count(Filter()) == store.counts()[1] > 3
    for outcome in found:
        assert outcome.document is not None
        document = store.document(outcome.document)
        for stored in store.passages(outcome.document):
            passage = stored.passage
            assert document.text[passage.start : passage.end] == passage.text


def test_unchanged_files_are_not_read_again(
    ingester: Ingester, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingester.ingest(collect([folder]))
    before = held(store)
    monkeypatch.setattr(ingest, "_parse", lambda *_: pytest.fail("was read"))
    assert statuses(ingester.ingest(collect([folder]))) == ["unchanged"] * 3
    assert held(store) == before


def test_a_file_without_text_is_refused_again_without_being_read(
    ingester: Ingester, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = folder / "scan.txt"
    scan.write_text("12 34\n\f56 78\n")
    first = ingester.ingest([scan])
    assert statuses(first) == ["refused"]
    monkeypatch.setattr(ingest, "_parse", lambda *_: pytest.fail("was read"))
    assert ingester.ingest([scan]) == first
    monkeypatch.undo()
    scan.write_text(PLAN.format(name="Delta"), "utf-8")
    assert statuses(ingester.ingest([scan])) == ["added"]


def test_a_changed_file_replaces_its_document(
    ingester: Ingester, store: Store, folder: Path
) -> None:
    ingester.ingest(collect([folder]))
    (folder / "beta.txt").write_text(PLAN.format(name="Betania"), "utf-8")
    found = ingester.ingest(collect([folder]))
    assert statuses(found) == ["unchanged", "replaced", "unchanged"]
    assert store.counts()[0] == 3
    texts = " ".join(p.passage.text for d in store.documents() for p in store.passages(d.id))
    assert "Betania" in texts
    assert "of Beta " not in texts
    assert store.index.count(Filter()) == store.counts()[1]


def test_the_same_bytes_elsewhere_are_a_duplicate(
    ingester: Ingester, store: Store, folder: Path
) -> None:
    ingester.ingest([folder / "alpha.txt"])
    shutil.copy(folder / "alpha.txt", folder / "copy.txt")
    (outcome,) = ingester.ingest([folder / "copy.txt"])
    assert outcome.status == "duplicate"
    assert outcome.warnings == (f"the same bytes as {folder / 'alpha.txt'}",)
    assert store.counts()[0] == 1
    (kept,) = store.documents()
    assert kept.sources == (str(folder / "alpha.txt"), str(folder / "copy.txt"))
    assert statuses(ingester.ingest(collect([folder])))[:1] == ["unchanged"]


def test_duplicates_within_a_batch_are_seen(ingester: Ingester, store: Store, folder: Path) -> None:
    shutil.copy(folder / "alpha.txt", folder / "alpha2.txt")
    # Workers are given files before those before them are stored.
    batch = replace(ingester, workers=1)
    assert statuses(batch.ingest(collect([folder]))) == ["added", "duplicate", "added", "added"]
    assert store.counts()[0] == 3


def test_other_metadata_make_a_new_revision(ingester: Ingester, store: Store, folder: Path) -> None:
    rows = "path\ttitle\tcountry\tyear\nalpha.txt\t{}\tEST\t2021\n"
    (folder / "manifest.tsv").write_text(rows.format("First"), "utf-8")
    one = replace(ingester, manifest=read_manifest(folder / "manifest.tsv"))
    assert statuses(one.ingest([folder / "alpha.txt"])) == ["added"]
    assert statuses(one.ingest([folder / "alpha.txt"])) == ["unchanged"]
    (folder / "manifest.tsv").write_text(rows.format("Second"), "utf-8")
    other = replace(ingester, manifest=read_manifest(folder / "manifest.tsv"))
    assert statuses(other.ingest([folder / "alpha.txt"])) == ["replaced"]
    (kept,) = store.documents()
    assert (kept.metadata.title, kept.metadata.country, kept.metadata.year) == (
        "Second", "EST", 2021,
    )  # fmt: skip
    assert kept.metadata.provenance["title"] == "manifest"


def test_bad_files_are_refused_with_cause_and_next_step(
    ingester: Ingester, store: Store, folder: Path
) -> None:
    (folder / "a-zero.txt").touch()
    (folder / "b-cut.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<<")
    (folder / "c-picture.gif").write_bytes(b"GIF89a" + bytes(50))
    found = ingester.ingest(collect([folder]))
    assert [Path(o.source).name for o in found if o.status == "refused"] == [
        "a-zero.txt", "b-cut.pdf", "c-picture.gif",
    ]  # fmt: skip
    for outcome in found:
        assert bool(outcome.problem) == bool(outcome.next_step) == (outcome.status == "refused")
        assert bool(outcome.error) == (outcome.status == "refused")
    assert store.counts()[0] == 3


def test_a_file_that_vanishes_is_refused(ingester: Ingester, folder: Path) -> None:
    files = collect([folder])
    (folder / "beta.txt").unlink()
    found = ingester.ingest(files)
    assert statuses(found) == ["added", "refused", "added"]
    assert "cannot be read" in found[1].problem


def test_a_full_disk_refuses_all_that_is_left_and_keeps_what_is_there(
    ingester: Ingester, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, add = collect([folder]), Ingester.add
    tried: list[str] = []

    def full(self: Ingester, document: Document, *rest: Any) -> Outcome:
        tried.append(document.source)
        if len(tried) > 1:
            raise StoreError("the store", "its disk has 3 MB left", "Make room.")
        return add(self, document, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(Ingester, "add", full)
        found = ingester.ingest(files)
    assert statuses(found) == ["added", "refused", "refused"]
    assert [outcome.source for outcome in found] == [str(path) for path in files]
    assert {outcome.problem for outcome in found[1:]} == {"its disk has 3 MB left"}
    assert tried == [str(path) for path in files[:2]]
    assert len(store.documents()) == 1
    assert statuses(ingester.ingest(files)) == ["unchanged", "added", "added"]


def test_a_parser_that_fails_costs_its_file_only(
    ingester: Ingester, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ingest.parse_bytes

    def failing(data: bytes, name: str, **rest: Any) -> Document:
        if name == "beta.txt":
            raise IndexError("list index out of range")
        return real(data, name, **rest)

    monkeypatch.setattr(ingest, "parse_bytes", failing)
    found = ingester.ingest(collect([folder]))
    assert statuses(found) == ["added", "refused", "added"]
    assert "IndexError" in found[1].problem


def _crash_or_parse(path: Path, options: ParseOptions) -> Document | MinerError:
    """Stands for a PDF library that takes its process along."""
    if "crash" in path.name:
        os.kill(os.getpid(), signal.SIGKILL)
    return _PARSE(path, options)


_PARSE = ingest._parse


@pytest.mark.parametrize("crashing", [["a-crash", "z-crash"]])
def test_a_parser_that_crashes_costs_its_file_only(
    ingester: Ingester,
    store: Store,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    crashing: list[str],
) -> None:
    for name in crashing:
        (folder / f"{name}.txt").write_text(PLAN.format(name=name), "utf-8")
    monkeypatch.setattr(ingest, "_parse", _crash_or_parse)
    found = replace(ingester, workers=2).ingest(collect([folder]))
    refused = [Path(outcome.source).stem for outcome in found if outcome.status == "refused"]
    assert refused == crashing
    assert all("crashed" in o.problem for o in found if o.status == "refused")
    assert store.counts()[0] == 3
    assert [o.source for o in found] == [str(path) for path in collect([folder])]


def _hang_or_refuse(path: Path, _: ParseOptions) -> Document | MinerError:
    """Stands for a parser that finds no end in some files."""
    if "hang" in path.name:
        time.sleep(600)
    return UnreadableDocument(path.name, "seen", "")


def test_a_parser_that_hangs_costs_its_file_only(
    ingester: Ingester, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a-hang", "b-hang"):
        (folder / f"{name}.txt").write_text(PLAN.format(name=name), "utf-8")
    monkeypatch.setattr(ingest, "_parse", _hang_or_refuse)
    found = replace(ingester, workers=2, time_limit=3).ingest(collect([folder]))
    problems = {Path(outcome.source).stem: outcome.problem for outcome in found}
    late = "reading it took over 3 seconds"
    assert problems == {
        "a-hang": late, "alpha": "seen", "b-hang": late, "beta": "seen", "gamma": "seen",
    }  # fmt: skip
    assert "--time-limit" in found[0].next_step


def test_workers_and_none_give_the_same(
    ingester: Ingester, store: Store, folder: Path, tmp_path: Path, encoder: Encoder
) -> None:
    ingester.ingest(collect([folder]))
    settings = Settings(store=tmp_path / "other")
    with Store.open(settings, encoder.id, encoder.dimension) as other:
        replace(ingester, store=other, workers=2).ingest(collect([folder]))
        assert held(other) == held(store)


def test_progress_hears_of_every_file(ingester: Ingester, folder: Path) -> None:
    heard: list[Any] = []

    class Ear:
        def started(self, files: int) -> None:
            heard.append(files)

        def done(self, outcome: Outcome) -> None:
            heard.append(outcome)

    (folder / "zero.txt").touch()
    found = ingester.ingest(collect([folder]), Ear())
    assert heard == [4, *found]


def test_a_known_text_is_not_embedded_again(
    ingester: Ingester, folder: Path, encoder: Encoder
) -> None:
    ingester.ingest(collect([folder]))

    class Counting:
        id, dimension = encoder.id, encoder.dimension
        texts = 0

        def encode(self, texts: list[str]) -> Any:
            self.texts += len(texts)
            return encoder.encode(texts)

    counting = Counting()
    text = (folder / "alpha.txt").read_text("utf-8")
    (folder / "alpha.txt").write_text(text + "\n3. End\n\nThis plan ends in the year 2030.\n")
    replace(ingester, encoder=counting).ingest([folder / "alpha.txt"])
    assert 0 < counting.texts < 4


def test_uploads_raise_what_refuses_them(ingester: Ingester, store: Store) -> None:
    taken = ingester.ingest_bytes(PLAN.format(name="Delta").encode(), "d.txt", Metadata(title="D"))
    assert (taken.status, taken.title) == ("added", "D")
    with pytest.raises(UnreadableDocument, match="empty"):
        ingester.ingest_bytes(b"", "zero.txt")
    assert store.counts()[0] == 1


def test_collecting_leaves_out_what_is_no_document(folder: Path) -> None:
    for name in (".hidden.txt", "manifest.tsv", "organisations.yaml"):
        (folder / name).write_text("x")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("x")
    (folder / "deep").mkdir()
    (folder / "deep" / "delta.txt").write_text("x")
    (folder / "broken.txt").symlink_to(folder / "gone.txt")
    os.mkfifo(folder / "pipe.txt")
    names = [path.name for path in collect([folder, folder / "alpha.txt"])]
    assert names == ["alpha.txt", "beta.txt", "delta.txt", "gamma.txt"]


@pytest.mark.parametrize(("name", "cause"), [("gone", "no such file"), ("pipe", "no regular file")])
def test_collecting_names_what_cannot_be_read(folder: Path, name: str, cause: str) -> None:
    os.mkfifo(folder / "pipe")
    with pytest.raises(UnreadableDocument, match=cause):
        collect([folder / name])


def test_names_in_no_known_encoding_are_escaped(ingester: Ingester, folder: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/bad\xffname.txt"))
    odd.write_text(PLAN.format(name="Odd"), "utf-8")
    assert source_of(odd).endswith(r"/bad\xffname.txt")
    assert statuses(ingester.ingest([odd])) == ["added"]
    assert statuses(ingester.ingest([odd])) == ["unchanged"]


# -- a run that is killed -----------------------------------------------------------------

_RUN = Path(__file__).parent / "cli" / "stood_in.py"


def _start(store: Path) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MINER_")}
    documents = stand_ins.sample() / "documents"
    manifest = stand_ins.sample() / "manifest.tsv"
    return subprocess.Popen(
        [
            sys.executable, str(_RUN), "ingest", str(documents), "--manifest", str(manifest),
            "--store", str(store), "--json",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**kept, "MINER_OCR": "off"},
    )  # fmt: skip


def _children(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in found.stdout.split()]


def _ended(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return True
    return state == "Z"


def _opened(folder: Path) -> dict[str, Any]:
    settings = Settings(store=folder)
    from service.workspace import SharedEncoder

    shared = SharedEncoder.of(settings)
    with Store.open(settings, shared.id, shared.dimension, create=False) as store:
        assert store.index.count(Filter()) == store.counts()[1]
        return held(store)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("undisturbed") / "store"
    with _start(folder) as run:
        out, err = run.communicate(timeout=300)
    # Without OCR the one scan is refused.
    assert run.returncode == 1, err
    assert statuses_of(out).count("added") == 13
    assert "Traceback" not in err
    return _opened(folder)


def statuses_of(out: str) -> list[str]:
    return [row["status"] for row in json.loads(out)["outcomes"]]


def test_a_killed_run_is_taken_up_where_it_ended(
    tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    after = 5
    with _start(tmp_path / "store") as run:
        assert run.stderr is not None
        for line in run.stderr:
            if line.startswith(f"{after}/14 "):
                break
        workers = _children(run.pid)
        run.kill()
    assert run.returncode == -signal.SIGKILL
    until = time.monotonic() + 20
    while not all(map(_ended, workers)) and time.monotonic() < until:
        time.sleep(0.1)
    assert all(map(_ended, workers)), "the parsers outlive the run"
    assert len(_opened(tmp_path / "store")) >= after
    with _start(tmp_path / "store") as run:
        out, err = run.communicate(timeout=300)
    assert run.returncode == 1, err
    assert statuses_of(out).count("unchanged") >= after
    assert statuses_of(out).count("refused") == 1
    assert _opened(tmp_path / "store") == undisturbed


def test_a_run_that_is_interrupted_ends_without_a_traceback(tmp_path: Path) -> None:
    with _start(tmp_path / "store") as run:
        assert run.stderr is not None
        for line in run.stderr:
            if line.startswith("2/14 "):
                break
        # As a terminal's Ctrl-C does: to the workers as well.
        for pid in (*_children(run.pid), run.pid):
            os.kill(pid, signal.SIGINT)
        out, err = run.communicate(timeout=60)
    assert run.returncode == 130
    assert out == ""
    assert "Traceback" not in err
