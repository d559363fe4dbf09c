"""Quality: how much of a text looks like written language, whatever its script.

A text layer made without its fonts' code tables reads as symbols, private-use characters or
letters of the wrong words. Each whitespace token is judged alone; the quality is the share of
characters in tokens that pass. Nothing here knows a language: only scripts, vowels where a
script writes them, and the order of upper and lower case.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import lru_cache

GARBLED_BELOW = 0.6
"""Real documents of the corpus score 0.85 and more; legacy-font pages 0.1 to 0.5."""
MIN_LETTERS = 40
"""A page with fewer characters is too short to be called garbled."""

_BASE_VOWELS = {
    "LATIN": set("aeiouyæœøıə"),
    "CYRILLIC": set("аеёиоуыэюяіїєўјѣ"),
    "GREEK": set("αεηιουω"),
}
_EDGE = "'\"“”‘’«»„()[]{}<>.,;:!?…·•–—-*/\\|%#&+=~_`´§°©®™†‡¹²³⁰⁴⁵⁶⁷⁸⁹،؛؟。、「」"
_INNER = re.compile(
    r"[-'’./:,&@_–—=?%#+()\[\]·\u00ad\u200c\u200d|<>\"“”«»*，。、：；！？（）《》「」]"
)
_LATIN_RUN = re.compile(r"[bcdfghjklmnpqrstvwxzßçñšžčćđłńśźżťďňľ]{6,}")
_LATIN = re.compile(r"[a-zA-Z]")
_LATIN_VOWEL = re.compile(r"[aeiouyAEIOUY]")
_BAD_CATEGORIES = {"Cc", "Cn", "Co", "Cs"}


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    return unicodedata.name(char, "NONE").split(" ", 1)[0]


@lru_cache(maxsize=4096)
def _base(char: str) -> str:
    return unicodedata.normalize("NFD", char.lower())[0]


@lru_cache(maxsize=200_000)
def plausible(token: str) -> bool:
    """Whether one whitespace-separated token looks like a word, a number or punctuation."""
    if "\ufffd" in token or any(unicodedata.category(char) in _BAD_CATEGORIES for char in token):
        return False
    core = token.strip(_EDGE)
    if not core or "://" in core or "@" in core or core.startswith("www."):
        return True
    return all(_plausible_part(part) for part in _INNER.split(core) if part)


def _plausible_part(part: str) -> bool:
    letters = [char for char in part if char.isalpha()]
    odd = [c for c in part if not c.isalnum() and not unicodedata.category(c).startswith("M")]
    if odd and (letters or len(odd) > 2):
        return False
    if len(letters) < 2:
        return len(part) <= 24
    scripts = {_script(char) for char in letters}
    if len(scripts & set(_BASE_VOWELS)) > 1:
        return False
    if len(letters) > 45 and not scripts & {"CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO"}:
        return False
    if _case_is_mixed(part):
        return False
    script = next(iter(scripts))
    vowels = _BASE_VOWELS.get(script)
    if vowels is None or len(letters) != len(part):
        return True
    if _is_doubled(part):
        return False
    acronym = part.isupper() and len(part) <= 6
    has_vowel = any(_base(char) in vowels for char in letters)
    # Slavic words such as "smrt" have an r or l for a vowel.
    syllabic = len(part) <= 6 and any(_base(char) in "rlрл" for char in letters)
    if len(part) >= 4 and not (has_vowel or acronym or syllabic or _is_roman(part)):
        return False
    return not (script == "LATIN" and _LATIN_RUN.search(part.lower()))


def _case_is_mixed(part: str) -> bool:
    """Two or more turns from lower to upper case in one word: names like "McAfee" have one."""
    return sum(a.islower() and b.isupper() for a, b in itertools.pairwise(part)) >= 2


def _is_doubled(part: str) -> bool:
    return (
        len(part) >= 4
        and len(part) % 2 == 0
        and all(part[i].lower() == part[i + 1].lower() for i in range(0, len(part), 2))
        and len(set(part)) > 1
    )


def _is_roman(part: str) -> bool:
    return not set(part.lower()) - set("ivxlcdm")


def quality(text: str) -> float:
    """Share, 0 to 1, of the characters of `text` that stand in plausible tokens; 1 if empty.

    The share is lowered where the text as a whole cannot be prose: more than a quarter of its
    words are single letters (letters are missing between them; real prose has up to 0.2, in
    Portuguese), or less than a quarter of its Latin letters are vowels (letters are shifted;
    real prose has 0.35 to 0.5).
    """
    good = bad = words = single = 0
    for token in text.split():
        if plausible(token):
            good += len(token)
        else:
            bad += len(token)
        if token[0].isalpha():
            words += 1
            single += len(token) == 1 and token < "\u0590"
    if good + bad == 0:
        return 1.0
    share = single / words if words >= 20 else 0.0
    return good / (good + bad) * max(0.0, 1.0 - 2.0 * max(0.0, share - 0.25)) * _vowels(text)


def _vowels(text: str) -> float:
    """1 where enough of the unaccented Latin letters are vowels, less in step below a quarter."""
    letters = len(_LATIN.findall(text))
    if letters < 60:
        return 1.0
    share = len(_LATIN_VOWEL.findall(text)) / letters
    return min(1.0, 0.8 * share / 0.25) if share < 0.25 else 1.0


def is_garbled(text: str, share: float | None = None) -> bool:
    """Whether a page's text is not language (`share` is its quality, where known)."""
    if sum(map(len, text.split())) < MIN_LETTERS:
        return False
    return (quality(text) if share is None else share) < GARBLED_BELOW
