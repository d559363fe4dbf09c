"""What two passages share: concepts decided on both, and words that stand together in both."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from miner import lexical
from miner.evidence import Evidence
from miner.store import StoredPassage
from miner.tagging.tag import TaggedPassage

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_MOST = 6
# A word that stands alone says little unless it is long.
_LONG = 7


def shared_concepts(one: TaggedPassage, other: TaggedPassage) -> tuple[str, ...]:
    """Concepts decided on both, in the codebook's order."""
    held = {tag.concept for tag in one.decided}
    return tuple(tag.concept for tag in other.decided if tag.concept in held)


def highlights(
    stored: StoredPassage, concepts: Sequence[str], text: str, language: str
) -> tuple[Evidence, ...]:
    """Spans of the stored passage: evidence of these concepts, and what it shares with `text`.

    Shared words are the runs of two and more of the same stems; where there is none, the longest
    single ones.
    """
    own = stored.passage.text
    spans = [
        (item.start, item.end)
        for tag in stored.tagged.decided
        if tag.concept in set(concepts)
        for item in tag.evidence
    ][:_MOST]
    spans += _runs(own, stored.passage.language, text, language)[:_MOST]
    return tuple(Evidence(start, end, own[start:end]) for start, end in _merged(spans))


def _runs(own: str, own_language: str, text: str, language: str) -> list[tuple[int, int]]:
    """Spans of `own`, the longest first, whose stems follow one another in `text` as well."""
    theirs = lexical.stems(text, language)
    pairs = set(itertools.pairwise(theirs))
    words = [
        (stem[0], match.span())
        for match in _WORD.finditer(own)
        if (stem := lexical.stems(match.group(), own_language))
    ]
    found: list[tuple[int, int]] = []
    for (one, (start, _)), (two, (_, end)) in itertools.pairwise(words):
        if (one, two) in pairs:
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
    if not found:
        known = set(theirs)
        found = [span for stem, span in words if stem in known and span[1] - span[0] >= _LONG]
    return sorted(found, key=lambda span: (span[0] - span[1], span[0]))


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
