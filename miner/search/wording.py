"""What stands in a passage word for word: phrases in quotes, and words that are ruled out."""

from __future__ import annotations

import re
from functools import lru_cache

from miner import spelling
from miner.query import Interpretation
from miner.store import StoredPassage


def literally(stored: StoredPassage, reading: Interpretation) -> bool:
    """Whether the passage holds every phrase in quotes and nothing that was ruled out.

    A phrase is taken letter by letter, in whole words (but for case and line breaks); a word that
    is ruled out is so in the singular, the plural and both spellings.
    """
    text = " ".join(stored.passage.text.casefold().split())
    if not all(_there(phrase).search(text) for phrase in reading.phrases):
        return False
    return not any(_anywhere(words).search(text) for words in reading.excluded)


@lru_cache(maxsize=1024)
def _there(phrase: str) -> re.Pattern[str]:
    line = " ".join(phrase.casefold().split())
    begins, ends = (r"(?<!\w)" * line[:1].isalnum(), r"(?!\w)" * line[-1:].isalnum())
    return re.compile(f"{begins}{re.escape(line)}{ends}")


@lru_cache(maxsize=1024)
def _anywhere(words: str) -> re.Pattern[str]:
    *before, last = words.casefold().split() or [""]
    alike = "|".join(re.escape(form) for form in sorted(_forms(last)))
    line = r"[\s-]+".join([*map(re.escape, before), f"(?:{alike})"])
    return re.compile(rf"(?<!\w){line}(?!\w)")


def _forms(word: str) -> set[str]:
    """A word in both numbers and both spellings."""
    single = {word, spelling.base(word), *spelling.other_spellings(spelling.base(word))}
    return single | {_plural(form) for form in single if form.isalpha()}


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"
