"""The answer: a document against a framework, as other programs read it. Fields are kept stable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from miner.alignment.evidence import EvidencePassage
from miner.alignment.interval import Interval
from miner.alignment.rates import Rate

if TYPE_CHECKING:
    from miner.alignment.reference.answer import ReferenceAlignment

Claim = Literal["found", "likely", "not found", "cannot tell"]
"""found: a passage is decided for it. likely: none is, but presence is more likely than not.
not found: neither. cannot tell: neither, and too little of the document could be read."""


@dataclass(frozen=True, slots=True)
class ConceptAlignment:
    """One concept's score and what it rests on.

    present: at least one passage counts for the concept (see the rule). presence, depth,
    commitment and score lie in 0 to 1. interval: 95 % interval of the score.
    evidence: all passages that count, most probable first. nearest: where fewer than three
    count, the best that did not. counted: how many count. claim: what may be said.
    share: of the document's words, those of the passages that count. percentile: share of the
    corpus's strategies that give the concept less; None for a concept it was not counted for.
    recall, precision: what the tagging model is known to find and to get right, on labelled
    passages; None where none were labelled. offset: what the calibration of presence adds to
    the log odds of this concept.
    """

    concept: str
    label: str
    group: str
    score: float
    present: bool
    presence: float
    depth: float
    commitment: float
    interval: Interval
    evidence: tuple[EvidencePassage, ...]
    nearest: tuple[EvidencePassage, ...]
    note: str = ""
    claim: Claim = "found"
    counted: int = 0
    share: float = 0.0
    percentile: float | None = None
    recall: Rate | None = None
    precision: Rate | None = None
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class GroupAlignment:
    """A group's score, or the overall one (group `overall`), with its 95 % interval."""

    group: str
    score: float
    interval: Interval
    present: int
    concepts: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """A document against a framework.

    weights: the numbers of the rule with which the scores can be computed again. read: the
    share of the document that could be read. cautions: what lowers what can be claimed.
    reference: the document against a reference document, where one was given.
    """

    document: str
    title: str
    framework: str
    framework_version: str
    rule: str
    model: str
    passages: int
    prose_words: int
    overall: GroupAlignment
    groups: tuple[GroupAlignment, ...]
    concepts: tuple[ConceptAlignment, ...]
    cautions: tuple[str, ...] = ()
    read: float = 1.0
    weights: Mapping[str, float] = field(default_factory=dict)
    reference: ReferenceAlignment | None = None
