"""Length: how far scores move when a document is cut in two, lengthened or repeats itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluation.bootstrap import Figure, Resampling
from evaluation.documents import TaggedDocument
from miner.alignment import Alignment, align
from miner.alignment.measure import Pair
from miner.passages import passage_id
from miner.taxonomy import Framework


@dataclass(frozen=True, slots=True)
class Moves:
    """How much the overall score moves, in the mean over documents, and the furthest move."""

    mean: Figure
    furthest: float


def moves(documents: Sequence[TaggedDocument], framework: Framework) -> dict[str, Moves]:
    """The moves of the overall score under four changes of length.

    The unrelated text has as many words as the document and tags for nothing.
    """
    whole = [_score(d.pairs, framework) for d in documents]
    changes: dict[str, Callable[[TaggedDocument], Sequence[float]]] = {
        "cut in two: the mean of the halves": lambda d: [_halves(d.pairs, framework)],
        "unrelated text of the same length appended": lambda d: [
            _score([*d.pairs, *_silent(d.pairs)], framework)
        ],
        "the first page's passages repeated": lambda d: [
            _score([*d.pairs, *d.pairs[: max(len(d.pairs) // 10, 1)]], framework)
        ],
        "the whole document repeated": lambda d: [_score([*d.pairs, *d.pairs], framework)],
    }
    found = {}
    for name, change in changes.items():
        moved = [change(d)[0] - before for d, before in zip(documents, whole, strict=True)]
        by_document = Resampling.of([d.source for d in documents])
        found[name] = Moves(by_document.mean(moved), max(moved, key=abs))
    return found


def _score(pairs: Sequence[Pair], framework: Framework) -> float:
    return _aligned(pairs, framework).overall.score


def _aligned(pairs: Sequence[Pair], framework: Framework) -> Alignment:
    return align("", "", pairs, framework)


def _halves(pairs: Sequence[Pair], framework: Framework) -> float:
    at = len(pairs) // 2
    return float(np.mean([_score(pairs[:at], framework), _score(pairs[at:], framework)]))


def _silent(pairs: Sequence[Pair]) -> list[Pair]:
    """As many words, about nothing: every tag undecided and improbable."""
    found = []
    for number, (passage, tagged) in enumerate(pairs):
        text = " ".join(f"filler{number}x{n}" for n in range(len(passage.text.split())))
        tags = tuple(
            replace(tag, probability=0.001, decided=False, evidence=()) for tag in tagged.tags
        )
        start = 10_000_000 + passage.start
        found.append(
            (
                replace(passage, id=passage_id(passage.document, start, text), text=text),
                replace(tagged, tags=tags),
            )
        )
    return found
