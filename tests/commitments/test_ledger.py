"""Commitments of a store: parsed once, kept with their passages, filtered and ordered."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
import stand_ins

from miner.commitments import ledger as ledger_of
from miner.commitments.ledger import Choice, Entry, ledger, ordered
from miner.document import Metadata
from miner.embedding import Encoder
from miner.errors import NotYet
from miner.parsing import parse_bytes
from miner.settings import Settings
from miner.store import Store, StoredPassage
from service.workspace import Workspace

TEXT = """# Strategy

The Ministry of Ports will set up a response team, CERT-CV, by the end of 2030. We will train judges
in the law of networks. The Council shall adopt a law on networks by June 2029 and all operators of
networks should report incidents to the team within a day. A school of networks will be opened.
"""
ABOUT = Metadata(country="XCV", country_name="Calvessa", issuing_body="Office of Ports", year=2026)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A store with the document, to copy: to make one takes the engine seconds."""
    folder = tmp_path_factory.mktemp("ledger") / "store"
    with _opened(folder, encoder) as opened:
        _add(opened, "strategy.md", TEXT)
    return folder


@pytest.fixture
def workspace(tmp_path: Path, made: Path, encoder: Encoder) -> Iterator[Workspace]:
    with _opened(Path(shutil.copytree(made, tmp_path / "store")), encoder) as opened:
        yield opened


@pytest.fixture(scope="module")
def found(
    tmp_path_factory: pytest.TempPathFactory, made: Path, encoder: Encoder
) -> Iterator[list[Entry]]:
    """What is found, for tests that change nothing."""
    folder = tmp_path_factory.mktemp("found") / "store"
    with _opened(Path(shutil.copytree(made, folder)), encoder) as opened:
        yield ledger(opened.store, passages(opened.store))


def _opened(folder: Path, encoder: Encoder) -> AbstractContextManager[Workspace]:
    settings = Settings(store=folder, ocr="off")
    return Workspace.open(settings, encoder=encoder, tagger=stand_ins.tagger())


def _add(workspace: Workspace, name: str, text: str) -> None:
    document = parse_bytes(text.encode(), name)
    outcome = workspace.ingester().add(replace(document, source=name), ABOUT)
    assert not outcome.problem


def passages(store: Store) -> list[StoredPassage]:
    return [one for item in store.documents() for one in store.passages(item.id)]


def kept(store: Store) -> int:
    rows = store._database.execute("SELECT count(*) FROM commitments").fetchone()
    return int(rows[0])


def what(entries: Sequence[Entry]) -> list[str]:
    return [entry.what for entry in entries]


def test_what_is_found_and_kept(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    store = workspace.store
    first = ledger(store, passages(store))
    assert what(first) == [
        "set up a response team",
        "train judges in the law of networks",
        "adopt a law on networks",
        "report incidents",
        "A school of networks will be opened",
    ]
    assert kept(store) == 1
    document = store.document(first[0].commitment.document)
    assert all(document.text[e.start : e.end] == e.commitment.sentence.quote for e in first)
    monkeypatch.setattr(ledger_of, "extract", None)
    assert ledger(store, passages(store)) == first


def test_we_is_shown_with_the_body(found: list[Entry]) -> None:
    assert "We (Office of Ports)" in [entry.who for entry in found]
    assert "Office of Ports" in found[0].citation


def test_a_replaced_passage_takes_its_commitments_along(workspace: Workspace) -> None:
    store = workspace.store
    ledger(store, passages(store))
    _add(workspace, "strategy.md", TEXT.replace("judges", "teachers"))
    assert kept(store) == 0
    assert any("teachers" in words for words in what(ledger(store, passages(store))))
    store.delete(store.documents()[0].id)
    assert kept(store) == 0


def test_nothing_is_kept_of_a_passage_that_went_meanwhile(workspace: Workspace) -> None:
    workspace.store.keep_commitments({"gone": "[]"}, "1")
    assert kept(workspace.store) == 0


def test_a_new_extractor_reads_anew(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    store = workspace.store
    found = ledger(store, passages(store))
    monkeypatch.setattr(ledger_of, "version", lambda: "other")
    assert ledger(store, passages(store)) == found
    assert kept(store) == 1
    rows = store._database.execute("SELECT DISTINCT version FROM commitments").fetchall()
    assert rows == [("other",)]


def test_patience_ends_between_batches_and_what_was_read_is_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = workspace.store
    _add(workspace, "plan.md", TEXT.replace("Strategy", "Plan"))
    monkeypatch.setattr(ledger_of, "_BATCH", 1)
    with pytest.raises(NotYet, match="1 of 2 passages"):
        ledger(store, passages(store), patience=0.0)
    assert kept(store) == 1
    told: list[tuple[int, int]] = []
    ledger(store, passages(store), patience=0.0, told=lambda *one: told.append(one))
    assert told == [(2, 2)]


def test_other_languages_and_description_are_not_read(workspace: Workspace) -> None:
    store = workspace.store
    (one,) = passages(store)
    french = replace(one, passage=replace(one.passage, language="fr"))
    assert ledger(store, [french]) == []
    silent = replace(one, tagged=replace(one.tagged, abstained="too little text"))
    assert ledger(store, [silent]) == []


def test_choices(found: list[Entry]) -> None:
    def chosen(choice: Choice) -> list[str]:
        return [entry.who for entry in found if choice.holds(entry)]

    assert chosen(Choice(actor="ministry")) == ["The Ministry of Ports"]
    assert chosen(Choice(modals=("duty",))) == ["The Council"]
    assert chosen(Choice(due_from=2029, due_to=2029)) == ["The Council"]
    assert chosen(Choice(due_from=2030)) == ["The Ministry of Ports"]
    assert chosen(Choice(least=0.9)) == ["The Council"]
    assert len(chosen(Choice())) == len(found)


def test_orders(found: list[Entry]) -> None:
    strengths = [e.commitment.strength.value for e in ordered(found, "strength")]
    assert strengths == sorted(strengths, reverse=True)
    dues = [e.commitment.deadline for e in ordered(found, "deadline")]
    assert [d.due for d in dues if d is not None][:2] == ["2029-06", "2030-12-31"]
    assert ordered(found, "document") == found


def test_what_is_done_comes_behind_what_is_promised(found: list[Entry]) -> None:
    dated = [one for one in found if one.commitment.deadline is not None]
    undated = next(one for one in found if one.commitment.deadline is None)
    first = dated[0].commitment
    past = replace(first, strength=replace(first.strength, modal="completed"))
    done = replace(dated[0], commitment=past)
    assert ordered([undated, done, *dated], "deadline")[-2:] == [done, undated]
