"""What stands in for models in tests: fast, deterministic, and plain enough to predict."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from miner.tagging.features import Vocabulary
from miner.tagging.heads import Heads
from miner.tagging.shape import Shape
from miner.tagging.tagger import Tagger
from miner.taxonomy import Stance, codebook

KEYWORDS = {
    "dim.incident_management": r"incident|cert|csirt|response team",
    "dim.education_training": r"school|train|scholarship|skill|student",
    "dim.legal_criminal_justice": r"crime|penal|police|court",
    "prin.gender_sensitive": r"wom[ae]n|gender",
    "norm.i_supply_chain": r"supply chain|supplier",
}
STANCES = {
    Stance.NOISE: r"\.{4}|contents",
    Stance.IN_PLACE: r"\bwas founded|has been|has operated|works? \b",
    Stance.COMMITMENT: r"\b(will|shall)\b",
}


class KeywordTuned:
    """Logits of the tuned encoder by keyword: 3 for what a word names, else -6."""

    id = "keywords@test"
    dimension = len(codebook()) + len(Stance)

    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([self._row(text.lower()) for text in texts], dtype=np.float32).reshape(
            len(texts), self.dimension
        )

    @staticmethod
    def _row(text: str) -> list[float]:
        concepts = [
            3.0 if re.search(KEYWORDS.get(concept, "(?!)"), text) else -6.0
            for concept in codebook()
        ]
        said = next(
            (s for s, words in STANCES.items() if re.search(words, text)), Stance.DESCRIPTIVE
        )
        return [*concepts, *(3.0 if stance is said else 0.0 for stance in Stance)]


def heads(words: Sequence[str] = ("incident", "crime", "train")) -> Heads:
    """Heads that leave everything to the tuned encoder."""
    size = len(codebook())
    return Heads(
        concepts=tuple(codebook()),
        stances=tuple(stance.value for stance in Stance),
        vocabulary=Vocabulary(tuple(words), np.ones(len(words), dtype=np.float32)),
        concept_weights=np.zeros((size, len(words)), dtype=np.float32),
        concept_bias=np.zeros(size, dtype=np.float32),
        lexical_share=0.0,
        calibration=np.tile(np.array([1.0, 0.0], dtype=np.float32), (size, 1)),
        thresholds=np.full(size, 0.5, dtype=np.float32),
        shape=Shape(np.zeros(16, dtype=np.float32), 0.0),
        shape_share=0.0,
        stance_bias=np.zeros(len(Stance), dtype=np.float32),
        stance_temperature=1.0,
        card={},
    )


def tagger() -> Tagger:
    """A Tagger over `KeywordTuned`."""
    return Tagger(heads(), "tagger-test", KeywordTuned)


def install() -> None:
    """Put the stand-ins in place of the models, in a process that does nothing else."""
    from conftest import HashingEncoder

    import service.workspace

    made = tagger()
    Tagger.load = classmethod(lambda *_, **__: made)  # type: ignore[assignment, method-assign]
    service.workspace.load_encoder = lambda *_, **__: HashingEncoder()


def sample() -> Path:
    """The folder of the sample corpus."""
    return Path(__file__).resolve().parents[1] / "corpus" / "sample"
