"""Windows: the parts in which a text is read that is longer than the encoder reads."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from miner.linguistics import sentences
from miner.tagging.heads import Scores

READ = 210
"""Words that are read in one piece: about the encoder's 256 tokens of policy prose."""

_WINDOW = 150
_WORD = re.compile(r"\S+")

Span = tuple[int, int]


def windows(text: str) -> list[Span]:
    """Spans of `text`, in order: the whole, or of more than 210 words parts of about 150.

    They end with sentences, where no sentence is longer than a window; no word is left out.
    """
    if len(text.split(maxsplit=READ)) <= READ:
        return [(0, len(text))]
    words = [match.start() for match in _WORD.finditer(text)]
    ends = [bisect_left(words, end) for _, end in sentences(text)]
    # Of equal size, so that no window holds a few words only.
    size = len(words) / round(len(words) / _WINDOW)
    cuts = [0]
    while (left := len(words) - cuts[-1]) > 1.25 * size:
        due = cuts[-1] + min(size, left / 2)
        near = min(ends, key=lambda end: abs(end - due))
        fits = 0.5 * size <= near - cuts[-1] <= min(1.25 * size, left - 0.5 * size)
        cuts.append(near if fits else round(due))
    starts = [words[cut] for cut in cuts[1:]]
    return list(zip([0, *starts], [*starts, len(text)], strict=True))


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of n texts, of which some were read in windows.

    scores: of each text, (n, 28) and (n, 4): a concept's probability is its highest in any
    window, the stance's the mean over the windows. spans: of each text its windows. best: of each
    text and concept the window of the highest probability.
    """

    scores: Scores
    spans: list[list[Span]]
    best: list[list[int]]

    def where(self, row: int, column: int) -> Span:
        """The window that speaks most for a concept in a text."""
        return self.spans[row][self.best[row][column] if self.best else 0]


def merged(scores: Scores, spans: list[list[Span]]) -> Read:
    """The scores of windows, (windows of all texts, ...), taken together by text."""
    if all(len(parts) == 1 for parts in spans):
        return Read(scores, spans, [])
    probabilities, stances, best = [], [], []
    start = 0
    for parts in spans:
        part = slice(start, start + len(parts))
        probabilities.append(scores.probabilities[part].max(axis=0))
        stances.append(scores.stances[part].mean(axis=0))
        best.append(scores.probabilities[part].argmax(axis=0).tolist())
        start += len(parts)
    return Read(Scores(np.stack(probabilities), np.stack(stances)), spans, best)


def parts_of(texts: Sequence[str], spans: list[list[Span]]) -> list[str]:
    """The texts' windows as texts, one after the other."""
    return [text[a:b] for text, parts in zip(texts, spans, strict=True) for a, b in parts]
