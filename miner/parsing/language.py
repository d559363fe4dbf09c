"""Language: ISO 639-1 codes for documents and passages, by lingua on samples."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import lru_cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

UNKNOWN = "und"
_CODES = (
    "ALBANIAN ARABIC AZERBAIJANI BOSNIAN BULGARIAN CHINESE CROATIAN CZECH DANISH DUTCH ENGLISH "
    "ESTONIAN FINNISH FRENCH GERMAN GREEK HEBREW HUNGARIAN INDONESIAN ITALIAN JAPANESE KOREAN "
    "LATVIAN LITHUANIAN MACEDONIAN PERSIAN POLISH PORTUGUESE ROMANIAN RUSSIAN SERBIAN SLOVAK "
    "SLOVENE SPANISH SWEDISH THAI TURKISH UKRAINIAN VIETNAMESE"
).split()
_SIBLINGS = {"bs", "hr", "sr"}
"""Too near each other for one passage to tell; the document's own vote decides."""
_MIN_LETTERS = 40
_SAMPLES = 7
_SAMPLE = 500
_WORD = re.compile(r"[^\W\d_]+")
_FREQUENT = 80
_CHUNKS = 20
_CHUNK = 700


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    languages = [Language[name] for name in _CODES if name in Language.__members__] if hasattr(
        Language, "__members__"
    ) else [getattr(Language, name) for name in _CODES]  # fmt: skip
    builder = LanguageDetectorBuilder.from_languages(*languages)
    return builder.with_low_accuracy_mode().build()


def detect(text: str) -> str:
    """The language of `text` as ISO 639-1, or `und` under 40 letters or where it is unsure."""
    if sum(map(len, _WORD.findall(text))) < _MIN_LETTERS:
        return UNKNOWN
    values = _detector().compute_language_confidence_values(text.lower()[:_SAMPLE])
    if not values or values[0].value < 0.5:
        return UNKNOWN
    return str(values[0].language.iso_code_639_1.name).lower()


def likely(text: str, languages: Collection[str]) -> dict[str, float]:
    """How likely each of these languages (ISO 639-1) is, of a text of any length; they sum to 1.

    Languages that cannot be told are left out; an empty dict where none can.
    """
    values = _detector().compute_language_confidence_values(text.lower()[:_SAMPLE])
    found = {str(one.language.iso_code_639_1.name).lower(): one.value for one in values}
    kept = {name: found[name] for name in languages if found.get(name)}
    total = sum(kept.values())
    return {name: value / total for name, value in kept.items()} if total else {}


def language_of(text: str) -> str:
    """The language of most of seven samples of `text`, taken at even distances."""
    if len(text) <= _SAMPLE:
        return detect(text)
    step = max((len(text) - _SAMPLE) // _SAMPLES, 1)
    votes: Counter[str] = Counter()
    for start in range(step // 2, len(text) - _SAMPLE + step, step):
        code = detect(text[start : start + _SAMPLE])
        if code != UNKNOWN:
            votes[code] += 1
    if not votes:
        return UNKNOWN
    return votes.most_common(1)[0][0]


class Profile:
    """A document's language and its most frequent words, to spot passages in another one.

    Asking lingua costs about a millisecond a passage; comparing with the words that the
    document itself uses most costs a fiftieth and settles nearly all of them.
    """

    def __init__(self, text: str, language: str) -> None:
        self._language = language
        step = max(len(text) // _CHUNKS, _CHUNK)
        chunks = [text[at : at + _CHUNK] for at in range(0, len(text), step)]
        # Chunks in a second language would teach its words as the document's own.
        own = [chunk for chunk in chunks if detect(chunk) == language] or chunks
        # Spread over the text, not only frequent: a foreign page has frequent words too.
        counts: Counter[str] = Counter()
        for chunk in own:
            counts.update({word for word in _WORD.findall(chunk.lower()) if len(word) < 6})
        least = 0.25 * len(own) if len(own) > 3 else 1
        common = counts.most_common(_FREQUENT)
        self._frequent = frozenset(word for word, count in common if count >= least)

    def language(self, text: str) -> str:
        """The language of a passage of the document, ISO 639-1, or `und`."""
        words = _WORD.findall(text.lower())
        if sum(map(len, words)) < _MIN_LETTERS:
            return self._language if self._known(words, 0.0) else UNKNOWN
        if self._known(words, 0.18):
            return self._language
        found = detect(text)
        if {found, self._language} <= _SIBLINGS:
            return self._language
        if found == UNKNOWN:
            return self._language if self._known(words, 0.08) else UNKNOWN
        return found

    def _known(self, words: list[str], share: float) -> bool:
        hits = sum(word in self._frequent for word in words)
        return hits > share * len(words)
