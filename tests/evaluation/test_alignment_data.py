"""What alignments know of the models: counts, calibration of presence, model of a match."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from evaluation.alignment_speed import PAGES, WORDS_OF_A_PAGE, long_text
from evaluation.presence import Readings, bands, fit, left_out
from evaluation.rates import counts, write_json
from evaluation.reference import measure
from evaluation.reference_fit import fit as fit_match
from evaluation.reference_rows import Judged, JudgedPair, digest, judgements
from evaluation.rows import LabelledRow
from miner.errors import InputError
from miner.parsing import parse
from miner.passages import split
from miner.tagging.tag import StanceTag, Tag, TaggedPassage
from miner.taxonomy import Stance, codebook


def tagged(**decided: bool) -> TaggedPassage:
    tags = tuple(
        Tag(name, 0.8 if decided.get(name) else 0.1, decided.get(name, False), "head")
        for name in ("a", "b")
    )
    return TaggedPassage(tags, StanceTag(Stance.COMMITMENT, 1.0), "m")


def row(number: int, *concepts: str, undecided: tuple[str, ...] = ()) -> LabelledRow:
    return LabelledRow(number, "text", frozenset(concepts), frozenset(undecided))


def test_decisions_are_counted_and_open_ones_left_out() -> None:
    rows = [row(1, "a"), row(2, "a"), row(3), row(4, undecided=("a",))]
    found = [tagged(a=True), tagged(), tagged(a=True), tagged(a=True)]
    assert counts("a", rows, found) == {"right": 1, "false": 1, "missed": 1, "promised": 0.8}
    assert counts("b", rows, found) == {"right": 0, "false": 0, "missed": 0, "promised": 0.0}


def readings(documents: int = 20) -> Readings:
    """Presence is likelier than the passages say, and never there for the second concept."""
    generator = np.random.default_rng(3)
    some = generator.random((documents, 2))
    level = np.where((some > 0.3)[:, None, :], 3, 0) * np.array([1, 0])
    return Readings(("a", "b"), np.repeat(level, 2, axis=1), some)


def test_presence_is_fitted_to_what_was_read() -> None:
    read = readings()
    fitted = fit(read, np.ones(20, bool), "m")
    assert fitted.slope > 0
    assert fitted.offsets["a"] > fitted.offsets["b"]
    presence = fitted.of(read.some, fitted.offsets_of(read.concepts), 1e-4)
    assert presence[read.addressed].mean() > 0.6
    assert presence[~read.addressed].mean() < 0.3
    assert sum(band.n for band in bands(presence, read)) == 40


def test_a_document_has_no_part_in_its_own_calibration() -> None:
    read = readings()
    changed = replace(read, level=np.concatenate([3 - read.level[:1], read.level[1:]]))
    assert left_out(read, "m")[0] == left_out(changed, "m")[0]
    assert left_out(read, "m")[1] != left_out(changed, "m")[1]


def pairs(documents: int = 3, statements: int = 12) -> list[JudgedPair]:
    """Pairs whose first signal tells the grade."""
    generator = np.random.default_rng(5)
    found = []
    for document in range(documents):
        for statement in range(statements):
            grades = generator.integers(0, 3, 8) * int(statement % 3 > 0)
            noise = generator.normal(0, 0.1, (8, 5))
            noise[:, 0] += grades
            found.append(JudgedPair("r", str(statement), str(document), noise, grades))
    return found


def test_a_match_is_learnt_and_measured_on_other_documents() -> None:
    report = measure(Judged(tuple(pairs()), 0), "t", "e")
    assert (report.statements, report.documents, report.accuracy.n) == (12, 3, 36)
    assert report.accuracy.value > 0.9 > report.majority
    assert report.evidence_precision.value > 0.8
    assert sum(sum(said.values()) for said in report.confusion.values()) == 36


def test_what_all_of_a_statement_says_part_of_it_says() -> None:
    model = fit_match(pairs(), "t", "e")
    part, whole = model.passages(np.random.default_rng(1).normal(0, 2, (4, 6, 5)))
    assert (whole <= part).all()
    some, every = model.documents(part, whole)
    assert ((every >= 0) & (every <= some) & (some <= 1)).all()


def test_judged_statements_and_passages_are_still_there(shared: Path) -> None:
    rows = judgements(Path(str(files("evaluation") / "data" / "reference_judgements.jsonl")))
    assert len(rows) == 184
    for name in {row.document for row in rows}:
        held = {digest(p.text) for p in split(parse(shared / "corpus" / name))}
        for judged in (row for row in rows if row.document == name):
            assert set(judged.grades) <= held


def test_shipped_data_fit_the_codebook() -> None:
    def read(*path: str) -> Mapping[str, object]:
        text = files("models").joinpath(*path).read_text("utf-8")
        found: Mapping[str, object] = json.loads(text)
        return found

    for path in (("tagger", "rates.json"), ("alignment", "shares.json")):
        held = read(*path)["concepts"]
        assert isinstance(held, dict)
        assert list(held) == list(codebook())
    held = read("alignment", "presence.json")["offsets"]
    assert isinstance(held, dict)
    assert list(held) == list(codebook())


def test_a_text_of_a_hundred_pages_is_made_of_english_ones() -> None:
    english = (
        "The Ministry will train experts and answer incidents in every part of the state. " * 900
    )
    german = "Die Bundesregierung wird Fachleute ausbilden und auf Vorfälle antworten. " * 900
    text = long_text([german, english, english, english, english])
    assert len(text.split()) == PAGES * WORDS_OF_A_PAGE
    assert "Bundesregierung" not in text
    with pytest.raises(InputError, match="too few English"):
        long_text([german])


def test_data_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_json(tmp_path / "none" / "x.json", {})
