"""Ranking: every candidate's score by every leg, mixed; repeats and scraps put aside.

The mix is a weighted sum: the cosine as it is, BM25 as a share of the best candidate's, and the
sum of the concept probabilities that query and passage share. Reciprocal ranks would throw away
how far apart two passages lie, and let one leg rule out what another is sure of.
Source of the comparison: Bruch, Gai and Ingber, An Analysis of Fusion Functions for Hybrid
Retrieval (2023); the weights were chosen with `python -m evaluation retrieval`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from miner.document import BlockType
from miner.index import Candidate, Leg, Scored
from miner.store import StoredPassage

MIX: Mapping[str, float] = {"dense": 4.5, "bm25": 1.0, "tags": 0.4}

Ranked = tuple[StoredPassage, float]

_LAST = {BlockType.CONTENTS, BlockType.REFERENCE}
# Fewer words are a stray heading or a table cell: a name, not a statement.
_FEWEST_WORDS = 8
# Dots that lead to page numbers: a table of contents that was taken for prose.
_LEADER = re.compile(r"(?:\.\s?){5,}|…{2,}|_{5,}")
_LEADERS = 3


def mixed(
    candidates: Sequence[Candidate], legs: Sequence[Leg], mix: Mapping[str, float] = MIX
) -> list[Scored]:
    """The candidates by their mixed score, best first; legs of weight 0 only proposed."""
    weights = []
    for number, leg in enumerate(legs):
        best = max((c.scores[number] for c in candidates), default=0.0)
        scale = (1 / best if best > 0 else 0.0) if leg.using == "bm25" else 1.0
        weights.append(mix.get(leg.using, 0.0) * scale if leg.weight else 0.0)
    found = [
        Scored(c.passage, c.document, sum(w * s for w, s in zip(weights, c.scores, strict=True)))
        for c in candidates
    ]
    # Equal scores are ordered by id, so that pages of one answer never overlap.
    return sorted(found, key=lambda scored: (-scored.score, scored.passage))


def without_repeats(
    ranked: Sequence[Ranked],
) -> list[Ranked]:
    """Drop passages whose words were already seen, e.g. a boilerplate footer that was kept."""
    seen: set[str] = set()
    kept = []
    for stored, score in ranked:
        words = " ".join(stored.passage.text.lower().split())
        if words not in seen:
            seen.add(words)
            kept.append((stored, score))
    return kept


def demoted(ranked: Sequence[Ranked]) -> list[Ranked]:
    """Contents, reference lists and scraps go behind prose: they name things and say nothing."""
    prose = [pair for pair in ranked if not _says_nothing(pair[0])]
    # Below all prose also by score, for who sorts the hits of several answers.
    least = min((score for _, score in prose), default=1.0)
    scraps = [(stored, least * score) for stored, score in ranked if _says_nothing(stored)]
    top = max((score for _, score in ranked), default=1.0)
    return prose + [(stored, score / max(top, 1.0)) for stored, score in scraps]


def _says_nothing(stored: StoredPassage) -> bool:
    passage = stored.passage
    if passage.kind in _LAST or len(passage.text.split()) < _FEWEST_WORDS:
        return True
    return len(_LEADER.findall(passage.text)) >= _LEADERS


def grouped(ranked: Sequence[Ranked]) -> list[tuple[str, list[Ranked]]]:
    """The ranked passages by document, the document of the best passage first."""
    groups: dict[str, list[Ranked]] = {}
    for pair in ranked:
        groups.setdefault(pair[0].passage.document, []).append(pair)
    return list(groups.items())
