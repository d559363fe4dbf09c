"""The passages that count for a concept, and the nearest misses where few do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from miner.alignment.measure import Measured
from miner.alignment.score import Scored
from miner.commitments import Strength
from miner.document import Box
from miner.evidence import Evidence
from miner.tagging.tag import Origin, Tag
from miner.taxonomy import Stance


@dataclass(frozen=True, slots=True)
class EvidencePassage:
    """A passage that counts (or nearly did): where it is, what it says and how sure the tag is.

    quote: the words the tag rests on. start, end: the quote's span in the document's text.
    by: who gave the tag, see `Tag`. words: how many the passage has. commitment: how firmly it
    binds, with its parts.
    """

    passage: str
    page: int
    heading_path: tuple[str, ...]
    quote: str
    start: int
    end: int
    text: str
    probability: float
    by: Origin
    stance: Stance
    words: int
    commitment: Strength
    boxes: tuple[Box, ...] = ()


def evidence(
    measured: Measured,
    scored: Scored,
    column: int,
    concept: str,
    *,
    most: int | None,
    nearest: int,
) -> tuple[tuple[EvidencePassage, ...], tuple[EvidencePassage, ...]]:
    """The passages that count, most probable first, and the nearest misses.

    Misses are listed where fewer than `nearest` passages count, so that the passages from which
    presence was computed are always there to be seen.
    """
    p, counts = measured.probabilities[:, column], scored.counts[:, column]
    order = [int(row) for row in np.lexsort((-p, ~counts)) if p[row] > 0]
    held = int(counts.sum())
    shown = held if most is None else min(held, most)
    return (
        tuple(_passage(measured, row, concept) for row in order[:shown]),
        tuple(_passage(measured, row, concept) for row in order[held : max(held, nearest)]),
    )


def _passage(measured: Measured, row: int, concept: str) -> EvidencePassage:
    passage, tagged = measured.pairs[row]
    tag = next(tag for tag in tagged.tags if tag.concept == concept)
    words = _words(tag, passage.text)
    return EvidencePassage(
        passage=passage.id,
        page=passage.page,
        heading_path=passage.heading_path,
        quote=words.quote,
        start=passage.start + words.start,
        end=passage.start + words.end,
        text=passage.text,
        probability=tag.probability,
        by=tag.by,
        stance=tagged.stance.label,
        words=int(measured.words[row]),
        commitment=measured.strengths[row],
        boxes=passage.boxes,
    )


def _words(tag: Tag, text: str) -> Evidence:
    return tag.evidence[0] if tag.evidence else Evidence(0, len(text), text)
