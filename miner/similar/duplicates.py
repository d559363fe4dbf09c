"""Near-duplicates: passages that repeat one another, told by the runs of words they share.

Source: Broder, On the Resemblance and Containment of Documents (1997).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

Shingles = frozenset[tuple[str, ...]]

_RUN = 4
# Half of all runs of four words are lost where one word in seven is another.
_RESEMBLANCE = 0.5
# One text within another: an excerpt, or the same paragraph cut elsewhere.
_CONTAINMENT = 0.8
_FEWEST = 8
_WORD = re.compile(r"[^\W_]+")


def shingles(text: str) -> Shingles:
    """All runs of four words of a text, without case and punctuation; of fewer words, the text."""
    words = [word.casefold() for word in _WORD.findall(text)]
    if len(words) <= _RUN:
        return frozenset([tuple(words)]) if words else frozenset()
    return frozenset(zip(*(words[at:] for at in range(_RUN)), strict=False))


def repeats(first: Shingles, second: Shingles) -> bool:
    """Whether two texts say the same in nearly the same words, or one holds the other."""
    if not first or not second:
        return False
    small, large = sorted((first, second), key=len)
    shared = len(small & large)
    if not shared:
        return False
    if shared >= _RESEMBLANCE * (len(small) + len(large) - shared):
        return True
    return len(small) >= _FEWEST and shared >= _CONTAINMENT * len(small)


def folded(texts: Iterable[str]) -> list[list[int]]:
    """Texts by what they repeat: groups of positions, each led by its first text."""
    groups: list[tuple[Shingles, list[int]]] = []
    for position, text in enumerate(texts):
        runs = shingles(text)
        for lead, members in groups:
            if repeats(lead, runs):
                members.append(position)
                break
        else:
            groups.append((runs, [position]))
    return [members for _, members in groups]
