"""What the lexical heads see of a passage: its stems, pairs of stems and matching rules.

Weights are TF-IDF with logarithmic term frequency and rows of unit length, so that long
passages do not shout.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from miner import lexical
from miner.tagging.patterns import rules

if TYPE_CHECKING:
    # Needed to train only, and slow to import; `miner.tagging.bag` gives the same numbers.
    from sklearn.feature_extraction.text import TfidfVectorizer

_RULE_WEIGHT = 8
_BROKEN = re.compile(r"(\w)[-\u00ad] (\w)")


def healed(text: str) -> str:
    """The text without the line-end hyphens that PDF extraction leaves inside words."""
    return _BROKEN.sub(r"\1\2", text)


def words(text: str) -> list[str]:
    """Stems, both spellings of a word as one, and pairs of neighbouring stems."""
    found = lexical.roots(healed(text))
    return found + [f"{first} {second}" for first, second in pairwise(found)]


def terms(text: str) -> list[str]:
    """`words`, and a mark for each concept whose rule matches."""
    lowered = text.lower()
    matched = [concept for concept, rule in rules().items() if rule.matches(text, lowered)]
    # Said several times, as a rule knows more than a word does.
    return words(text) + [f"§{concept}" for concept in matched for _ in range(_RULE_WEIGHT)]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms with their inverse document frequency, fixed at training."""

    terms: tuple[str, ...]
    idf: NDArray[np.float32]

    @classmethod
    def fit(cls, texts: Sequence[str], min_df: int, most: int) -> Vocabulary:
        """The terms that at least `min_df` texts hold, at most `most` of them."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        made = TfidfVectorizer(analyzer=terms, min_df=min_df, max_features=most).fit(texts)
        return cls(tuple(made.get_feature_names_out().tolist()), made.idf_.astype(np.float32))

    def columns(self) -> Mapping[str, int]:
        """Term to column."""
        return {term: column for column, term in enumerate(self.terms)}

    def vectorizer(self) -> TfidfVectorizer:
        """The transformer of texts to (n, len(terms)) sparse rows, float32."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        made = TfidfVectorizer(
            analyzer=terms, vocabulary=self.columns(), sublinear_tf=True, dtype=np.float32
        )
        made.idf_ = self.idf
        return made
