"""Changes: what a newer strategy added, strengthened, weakened or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field

from service.api.schemas.base import Answer, Request, Score, example
from service.api.schemas.commitments import Commitment
from service.api.schemas.document import Document
from service.api.schemas.examples import CONCEPT, DOCUMENT, OTHER_DOCUMENT_ID, PASSAGE, PASSAGE_ID
from service.api.schemas.filters import Value
from service.api.schemas.passage import Passage

if TYPE_CHECKING:
    from miner import changes as domain

Kind = Literal["added", "dropped", "strengthened", "weakened", "kept"]
ConceptKind = Literal["added", "dropped", "strengthened", "weakened", "kept", "absent"]


class ChangesQuery(Request):
    """Two documents, or a country whose first and last strategy are compared."""

    country: Annotated[Value | None, Field(description="Code or name.")] = None
    older: Annotated[Value | None, Field(description="Id of a stored document.")] = None
    newer: Annotated[Value | None, Field(description="Id of a stored document.")] = None


_NEAREST: dict[str, Any] = {"id": PASSAGE_ID, **PASSAGE}
_CHANGE: dict[str, Any] = {
    "id": "0d5c1a9be2f34801",
    "kind": "added",
    "older": [],
    "newer": [],
    "concepts": [CONCEPT],
    "likeness": 0.04,
    "reasons": [
        "no commitment like it was found (the nearest is alike with 0.04), and no passage holds "
        "more than 18 % of its telling words"
    ],
    "nearest": None,
    "nearest_passage": _NEAREST,
}


class Change(Answer):
    """What became of one commitment, with the words on both sides; where a side has none, with
    what it has nearest."""

    model_config = example(**_CHANGE)

    id: Annotated[str, Field(description="Made from its content.")]
    kind: Kind
    older: Annotated[list[Commitment], Field(description="The most alike first.")]
    newer: list[Commitment]
    concepts: list[str]
    likeness: Annotated[Score, Field(description="Probability that both promise the same.")]
    reasons: list[str]
    nearest: Annotated[
        Commitment | None, Field(description="The other document's nearest commitment.")
    ]
    nearest_passage: Annotated[
        Passage | None, Field(description="The passage with most of its telling words.")
    ]

    @classmethod
    def of(cls, change: domain.Change) -> Self:
        """From the domain."""
        return cls(
            id=change.id,
            kind=change.kind,
            older=[Commitment.of(pledge.entry) for pledge in change.older],
            newer=[Commitment.of(pledge.entry) for pledge in change.newer],
            concepts=list(change.concepts),
            likeness=change.likeness,
            reasons=list(change.reasons),
            nearest=Commitment.of(change.nearest.entry) if change.nearest else None,
            nearest_passage=(
                Passage.of(change.nearest_passage) if change.nearest_passage else None
            ),
        )


_SIDE: dict[str, Any] = {
    "passages": 0,
    "committed": 0,
    "total": 14,
    "evidence": [],
    "nearest": _NEAREST,
    "probability": 0.03,
}


class ConceptSide(Answer):
    """What one document says on a concept."""

    model_config = example(**_SIDE)

    passages: Annotated[int, Field(description="Passages that address it.")]
    committed: Annotated[int, Field(description="Those of them that promise something.")]
    total: Annotated[int, Field(description="Passages of the document that promise anything.")]
    evidence: Annotated[list[Commitment], Field(description="Three on it.")]
    nearest: Annotated[
        Passage | None, Field(description="Where none addresses it: the most likely one.")
    ]
    probability: Annotated[Score, Field(description="The highest of any passage.")]

    @classmethod
    def of(cls, side: domain.ConceptSide) -> Self:
        """From the domain."""
        return cls(
            passages=side.passages,
            committed=side.committed,
            total=side.total,
            evidence=[Commitment.of(pledge.entry) for pledge in side.evidence],
            nearest=Passage.of(side.nearest) if side.nearest is not None else None,
            probability=side.probability,
        )


_CONCEPT: dict[str, Any] = {
    "concept": CONCEPT,
    "label": "Report vulnerabilities",
    "kind": "added",
    "older": _SIDE,
    "newer": {**_SIDE, "passages": 3, "committed": 2, "nearest": None, "probability": 0.97},
    "reason": "no passage addresses it before, 3 do now",
}


class ConceptChange(Answer):
    """What became of a concept; `absent` where neither document addresses it."""

    model_config = example(**_CONCEPT)

    concept: str
    label: str
    kind: ConceptKind
    older: ConceptSide
    newer: ConceptSide
    reason: str

    @classmethod
    def of(cls, change: domain.ConceptChange) -> Self:
        """From the domain."""
        return cls(
            concept=change.concept,
            label=change.label,
            kind=change.kind,
            older=ConceptSide.of(change.older),
            newer=ConceptSide.of(change.newer),
            reason=change.reason,
        )


class Changes(Answer):
    """Two documents of a country compared, commitment by commitment and concept by concept."""

    model_config = example(
        older={**DOCUMENT, "id": OTHER_DOCUMENT_ID, "year": 2015},
        newer=DOCUMENT,
        changes=[_CHANGE],
        concepts=[_CONCEPT],
        unsettled={"older": 12, "newer": 9},
        rule="1",
        extractor="1-0a1b2c",
        model="policy-minilm@efff4518",
        cautions=[],
        others=[],
    )

    older: Document
    newer: Document
    changes: Annotated[
        list[Change], Field(description="Added, dropped, then matched; most telling first.")
    ]
    concepts: list[ConceptChange]
    unsettled: Annotated[
        dict[Literal["older", "newer"], int],
        Field(description="Commitments of which neither a match nor its absence is sure."),
    ]
    rule: str
    extractor: str
    model: str
    cautions: list[str]
    others: Annotated[
        list[str], Field(description="Ids of the country's documents that were not chosen.")
    ]

    @classmethod
    def of(cls, found: domain.Changes, others: list[str]) -> Self:
        """From the domain."""
        return cls(
            older=Document.of(found.older),
            newer=Document.of(found.newer),
            changes=[Change.of(change) for change in found.changes],
            concepts=[ConceptChange.of(change) for change in found.concepts],
            unsettled={"older": found.unsettled[0], "newer": found.unsettled[1]},
            rule=found.rule,
            extractor=found.extractor,
            model=found.model,
            cautions=list(found.cautions),
            others=others,
        )
