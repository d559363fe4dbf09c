"""Framework and Concept: what documents are tagged with and aligned to."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field

from miner import taxonomy
from service.api.schemas.base import Answer, example
from service.api.schemas.examples import CONCEPT

_CONCEPT: dict[str, Any] = {
    "id": CONCEPT,
    "group": "norm",
    "label": "Report vulnerabilities",
    "definition": "States should encourage the responsible reporting of vulnerabilities.",
    "source": "gge2015",
    "include": ["coordinated disclosure"],
    "exclude": ["reporting of incidents"],
    "labels": ["vulnerability disclosure"],
    "frameworks": ["cyber-resilience", "un-norms"],
}
_FRAMEWORK: dict[str, Any] = {
    "id": "un-norms",
    "title": "UN norms of responsible state behaviour in cyberspace",
    "citation": "UN A/70/174, 2015",
    "version": "4b7f0c21d9e8",
    "default": False,
    "groups": ["norm"],
    "concepts": [_CONCEPT],
}


class Concept(Answer):
    """One thing that a passage can address."""

    model_config = example(**_CONCEPT)

    id: str
    group: str
    label: str
    definition: str
    source: str
    include: Annotated[list[str], Field(description="What counts as well.")]
    exclude: Annotated[list[str], Field(description="What does not count.")]
    labels: Annotated[list[str], Field(description="Other names that people use for it.")]
    frameworks: Annotated[list[str], Field(description="Ids of the frameworks that hold it.")]

    @classmethod
    def of(cls, concept: taxonomy.Concept) -> Self:
        """From the taxonomy."""
        holding = [
            framework.id
            for framework in taxonomy.frameworks().values()
            if concept.group in framework.groups
        ]
        return cls(
            id=concept.id,
            group=concept.group,
            label=concept.label,
            definition=concept.definition,
            source=concept.source,
            include=list(concept.include),
            exclude=list(concept.exclude),
            labels=list(concept.labels),
            frameworks=holding,
        )


class ConceptList(Answer):
    """All concepts, in the codebook's order."""

    model_config = example(items=[_CONCEPT], total=28)

    items: list[Concept]
    total: int


class Framework(Answer):
    """A choice of concepts that a document can be aligned to."""

    model_config = example(**_FRAMEWORK)

    id: str
    title: str
    citation: str
    version: Annotated[str, Field(description="Hash of its content.")]
    default: Annotated[bool, Field(description="Used where a request names none.")]
    groups: Annotated[list[str], Field(description="In reading order.")]
    concepts: list[Concept]

    @classmethod
    def of(cls, framework: taxonomy.Framework) -> Self:
        """From the taxonomy."""
        return cls(
            id=framework.id,
            title=framework.title,
            citation=framework.citation,
            version=framework.version,
            default=framework.id == taxonomy.framework().id,
            groups=list(framework.groups),
            concepts=[Concept.of(concept) for concept in framework.concepts],
        )


class FrameworkList(Answer):
    """All frameworks; the first is the default."""

    model_config = example(items=[_FRAMEWORK], total=4)

    items: list[Framework]
    total: int
