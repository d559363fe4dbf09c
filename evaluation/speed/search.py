"""Whole searches over many passages, by one client that asks again and again.

A search is all of it: reading the question, its vector and concepts, every leg under the
filters, counts, seven facets, the passages and their highlights.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import qdrant_edge as qe
from numpy.typing import NDArray

from evaluation.speed.many import many, workspace_of
from evaluation.speed.measure import Report, Times, disk, memory, timed
from evaluation.speed.questions import questions
from miner.index import Filter, Leg, Point, Sparse
from miner.index.edge import EdgeIndex
from miner.index.server import ServerIndex
from miner.index.shared import SharedIndex
from miner.search import FACETS, SearchRequest
from miner.store import Store
from service.workspace import Workspace

# As many as bring what is searched into the memory of the machine.
_WARM = 100
_TOP = 10
# As deep as a search asks the dense leg.
_DEPTH = 200


def measure(options: argparse.Namespace) -> Report:
    """Time searches, and see what the index finds of what is there."""
    with (
        many(options.store, options.points, options.keep) as folder,
        Workspace.open(workspace_of(folder)) as workspace,
    ):
        documents, passages = workspace.store.counts()
        report = Report(f"Whole searches over {passages:,} passages of {documents:,} documents")
        asked = list(islice(_questions(workspace), options.queries + _WARM))
        _time(report, workspace, asked)
        rss, own = memory()
        report.figures["memory, MB"] = rss
        report.figures["memory without mapped files, MB"] = own
        report.figures["index on disk, MB"] = disk(folder) - disk_of_database(folder)
        report.figures["database on disk, MB"] = disk_of_database(folder)
        if options.recall:
            _recall(report, workspace, options.recall)
        if options.local:
            _local(report, workspace, asked[_WARM:], options.local)
    return report


def disk_of_database(folder: Path) -> float:
    """Megabytes of the database alone."""
    blocks = [path.stat().st_blocks for path in folder.glob("documents.sqlite*")]
    return sum(blocks) * 512 / 1e6


def _questions(workspace: Workspace) -> Iterator[str]:
    facets = {name: workspace.store.facet(name, Filter()) for name in ("country", "organisations")}
    geography = workspace.geography
    countries = [c.name for code in facets["country"] if (c := geography.country(code))]
    organisations = [o.name for i in facets["organisations"] if (o := geography.organisation(i))]
    return questions(countries[:20], organisations[:8])


def _time(report: Report, workspace: Workspace, asked: list[str]) -> None:
    workspace.warm()
    searcher = workspace.searcher
    spent: dict[str, list[float]] = {
        "whole search": [],
        "of it without a filter": [],
        # What others do on the machine does not count here.
        "whole search, processor time": [],
    }
    for number, query in enumerate(asked):
        request = SearchRequest(query, facets=FACETS)
        before = time.process_time()
        answer, seconds = timed(searcher.search, request)
        computing = time.process_time() - before
        if number >= _WARM:
            spent["whole search"].append(seconds)
            spent["whole search, processor time"].append(computing)
            if answer.total == workspace.store.counts()[1]:
                spent["of it without a filter"].append(seconds)
    report.times.update({name: Times.of(seconds) for name, seconds in spent.items()})
    # Other texts than before, for the encoder remembers those.
    texts = [f"{text}, once more" for text in asked[_WARM:][:100]]
    parts: Mapping[str, Callable[[str], object]] = {
        "part: encoding the question": lambda text: workspace.encoder.encode([text]),
        "part: its concepts, once it is encoded": workspace.tagger.probabilities,
    }
    for name, part in parts.items():
        report.times[name] = Times.of([timed(part, text)[1] for text in texts])


def _recall(report: Report, workspace: Workspace, number: int) -> None:
    """What the dense leg finds of the true nearest ten, under filters of several widths."""
    store = workspace.store
    print("reading the vectors for exact search", file=sys.stderr)
    vectors, payloads = _everything(store)
    texts = list(islice(_questions(workspace), number))
    queries = workspace.encoder.encode(texts)
    for name, where in _filters(store).items():
        kept = np.flatnonzero([_holds(where, payload) for payload in payloads])
        if not len(kept):
            continue
        found, spent = [], []
        for query in queries:
            leg = Leg("dense", query, depth=_DEPTH)
            answer, seconds = timed(store.index.search, [leg], where, _DEPTH)
            spent.append(seconds)
            best = kept[np.argsort(-(vectors[kept] @ query), kind="stable")[:_TOP]]
            true = {str(payloads[i]["passage"]) for i in best}
            got = {hit.passage for hit in answer[:_TOP]}
            found.append(len(true & got) / max(len(true), 1))
        label = f"dense leg, {name} ({len(kept):,} passages)"
        report.times[label] = Times.of(spent)
        report.figures[f"recall@10, {name} ({len(kept):,} passages)"] = float(np.mean(found))


def _filters(store: Store) -> dict[str, Filter]:
    def share(name: str, wanted: float) -> list[str]:
        counts = store.facet(name, Filter())
        total = store.count(Filter())
        return [min(counts, key=lambda value: abs(counts[value] / total - wanted))]

    return {
        "no filter": Filter(),
        "a stance": Filter(any_of={"stance": share("stance", 0.4)}),
        "years": Filter(years=(2015, None)),
        "a country of 10 %": Filter(any_of={"country": share("country", 0.1)}),
        "a concept of 5 %": Filter(any_of={"concepts": share("concepts", 0.05)}),
        "a country of 2 %": Filter(any_of={"country": share("country", 0.02)}),
        "country and concept": Filter(
            any_of={"country": share("country", 0.05), "concepts": share("concepts", 0.05)}
        ),
        "a document": Filter(any_of={"document": [store.documents()[0].id]}),
    }


def _holds(where: Filter, payload: Mapping[str, Any]) -> bool:
    if where.years is not None and not (payload.get("year") or 0) >= (where.years[0] or 0):
        return False
    for name, values in where.any_of.items():
        held = payload.get(name)
        if not set(values) & set(held if isinstance(held, list) else [held]):
            return False
    return True


def _edge(store: Store) -> EdgeIndex:
    assert isinstance(store.index, SharedIndex)
    assert store.index._owned is not None
    return store.index._owned._shard.edge


def _records(store: Store, vectors: list[str]) -> Iterator[Any]:
    offset = None
    while True:
        request = qe.ScrollRequest(
            offset=offset, limit=5000, with_payload=True, with_vector=vectors
        )
        records, offset = _edge(store)._shard.scroll(request)
        yield from records
        if offset is None:
            return


def _everything(store: Store) -> tuple[NDArray[np.float32], list[Mapping[str, Any]]]:
    size = _edge(store).count(Filter())
    vectors, payloads = np.empty((size, store.dimension), dtype=np.float32), []
    for row, record in enumerate(_records(store, ["dense"])):
        vectors[row] = record.vector["dense"]
        payloads.append(record.payload)
    return vectors, payloads


def _local(report: Report, workspace: Workspace, asked: list[str], number: int) -> None:
    """The same searches with qdrant-client's local mode as the engine, facets included."""
    from qdrant_client import QdrantClient

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client = QdrantClient(":memory:")
        index = ServerIndex.prepare(client, "passages", workspace.store.dimension)
        print("filling qdrant-client's local mode", file=sys.stderr)
        _, loading = timed(index.upsert, _points(workspace.store))
        local = replace(workspace.searcher, store=_Local(workspace.store, index))
        ours, theirs = [], []
        for query in asked[:number]:
            request = SearchRequest(query, facets=FACETS)
            theirs.append(timed(local.search, request)[1])
            ours.append(timed(workspace.searcher.search, request)[1])
    report.times["the same, local mode of qdrant-client"] = Times.of(theirs)
    report.times["the same questions, ours"] = Times.of(ours)
    report.figures["loading local mode, s"] = loading
    ratios = np.array(theirs) / np.array(ours)
    report.figures["local mode / ours, median of pairs"] = float(np.median(ratios))
    report.figures["local mode / ours, least of pairs"] = float(ratios.min())


def _points(store: Store) -> Iterator[Point]:
    for record in _records(store, ["dense", "bm25", "tags"]):
        bm25, tags = (
            Sparse(tuple(record.vector[name].indices), tuple(record.vector[name].values))
            for name in ("bm25", "tags")
        )
        dense = np.asarray(record.vector["dense"], dtype=np.float32)
        yield Point(str(record.id), dense, bm25, tags, record.payload)


class _Local(Store):
    """The same store with another engine, asked for all that the engine can answer."""

    def __init__(self, store: Store, index: ServerIndex) -> None:
        super().__init__(store.folder, index, store.model, store.dimension)

    def count(self, where: Filter) -> int:
        return self.index.count(where)

    def facet(self, name: str, where: Filter, limit: int = 300) -> Mapping[str, int]:
        return self.index.facet(name, where, limit)
