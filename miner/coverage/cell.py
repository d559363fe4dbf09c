"""A Cell: what one document says of one concept, with the passages that say so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml

from miner.alignment import ConceptAlignment, EvidencePassage, Rate
from miner.linguistics import sentences
from miner.passages import Passage
from miner.taxonomy import Stance

# Passages that a cell keeps: the firmest of those that count, and the nearest misses.
KEPT = 10
_QUOTE = 400


class Level(StrEnum):
    """What may be said of a document and a concept, the most first.

    committed: a passage is decided for the concept and binds (it promises, aims, or says what is
    in place). described: one is decided, and nothing binds. likely: no single passage is sure
    enough, yet presence is more likely than not. unclear: too little of the document could be
    read to tell. absent: it was read, and no passage was found.
    """

    COMMITTED = "committed"
    DESCRIBED = "described"
    LIKELY = "likely"
    UNCLEAR = "unclear"
    ABSENT = "absent"


RANK = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage that counts for a cell, or nearly did.

    quote: the sentence with the words it rests on, at `start` to `end` of the document's text
    (its first 400 characters). probability: that the tag is right. strength: how firmly the
    passage binds, by its class of words (`modal`). Both 0 to 1.
    """

    passage: str
    page: int
    quote: str
    start: int
    end: int
    probability: float
    stance: Stance
    strength: float
    modal: str

    @property
    def weight(self) -> float:
        """How much it speaks for a commitment."""
        return self.probability * self.strength


@dataclass(frozen=True, slots=True)
class Cell:
    """One document and one concept; see `miner.alignment.ConceptAlignment` for the numbers.

    document: the document's id. evidence: the firmest of the `counted` passages that count, at
    most 10; all are in the document's alignment. nearest: misses, where few count. recall: how
    much of this concept the tagging model is known to find, None where that is not known.
    """

    concept: str
    document: str
    level: Level
    claim: str
    score: float
    interval: tuple[float, float]
    presence: float
    depth: float
    commitment: float
    counted: int
    evidence: tuple[Mark, ...]
    nearest: tuple[Mark, ...]
    recall: Rate | None = None


@dataclass(frozen=True, slots=True)
class LevelRule:
    """models/coverage/rule.yaml: from which weight on a passage commits."""

    version: str
    committed: float
    why: str


@cache
def level_rule() -> LevelRule:
    """The shipped rule."""
    data = yaml.safe_load((files("models") / "coverage" / "rule.yaml").read_text("utf-8"))
    row = data["committed"]
    return LevelRule(str(data["version"]), float(row["value"]), " ".join(row["why"].split()))


@cache
def known_commitments() -> Mapping[Level, Rate]:
    """By level, how often two readers of whole documents both found a commitment there, with n
    pairs of document and concept (`python -m evaluation levels --write`)."""
    data = json.loads((files("models") / "coverage" / "known.json").read_text("utf-8"))
    return {Level(level): Rate(**row) for level, row in data["committed"].items()}


def cell_of(document: str, found: ConceptAlignment, passages: Mapping[str, Passage]) -> Cell:
    """The cell of a document's concept, from an alignment with all of its evidence.

    passages: the document's, by id.
    """
    evidence = sorted(found.evidence, key=lambda one: -one.probability * one.commitment.value)
    return Cell(
        concept=found.concept,
        document=document,
        level=_level(found),
        claim=found.claim,
        score=found.score,
        interval=(found.interval[0], found.interval[1]),
        presence=found.presence,
        depth=found.depth,
        commitment=found.commitment,
        counted=found.counted,
        evidence=tuple(_mark(one, passages[one.passage]) for one in evidence[:KEPT]),
        nearest=tuple(_mark(one, passages[one.passage]) for one in found.nearest[:KEPT]),
        recall=found.recall,
    )


def _level(found: ConceptAlignment) -> Level:
    if found.claim == "likely":
        return Level.LIKELY
    if found.present:
        weights = (one.probability * one.commitment.value for one in found.evidence)
        binds = max(weights, default=0.0) >= level_rule().committed
        return Level.COMMITTED if binds else Level.DESCRIBED
    return Level.UNCLEAR if found.claim == "cannot tell" else Level.ABSENT


def _mark(found: EvidencePassage, passage: Passage) -> Mark:
    start, end = _sentence(passage, found.start - passage.start, found.end - passage.start)
    return Mark(
        passage=passage.id,
        page=passage.page,
        quote=passage.text[start:end],
        start=passage.start + start,
        end=passage.start + end,
        probability=found.probability,
        stance=found.stance,
        strength=found.commitment.value,
        modal=found.commitment.modal,
    )


def _sentence(passage: Passage, start: int, end: int) -> tuple[int, int]:
    """The sentences that hold a span: a single word convinces nobody."""
    spans = sentences(passage.text, passage.language)
    first = max((low for low, _ in spans if low <= start), default=start)
    last = min((high for _, high in spans if high >= end), default=end)
    if end - first > _QUOTE:
        first = start
    return first, min(last, first + _QUOTE)
