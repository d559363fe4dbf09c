"""Speed: what is measured is what it is said to be. No figure of time is asserted here."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import stand_ins

from evaluation.speed.many import many
from evaluation.speed.measure import Report, Times
from evaluation.speed.questions import questions
from evaluation.speed.search import _recall
from miner.catalogue.geography import Geography
from miner.catalogue.manifest import read_manifest
from miner.embedding import Encoder
from miner.index import Filter
from miner.ingest import Ingester, collect
from miner.parsing import ParseOptions
from miner.settings import Settings
from miner.store import Store
from service.workspace import SharedEncoder, Workspace


@pytest.fixture
def real(tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of two documents, and no model but the stand-in."""
    shared = SharedEncoder(lambda: encoder, (encoder.id, encoder.dimension))
    monkeypatch.setattr(SharedEncoder, "of", classmethod(lambda *_: shared))
    folder, sample = tmp_path / "real", stand_ins.sample()
    with Store.open(Settings(store=folder), encoder.id, encoder.dimension) as store:
        Ingester(
            store=store,
            encoder=encoder,
            tagger=stand_ins.tagger(),
            geography=Geography.shipped(),
            manifest=read_manifest(sample / "manifest.tsv"),
            options=ParseOptions(ocr="off"),
            workers=0,
        ).ingest(sorted(collect([sample / "documents"]))[:2])
    return folder


def test_times_are_told_in_milliseconds() -> None:
    found = Times.of([0.001 * n for n in range(1, 101)])
    assert (found.n, round(found.median, 1), round(found.p95, 1)) == (100, 50.5, 95.0)
    assert found.most == pytest.approx(100)
    assert np.isnan(Times.of([]).p95)


def test_no_question_is_asked_twice_in_a_measurement() -> None:
    asked = list(islice(questions(["Calvessa", "Ismora"], ["MCA"]), 600))
    assert len(set(asked)) == 600
    assert any("in Calvessa" in question for question in asked)


def test_a_store_of_many_passages_is_like_the_real_one(
    real: Path, tmp_path: Path, encoder: Encoder
) -> None:
    keep = tmp_path / "keep"
    with (
        many(real, 300, keep) as folder,
        Store.open(Settings(store=folder), encoder.id, encoder.dimension) as store,
    ):
        assert store.counts()[1] == store.index.count(Filter()) == 300
        texts = [p.passage.text for d in store.documents() for p in store.passages(d.id)]
        # Two halves of 44 passages each, joined at random.
        assert len(set(texts)) > 240
        with Store.open(Settings(store=real), encoder.id, encoder.dimension) as first:
            for name in ("country", "language"):
                assert store.facet(name, Filter()).keys() == first.facet(name, Filter()).keys()
    assert (keep / "300" / "done").exists()
    with many(None, 300, keep) as again:
        assert again == folder


def test_recall_is_whole_where_every_point_is_looked_at(real: Path, encoder: Encoder) -> None:
    settings = replace(Settings(), store=real)
    with Workspace.open(settings, encoder=encoder, tagger=stand_ins.tagger()) as workspace:
        report = Report("test")
        _recall(report, workspace, 5)
    assert len(report.figures) >= 5
    # Not all of it, for hashed words are often as near as each other.
    assert min(map(float, report.figures.values())) > 0.9  # type: ignore[arg-type]
    assert all(times.n == 5 for times in report.times.values())
