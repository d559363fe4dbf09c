"""Named bodies against judged mentions: is the body the right one, and what is said of it?

python -m evaluation bodies --corpus ../shared/corpus
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluation import show
from evaluation.bootstrap import Figure, Resampling, ratio
from miner.bodies import Mention, Role, book, find
from miner.catalogue.manifest import Manifest, read_manifest
from miner.document import sha256_of
from miner.errors import InputError
from miner.parsing import parse
from miner.passages import split

_FILE = "body_mentions.jsonl"


@dataclass(frozen=True, slots=True)
class Judged:
    """A mention that was found and judged: whether it is that body, and the role it has."""

    document: str
    source: str
    start: int
    end: int
    sha256: str
    body: str
    right: bool
    role: Role


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the real documents")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> None:
    """Print the figures."""
    judged = read_judged()
    manifest = read_manifest(options.corpus / "manifest.tsv")
    found = {
        source: _mentions(options.corpus, source, manifest)
        for source in sorted({row.source for row in judged})
    }
    figures = measure(judged, found)
    if options.json:
        show.print_json(figures)
        return
    documents = len(found)
    show.console().print(
        show.figures(f"{len(judged)} judged mentions in {documents} documents", figures)
    )


def read_judged() -> list[Judged]:
    """The judged mentions (evaluation/data)."""
    text = (files("evaluation") / "data" / _FILE).read_text("utf-8")
    rows = (json.loads(line) for line in text.splitlines())
    return [Judged(**{**row, "role": Role(row["role"])}) for row in rows]


def _mentions(corpus: Path, source: str, manifest: Manifest) -> list[tuple[Mention, str]]:
    """Mentions with the SHA-256 of their words."""
    document = parse(corpus / source)
    row = next((row for row in manifest.rows if row.path == source), None)
    if row is None:
        raise InputError(source, "the manifest does not name it", "Use the corpus's own manifest.")
    geography = manifest.geography
    country = row.metadata.country
    mentions = find(split(document), country, book(geography), geography).mentions
    return [(one, sha256_of(one.quote.encode())[:16]) for one in mentions]


def measure(
    judged: Sequence[Judged], found: Mapping[str, Sequence[tuple[Mention, str]]]
) -> dict[str, Figure]:
    """Precision of the bodies, precision and recall of the roles, by document.

    A judged mention that is found no more, or whose words have changed, is left out of the
    precision and counted in `judged mentions still found`.
    """
    now = {
        (source, one.start, one.end, digest): one
        for source, several in found.items()
        for one, digest in several
    }
    held = [now.get((row.source, row.start, row.end, row.sha256)) for row in judged]
    draws = Resampling.of([row.source for row in judged])
    pairs = list(zip(judged, held, strict=True))
    there = np.array([one is not None and one.body == row.body for row, one in pairs])
    right = np.array([row.right for row in judged])
    said = np.array([one is not None and _bears(one.role) for one in held])
    true = np.array([_bears(row.role) and row.right for row in judged])
    hit = np.array([one is not None and one.role is row.role for row, one in pairs]) & true & said
    return {
        "body precision": _share(draws, there & right, there),
        "wanted mentions still found": _share(draws, there & right, right),
        "role precision": _share(draws, hit, said),
        "role recall": _share(draws, hit, true),
    }


def _bears(role: Role) -> bool:
    """A role that is read from the words: whose own a team is, its name says."""
    return role not in (Role.MENTIONS, Role.OWN)


def _share(draws: Resampling, over: NDArray[np.bool_], under: NDArray[np.bool_]) -> Figure:
    return draws.figure(ratio(draws.totals(over), draws.totals(under)), int(under.sum()))
