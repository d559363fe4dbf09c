"""What one document says that another does not, or says more or less firmly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from miner.changes.pledge import Pledge
from miner.store import StoredDocument, StoredPassage

Kind = Literal["added", "dropped", "strengthened", "weakened", "kept"]
ConceptKind = Literal["added", "dropped", "strengthened", "weakened", "kept", "absent"]
KINDS: tuple[Kind, ...] = ("added", "dropped", "strengthened", "weakened", "kept")


@dataclass(frozen=True, slots=True)
class Change:
    """One commitment, or several that say the same, and what became of it.

    id: made from its content. older, newer: what either document says, first the two that are
    most alike; one of them is empty where it was added or dropped.
    nearest: then the other document's nearest commitment and passage, as proof that it has
    nothing like it. likeness: probability that both sides (or the nearest) promise the same.
    reasons: sentences for people on why it is of this kind.
    """

    id: str
    kind: Kind
    older: tuple[Pledge, ...]
    newer: tuple[Pledge, ...]
    likeness: float
    reasons: tuple[str, ...]
    nearest: Pledge | None = None
    nearest_passage: StoredPassage | None = None

    @property
    def concepts(self) -> tuple[str, ...]:
        """Concepts of its sentences, each once."""
        return tuple(dict.fromkeys(c for p in (*self.newer, *self.older) for c in p.concepts))


@dataclass(frozen=True, slots=True)
class ConceptSide:
    """What one document says on a concept.

    passages: how many address it. committed: how many of these promise something; total: how
    many passages of the document promise anything. evidence: three commitments, those whose own
    words speak of it first, the firmest of these first; spoken: how many sentences do. nearest:
    the passage most likely to address it, where none is decided, with its `probability`.
    """

    passages: int
    committed: int
    total: int
    evidence: tuple[Pledge, ...] = ()
    spoken: int = 0
    nearest: StoredPassage | None = None
    probability: float = 0.0


@dataclass(frozen=True, slots=True)
class ConceptChange:
    """What became of a concept; `absent` where neither document addresses it."""

    concept: str
    label: str
    kind: ConceptKind
    older: ConceptSide
    newer: ConceptSide
    reason: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Two documents compared.

    unsettled: commitments of the older and of the newer document of which nothing is claimed:
    neither a match nor its absence is sure enough.
    rule, extractor, model: what it was made with. cautions: sentences for people.
    """

    older: StoredDocument
    newer: StoredDocument
    changes: tuple[Change, ...]
    concepts: tuple[ConceptChange, ...]
    unsettled: tuple[int, int]
    rule: str
    extractor: str
    model: str
    cautions: tuple[str, ...] = ()

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """The changes of one kind, the most telling first."""
        return tuple(change for change in self.changes if change.kind == kind)
