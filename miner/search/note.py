"""What an answer says of itself: what hides hits, and which words and phrases nobody uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from miner import lexical
from miner.query import Chip, ChipKind, Interpretation

ENOUGH = 5
_LONGEST = 40
_TAGS = {ChipKind.CONCEPT, ChipKind.STANCE}
_FACTS = set(ChipKind) - _TAGS - {ChipKind.PHRASE, ChipKind.SPELLING}


def hidden(
    total: int,
    reading: Interpretation,
    without: Callable[[Chip], int],
) -> tuple[str, tuple[Chip, ...]]:
    """A sentence where the filters leave few passages, and the chips that hide the rest.

    without: how many passages are left where a
    chip is switched off. The chip that hides most comes first.
    """
    if total >= ENOUGH:
        return "", ()
    counts = {c: without(c) for c in reading.chips if c.kind in _FACTS | _TAGS}
    # Tags may only have ranked.
    filtering = [c for c in counts if c.kind in _FACTS or counts[c] > total]
    if not filtering:
        return "", ()
    ranked = sorted(filtering, key=lambda chip: -counts[chip])
    names = ", ".join(chip.label for chip in filtering)
    gains = ", ".join(f"{counts[c]:,} without “{c.label}”" for c in ranked if counts[c] > total)
    told = "Only one passage satisfies" if total == 1 else f"Only {total} passages satisfy"
    told = "No passage satisfies" if not total else told
    offered = f": switch a part off for a wider answer ({gains})." if gains else "."
    return f"{told} {names}{offered}", tuple(ranked)


def loosened(tags: Sequence[Chip], tagged: int) -> str:
    """Where concepts and stances would have left few passages, so that they only rank."""
    names = " and ".join(f"“{chip.label}”" for chip in tags)
    some = "None of these passages is" if not tagged else f"Only {tagged} of these are"
    return f"{some} tagged {names}: all of them are ranked instead."


def undated(year: Chip) -> str:
    """Where a year that leaves next to nothing is read as a word."""
    return f"Too little is dated {year.label}: the year is searched as a word."


def unheard(reading: Interpretation, hits: int) -> str:
    """Where words of the query stand in no passage."""
    if not reading.unknown:
        return ""
    names = ", ".join(f"“{word[:_LONGEST]}”" for word in reading.unknown[:8])
    near = " What follows is near in meaning at best." if hits else ""
    return f"No passage holds {names}.{near}"


def unquoted(reading: Interpretation, hits: int) -> tuple[str, tuple[Chip, ...]]:
    """Where a phrase in quotes stands nowhere, with the chips of the phrases."""
    phrases = tuple(chip for chip in reading.chips if chip.kind is ChipKind.PHRASE)
    if hits or not phrases:
        return "", ()
    names = " and ".join(chip.label for chip in phrases)
    return f"No passage holds {names} word for word: leave the quotation marks out.", phrases


def contradiction(reading: Interpretation) -> str:
    """Where a word is asked for and ruled out at once."""
    asked = set(lexical.roots(reading.text))
    both = [word for word in reading.excluded if asked & set(lexical.roots(word))]
    names = ", ".join(f"“{word}”" for word in both)
    return f"The query asks for {names} and rules it out." if both else ""


def wordless(query: str) -> str:
    """Where a query has no letter or digit."""
    return "" if any(sign.isalnum() for sign in query) else "There is no word to search for."
