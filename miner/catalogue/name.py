"""Names as people spell them, made comparable: case, accents and punctuation do not count."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe", "ʻ": ""}
)
_PUNCTUATION = re.compile(r"[\W_]+")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """`text` in lower case, without accents, each run of punctuation as one space.

    "Côte d'Ivoire" gives "cote d ivoire", "St. Kitts & Nevis" gives "st kitts and nevis".
    """
    bare = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    letters = "".join(mark for mark in bare if not unicodedata.combining(mark))
    return _PUNCTUATION.sub(" ", letters.translate(_LETTERS)).strip()


def squeeze(text: str) -> str:
    """`fold` without spaces: "Bosnia and Herzegovina" gives "bosniaandherzegovina"."""
    return fold(text).replace(" ", "")
