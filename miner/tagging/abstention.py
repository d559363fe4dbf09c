"""Abstention: why the tagger keeps quiet on a text, in words that an analyst can read."""

from __future__ import annotations

import re

from miner.parsing.language import UNKNOWN
from miner.tagging.mixture import language_in
from miner.tagging.styles import FEWEST_WORDS, unknown_style

_LANGUAGES = frozenset({"en", UNKNOWN})
_FEWEST_LETTERS = 15
# Letters in one word at most; scripts without spaces are told by their language before.
_LONGEST_WORD = 80
_READ = 20_000
_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")
_LETTERS = re.compile(r"[^\W\d_]+")
_ENDLESS = re.compile(rf"[^\W\d_]{{{_LONGEST_WORD + 1}}}")
_TOO_LITTLE, _NO_WORDS = "there is too little text to tell", "these are no words"
_NO_TEXT = frozenset({_TOO_LITTLE, _NO_WORDS})


def silent(text: str, language: str | None) -> str | None:
    """Why the shipped model keeps quiet on this text, or None: `abstains`, and its style."""
    lowered = text.lower().replace("’", "'")
    words = lowered.split()
    style = unknown_style(text, lowered, words)
    why = _abstains(text, words, language)
    # Code and talk look like no language, or like any; their style says more.
    if style is None or why in _NO_TEXT or (why and len(words) < FEWEST_WORDS):
        return why
    return f"no figures for this style: {style}"


def abstains(text: str, language: str | None) -> str | None:
    """Why no model has figures for this text, whatever its style, or None.

    A language that cannot be told is most often a fragment of the language around it, so only
    a language that is known to be another one keeps the model quiet.
    """
    return _abstains(text, text.lower().split(), language)


def _abstains(text: str, words: list[str], language: str | None) -> str | None:
    # Of most texts the head has enough.
    if not any(sum(map(str.isalpha, part)) >= _FEWEST_LETTERS for part in (text[:80], text)):
        return _TOO_LITTLE
    if language is None or language in _LANGUAGES:
        language, share = language_in(text, words, language)
        if share < 1:
            return f"mixed languages: en, {language}"
    if language in _LANGUAGES:
        return _NO_WORDS if _is_garbled(text) else None
    return f"no figures for the language {language!r}"


def _is_garbled(text: str) -> bool:
    """Whether it is binary data, or letters without end: over 5 % of controls and characters that
    could not be decoded, or under half of the letters in words of 80 letters at most."""
    sample = text[:_READ]
    if len(_UNREADABLE.findall(sample)) > 0.05 * len(sample):
        return True
    if _ENDLESS.search(sample) is None:
        return False
    words = [len(word) for word in _LETTERS.findall(sample)]
    return sum(length for length in words if length <= _LONGEST_WORD) < 0.5 * sum(words)
