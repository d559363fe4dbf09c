"""The answer: a document against the statements of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from miner.alignment.interval import Interval
from miner.alignment.reference.statement import Statement
from miner.commitments import Strength
from miner.document import Box
from miner.taxonomy import Stance

Verdict = Literal["matched", "partly", "not found"]


@dataclass(frozen=True, slots=True)
class MatchedPassage:
    """A passage that says a statement, or comes nearest to it.

    quote: its sentence nearest to the statement, at start to end of the document's text.
    partly, whole: probabilities that the passage says part of the statement, and all of it.
    """

    passage: str
    page: int
    heading_path: tuple[str, ...]
    quote: str
    start: int
    end: int
    text: str
    partly: float
    whole: float
    stance: Stance
    commitment: Strength
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementMatch:
    """A statement of the reference and what the document says to it.

    partly, whole: probabilities that the document says part of it, and all of it.
    concepts: ids of the codebook's concepts that the statement carries.
    evidence: passages that say it, likeliest first; nearest: where none does, the best.
    """

    statement: Statement
    concepts: tuple[str, ...]
    verdict: Verdict
    partly: float
    whole: float
    evidence: tuple[MatchedPassage, ...]
    nearest: tuple[MatchedPassage, ...]


@dataclass(frozen=True, slots=True)
class Beyond:
    """A statement of the document that answers to none of the reference's."""

    statement: Statement
    concepts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReferenceAlignment:
    """A document against the statements of a reference document.

    score: the mean over statements of (partly + whole) / 2, what is expected where matched
    counts 1, partly one half. interval: 95 %, over statements and the model's doubt.
    beyond: what the document has that the reference has not, firmest first; beyond_total: how
    many such statements there are.
    """

    reference: str
    title: str
    score: float
    interval: Interval
    matched: int
    partly: int
    not_found: int
    statements: tuple[StatementMatch, ...]
    beyond: tuple[Beyond, ...]
    beyond_total: int
    rule: str
    model: str
    encoder: str
    cautions: tuple[str, ...] = ()
