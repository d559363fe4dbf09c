"""What the passages of a document say about a framework, as arrays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from miner.alignment.rule import rule
from miner.commitments import Strength, strength
from miner.document import BlockType
from miner.passages import Passage
from miner.tagging.tag import TaggedPassage
from miner.taxonomy import Framework, Stance

Pair = tuple[Passage, TaggedPassage]
_PROSE = frozenset({BlockType.BODY, BlockType.LIST, BlockType.TABLE})
_BINDS = frozenset({Stance.COMMITMENT, Stance.IN_PLACE})


@dataclass(frozen=True, slots=True)
class Measured:
    """A document's policy prose, n passages, against a framework of c concepts.

    pairs: the passages. probabilities, decided: (n, c). words: (n,). firm: (n,), how firmly
    each passage binds, 0 to 1. strengths: the same with its parts.
    on_subject: whether the document as a whole is about the framework's subject.
    subject_share: share of the passages that name it (1 where the framework names none).
    """

    pairs: tuple[Pair, ...]
    probabilities: NDArray[np.float64]
    decided: NDArray[np.bool_]
    words: NDArray[np.float64]
    firm: NDArray[np.float64]
    strengths: tuple[Strength, ...]
    on_subject: bool
    subject_share: float


def measure(pairs: Sequence[Pair], framework: Framework) -> Measured:
    """The prose of a document whose tags name the framework's concepts.

    Contents, references, footnotes, noise, and what the model abstained on are no policy prose;
    words that came before count once.
    """
    prose = tuple(_once(pair for pair in pairs if is_prose(pair)))
    ids = [concept.id for concept in framework.concepts]
    shape = (len(prose), len(ids))
    found = [{tag.concept: tag for tag in tagged.tags} for _, tagged in prose]
    p = np.array([[tags[i].probability for i in ids] for tags in found], float).reshape(shape)
    decided = np.array([[tags[i].decided for i in ids] for tags in found], bool).reshape(shape)
    named = _named(prose, framework.subject)
    share = float(named.mean()) if len(prose) else 1.0
    about = len(prose) < rule()["subject_passages"] or share >= rule()["subject_share"]
    if not about:
        p, decided = p * named[:, None], decided & named[:, None]
    strengths = tuple(_strength(passage.text, tagged.stance.label) for passage, tagged in prose)
    return Measured(
        prose,
        p,
        decided,
        np.array([len(passage.text.split()) for passage, _ in prose], float),
        np.array([one.value for one in strengths], float),
        strengths,
        about,
        share,
    )


def is_prose(pair: Pair) -> bool:
    passage, tagged = pair
    return (
        passage.kind in _PROSE
        and tagged.abstained is None
        and tagged.stance.label is not Stance.NOISE
    )


def _once(pairs: Iterable[Pair]) -> list[Pair]:
    """The passages without those whose words came before."""
    found: dict[str, Pair] = {}
    for pair in pairs:
        found.setdefault(" ".join(pair[0].text.lower().split()), pair)
    return list(found.values())


def _named(prose: Sequence[Pair], subject: tuple[str, ...]) -> NDArray[np.bool_]:
    if not subject:
        return np.ones(len(prose), bool)
    words = _pattern(subject)
    return np.array([words.search(passage.text) is not None for passage, _ in prose], bool)


@lru_cache(maxsize=32)
def _pattern(subject: tuple[str, ...]) -> re.Pattern[str]:
    """Beginnings of words; what is written in capitals is matched as it is."""
    written = [re.escape(word).replace(r"\ ", r"\s+") for word in subject]
    parts = [
        part if word.isupper() else f"(?i:{part})"
        for word, part in zip(subject, written, strict=True)
    ]
    return re.compile(rf"\b(?:{'|'.join(parts)})")


@lru_cache(maxsize=20_000)
def _strength(text: str, stance: Stance) -> Strength:
    """Kept, since a stored document is aligned to one framework after the other."""
    return strength(text, stance)
