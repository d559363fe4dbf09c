"""Times: a document of a hundred pages aligned from its text, and what is stored aligned."""

from __future__ import annotations

import argparse
import os
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from evaluation import show
from miner.alignment import align
from miner.errors import InputError
from miner.parsing.read import parse_bytes
from miner.passages import split
from miner.settings import Settings
from miner.tagging.tagger import Tagger
from miner.taxonomy import framework

PAGES, WORDS_OF_A_PAGE = 100, 400


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the clock, and those that the processors were busy with it."""

    clock: float
    busy: float


@dataclass(frozen=True, slots=True)
class Speed:
    """What each step took for a text of `PAGES` pages, and each stored document (first, again)."""

    words: int
    passages: int
    steps: dict[str, Took]
    stored: tuple[tuple[Took, Took], ...] = ()


def run(options: argparse.Namespace) -> None:
    """Measure, print."""
    if options.corpus is None and options.store is None:
        raise InputError("--corpus", "it is missing", "Name the folder of real documents.")
    fresh = _fresh(options.corpus) if options.corpus else Speed(0, 0, {})
    stored = tuple(_stored(options.store)) if options.store else ()
    found = Speed(fresh.words, fresh.passages, fresh.steps, stored)
    if options.json:
        show.print_json(found)
    else:
        _print(found)


def _fresh(corpus: Path) -> Speed:
    texts = (path.read_text("utf-8", "replace") for path in sorted(corpus.glob("ncss_txt/*.txt")))
    text = long_text(texts)
    tagger = Tagger.load()
    tagger.tag(["The models are loaded before the clock starts."])
    steps: dict[str, Took] = {}
    since = _now()

    def lap(name: str) -> None:
        nonlocal since
        steps[name], since = _took(since), _now()

    document = parse_bytes(text.encode(), "long.txt")
    passages = split(document)
    lap("parse and split")
    tagged = tagger.tag([p.text for p in passages], [p.language for p in passages])
    lap("tag")
    align(document.id, "long", list(zip(passages, tagged, strict=True)), framework())
    lap("align")
    return Speed(len(text.split()), len(passages), steps)


def long_text(texts: Iterable[str]) -> str:
    """English strategies one after the other, as long as `PAGES` pages."""
    from miner.parsing.language import detect

    found: list[str] = []
    left = PAGES * WORDS_OF_A_PAGE
    for text in texts:
        if detect(text[:5000]) != "en":
            continue
        ends = [match.end() for match in re.finditer(r"\S+", text)][:left]
        found.append(text[: ends[-1]])
        left -= len(ends)
        if not left:
            return "\n\n".join(found)
    raise InputError("--corpus", "it has too few English texts", "Name the shared corpus.")


def _stored(folder: Path) -> Iterable[tuple[Took, Took]]:
    from service.workspace import Workspace

    with Workspace.open(
        replace(Settings.from_environment(), store=folder), create=False
    ) as workspace:
        for item in workspace.store.documents():
            times = []
            for _ in range(2):
                since = _now()
                workspace.align_document(item.id)
                times.append(_took(since))
            yield times[0], times[1]


def _now() -> Took:
    return Took(time.perf_counter(), time.process_time())


def _took(since: Took) -> Took:
    now = _now()
    return Took(now.clock - since.clock, now.busy - since.busy)


def _print(found: Speed) -> None:
    out = show.console()
    if found.steps:
        steps = list(found.steps.items())
        whole = Took(sum(t.clock for _, t in steps), sum(t.busy for _, t in steps))
        rows = [
            (name, f"{took.clock:.2f}", f"{took.busy:.2f}")
            for name, took in [*steps, ("together", whole)]
        ]
        out.print(
            f"{PAGES} pages of {WORDS_OF_A_PAGE} words, {found.passages} passages; "
            f"{len(os.sched_getaffinity(0))} processors, load {os.getloadavg()[0]:.1f}.\n"
        )
        out.print(show.table("From text", ("step", "seconds", "processor seconds"), rows))
    if found.stored:
        columns = [
            np.array([getattr(pair[turn], kind) * 1000 for pair in found.stored])
            for turn in (0, 1)
            for kind in ("clock", "busy")
        ]
        lines = [
            (name, *(f"{np.percentile(column, share):.0f}" for column in columns))
            for name, share in (("median", 50), ("95th percentile", 95), ("longest", 100))
        ]
        heads = ("milliseconds", "first time", "busy", "again", "busy")
        out.print(show.table(f"{len(found.stored)} stored documents", heads, lines))
