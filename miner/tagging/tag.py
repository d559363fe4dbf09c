"""A Tag: a concept that a passage addresses, with its probability and the words it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from miner.evidence import Evidence
from miner.taxonomy import Stance

Origin = Literal["pattern", "head", "analyst"]


@dataclass(frozen=True, slots=True)
class Tag:
    """One concept on one passage.

    probability: calibrated, 0 to 1. decided: the probability reaches the concept's threshold.
    by: who spoke: of the model `pattern` (a rule matched) or `head` (learnt weights), or an
    `analyst`, whose word counts before the model's (`miner.feedback`).
    """

    concept: str
    probability: float
    decided: bool
    by: Origin
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class StanceTag:
    """What the passage does, with the probability of that label.

    evidence: the words that bind ("shall", "Establish"), or tell of a measure ("has adopted"); none
    where it does neither, or in words that no list knows (`miner.modality`).
    """

    label: Stance
    probability: float
    by: Literal["head", "analyst"] = "head"
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class TaggedPassage:
    """All 28 probabilities (codebook order), the stance, and whether the model may speak.

    abstained: why the model keeps quiet (a language it has no figures for, text that is no
    language), else None; nothing is decided on an abstained passage.
    model: id of the model, derived from its content.
    """

    tags: tuple[Tag, ...]
    stance: StanceTag
    model: str
    abstained: str | None = None

    @property
    def decided(self) -> tuple[Tag, ...]:
        """The tags that hold."""
        return tuple(tag for tag in self.tags if tag.decided)
