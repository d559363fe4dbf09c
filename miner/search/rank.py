"""Ranking: every candidate's score by every leg, mixed; repeats and scraps put aside.

The mix is that of `miner.index.mix`; its weights were chosen with `python -m evaluation retrieval`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from miner.document import BlockType
from miner.store import StoredPassage

MIX: Mapping[str, float] = {"dense": 4.0, "bm25": 1.0, "tags": 0.3}

Ranked = tuple[StoredPassage, float]

_LAST = {BlockType.CONTENTS, BlockType.REFERENCE}
# Fewer words are a stray heading or a table cell: a name, not a statement.
_FEWEST_WORDS = 8
# Dots that lead to page numbers: a table of contents that was taken for prose.
_LEADER = re.compile(r"(?:\.\s?){5,}|…{2,}|_{5,}")
_LEADERS, _MOSTLY = 3, 0.15
_SIGNS = ("..", ". .", "……", "_____")


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
    empty = [_says_nothing(stored) for stored, _ in ranked]
    prose = [pair for pair, nothing in zip(ranked, empty, strict=True) if not nothing]
    # Below all prose also by score, for who sorts the hits of several answers.
    least = min((score for _, score in prose), default=1.0)
    scraps = [
        (stored, least * score)
        for (stored, score), nothing in zip(ranked, empty, strict=True)
        if nothing
    ]
    top = max((score for _, score in ranked), default=1.0)
    return prose + [(stored, score / max(top, 1.0)) for stored, score in scraps]


def _says_nothing(stored: StoredPassage) -> bool:
    passage = stored.passage
    if passage.kind in _LAST or len(passage.text.split()) < _FEWEST_WORDS:
        return True
    # Nearly every passage has none, which is told sooner than by looking for all.
    if not any(sign in passage.text for sign in _SIGNS):
        return False
    leaders = [found.group() for found in _LEADER.finditer(passage.text)]
    return len(leaders) >= _LEADERS or sum(map(len, leaders)) > _MOSTLY * len(passage.text)


def grouped(ranked: Sequence[Ranked]) -> list[tuple[str, list[Ranked]]]:
    """The ranked passages by document, the document of the best passage first."""
    groups: dict[str, list[Ranked]] = {}
    for pair in ranked:
        groups.setdefault(pair[0].passage.document, []).append(pair)
    return list(groups.items())
