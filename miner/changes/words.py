"""How much of a pledge's words another document has: the proof that it says nothing like it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from miner import lexical
from miner.store import StoredPassage

# Words that tell most: a pledge is as special as its rarest four are on average.
_TELLING = 4


@cache
def _counted() -> tuple[float, Mapping[str, float]]:
    data = json.loads((files("models") / "changes" / "words.json").read_text("utf-8"))
    total = data["passages"]
    weights = {stem: math.log(total / count) for stem, count in data["stems"].items()}
    return max(weights.values()), weights


def weight(stem: str) -> float:
    """How telling a stem is: log of passages by passages with it, in the measured corpus.

    Stems that are in fewer than 4 of 1,000 passages count as much as those in 4.
    """
    most, weights = _counted()
    return weights.get(stem, most)


def special(stems: frozenset[str]) -> float:
    """How special words are: mean weight of the four most telling ones."""
    found = sorted((weight(stem) for stem in stems), reverse=True)[:_TELLING]
    return sum(found) / len(found) if found else 0.0


def covered(
    gists: Sequence[frozenset[str]], passages: Sequence[StoredPassage]
) -> NDArray[np.float64]:
    """Share of each gist's words, by weight, that stand in each passage or its headings.

    Shape (gists, passages), 0 to 1.
    """
    texts = [
        frozenset(lexical.stems(f"{' '.join(p.passage.heading_path[-2:])}\n{p.passage.text}"))
        for p in passages
    ]
    column = {stem: at for at, stem in enumerate(sorted(frozenset().union(*gists)))}
    shared = _rows(gists, column, weighted=True) @ _rows(texts, column, weighted=False).T
    total = np.array([sum(map(weight, gist)) for gist in gists])
    shares: NDArray[np.float64] = shared.toarray() / np.maximum(total, 1e-9)[:, None]
    return shares


def _rows(
    texts: Sequence[frozenset[str]], column: Mapping[str, int], *, weighted: bool
) -> csr_array:
    at = [(row, s) for row, stems in enumerate(texts) for s in sorted(stems) if s in column]
    data = [weight(stem) if weighted else 1.0 for _, stem in at]
    index = ([row for row, _ in at], [column[stem] for _, stem in at])
    return csr_array((data, index), shape=(len(texts), max(len(column), 1)))
