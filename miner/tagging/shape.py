"""The shape of a text, which tells what is no prose: contents, endnotes, tables, lists of names.

The tuned encoder reads for what is said and lets runs of dots and figures pass. A linear model
over sixteen numbers speaks beside it for the stance `noise`, and for that one alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_DIGITS = re.compile(r"\d+")
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|shall|must|should|may|can|could|would|does|do"
    r"|aims?|includes?|provides?|ensures?|requires?)\b"
)
_LEADERS = re.compile(r"\.{4,}|(?:\. ){4,}")
_NUMBERED = re.compile(r"(?:^|[.\s])\d{1,3}[.)]? (?=[A-Z])")
_SOURCES = re.compile(
    r"https?:|www\.|ibid|op\. cit|\bpp?\. ?\d|Source:|Figure \d|Table \d|©|ISBN", re.IGNORECASE
)
# Letters of which every match of `_SOURCES` holds some: looking for them takes a tenth of the time.
_SIGNS = ("http", "www.", "ibid", "op. cit", "p.", "source:", "figure ", "table ", "©", "isbn")
_ENDS = re.compile(r"[.!?](?:\s|$)")
_SINGLE = re.compile(r"\b\w\b")
# Letters that the PDF set twice: PPrriioorriittyy.
_DOUBLED = re.compile(r"([A-Za-z])\1([A-Za-z])\2")
_NOTES = re.compile(r"\b(?:see|note \d|quoted|cited|available at)\b", re.IGNORECASE)
# A page of sources is no more noise than a paragraph of them.
_MOST = 5


def shape(text: str) -> list[float]:
    """Sixteen numbers: capitals, digits, verbs, dot leaders and the like; shares, about 0 to 1,
    and of the rare ones (sources, notes, letters set twice) how many there are, up to five."""
    words, lowered = text.split(), text.lower()
    size = max(len(words), 1)
    capitals = sum([word[0].isupper() for word in words]) / size
    digits = sum([_DIGITS.search(word) is not None for word in words if not word.isalpha()]) / size
    verbs = len(_VERB.findall(text))

    def often(pattern: re.Pattern[str], scale: float) -> float:
        return len(pattern.findall(text)) / size * scale

    def capped(pattern: re.Pattern[str]) -> float:
        return float(min(len(pattern.findall(text)), _MOST))

    return [
        capitals,
        float(capitals > 0.35),
        float(capitals > 0.5),
        digits,
        float(digits > 0.12),
        verbs / size * 10,
        float(verbs == 0),
        float((".." in text or ". ." in text) and bool(_LEADERS.search(text))),
        often(_NUMBERED, 20),
        capped(_SOURCES) if any(map(lowered.__contains__, _SIGNS)) else 0.0,
        often(_ENDS, 20),
        often(_SINGLE, 5),
        capped(_DOUBLED),
        text.count("•") / size * 20,
        float(text[:1].islower()),
        capped(_NOTES),
    ]


@dataclass(frozen=True, slots=True)
class Shape:
    """The linear model. weights: (16,), of the numbers as they come. bias: of the logit."""

    weights: NDArray[np.float32]
    bias: float

    @classmethod
    def fit(cls, texts: Sequence[str], noise: Sequence[bool], weight: Sequence[float]) -> Shape:
        """Fit on texts of which some are noise, as if half of them were. Deterministic.

        Without any noise, or with nothing else, the model says nothing.
        """
        from sklearn.linear_model import LogisticRegression
        from sklearn.preprocessing import StandardScaler

        shapes = np.array([shape(text) for text in texts])
        if len(set(noise)) < 2:
            return cls(np.zeros(shapes.shape[1], dtype=np.float32), 0.0)
        scaler = StandardScaler().fit(shapes)
        head = LogisticRegression(class_weight="balanced", max_iter=1000)
        head.fit(scaler.transform(shapes), noise, sample_weight=weight)
        weights = head.coef_[0] / scaler.scale_
        bias = float(head.intercept_[0] - weights @ scaler.mean_)
        return cls(weights.astype(np.float32), round(bias, 6))

    def logits(self, texts: Sequence[str]) -> NDArray[Any]:
        """How much the shape of each text speaks for noise, (n,)."""
        shapes = np.array([shape(text) for text in texts]).reshape(-1, len(self.weights))
        return np.asarray(shapes @ self.weights + self.bias)
