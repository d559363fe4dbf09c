"""Words as BM25 sees them: their roots with Okapi weights, as sparse vectors.

The inverse document frequency is applied by the engine, over what it holds at query time.
Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009).
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from functools import cache, lru_cache
from importlib.resources import files
from threading import local

import Stemmer
import yaml

from miner import spelling
from miner.index.schema import Sparse

VERSION = "3"
"""Grows when what is read of a word changes: stores are then given their words anew."""

K1 = 1.2
B = 0.75
# Stems per passage over the measured corpus; a constant keeps stored vectors valid as it grows.
AVERAGE_LENGTH = 60.0

_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nl": "dutch", "no": "norwegian", "nb": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# As words are searched: "co-operation" is one.
WORD = spelling.word_pattern()
_STEMMERS = local()


def stems(text: str, language: str = "en") -> list[str]:
    """The stems of `text` in order, without the stop words of its language.

    Languages without a Snowball stemmer keep their words as they are, lower-cased.
    """
    stop = stopwords().get(language, frozenset())
    words = [word for word in _WORD.findall(text.lower().replace("’", "'")) if word not in stop]
    stemmer = _stemmer(language)
    return words if stemmer is None else list(stemmer.stemWords(words))


def roots(text: str, language: str = "en") -> list[str]:
    """The stems of `text` as they are searched: in English, both spellings of a word have one
    root, and so have "cybersecurity" and "cyber security"; in other languages they are `stems`.
    """
    if language != "en":
        return stems(text, language)
    words = text.lower().replace("’", "'")
    return [root for match in WORD.finditer(words) for root in _english(match.group())]


@lru_cache(maxsize=200_000)
def word_roots(word: str, language: str) -> tuple[str, ...]:
    """`roots` of one word, which is quicker for a text whose words are asked one by one."""
    return tuple(roots(word, language))


@lru_cache(maxsize=200_000)
def _english(word: str) -> tuple[str, ...]:
    parts = spelling.parted(word.replace("-", "").removesuffix("'s"))
    stop, stemmer = stopwords()["en"], _stemmer("en")
    assert stemmer is not None
    kept = [spelling.one_spelling(part) for part in parts if part not in stop]
    return tuple(stemmer.stemWords(kept))


def document_vector(text: str, language: str = "en") -> Sparse:
    """Okapi term weights of a passage: tf (k1 + 1) / (tf + k1 (1 - b + b length / average))."""
    found = roots(text, language)
    norm = K1 * (1 - B + B * len(found) / AVERAGE_LENGTH)
    counts = Counter(map(term, found))
    items = sorted(counts.items())
    return Sparse(
        tuple(index for index, _ in items),
        tuple(tf * (K1 + 1) / (tf + norm) for _, tf in items),
    )


def query_vector(text: str, language: str = "en") -> Sparse:
    """Each root of a query once, with weight 1 per occurrence."""
    items = sorted(Counter(map(term, roots(text, language))).items())
    return Sparse(tuple(index for index, _ in items), tuple(float(n) for _, n in items))


@cache
def stopwords() -> dict[str, frozenset[str]]:
    """Function words by language, for those languages that have a list."""
    text = (files("models") / "lexicon" / "stopwords.yaml").read_text("utf-8")
    return {language: frozenset(words.split()) for language, words in yaml.safe_load(text).items()}


@lru_cache(maxsize=200_000)
def term(stem: str) -> int:
    """The dimension of a stem (or of any name): its CRC-32, an unsigned 32-bit number."""
    return zlib.crc32(stem.encode())


def _stemmer(language: str) -> Stemmer.Stemmer | None:
    algorithm = _ALGORITHMS.get(language)
    if algorithm is None:
        return None
    # A stemmer object is not safe to share between threads.
    held: dict[str, Stemmer.Stemmer] = _STEMMERS.__dict__.setdefault("held", {})
    if algorithm not in held:
        held[algorithm] = Stemmer.Stemmer(algorithm)
    return held[algorithm]
