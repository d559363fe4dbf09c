"""Framework and Concept: what documents are tagged with and aligned to."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field

from miner import taxonomy
from miner.taxonomy import Relation
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
    "citation": "UN A/70/174, paragraph 13 (j)",
}
_SOURCE: dict[str, Any] = {
    "id": "gge2015",
    "title": "Report of the Group of Governmental Experts",
    "body": "United Nations General Assembly",
    "symbol": "A/70/174",
    "date": "2015-07-22",
    "url": "https://undocs.org/A/70/174",
}
_FRAMEWORK: dict[str, Any] = {
    "id": "un-norms",
    "title": "UN norms of responsible state behaviour in cyberspace",
    "citation": "UN A/70/174, 2015",
    "edition": "2",
    "sources": [_SOURCE],
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
    citation: Annotated[str, Field(description="Where it stands in its source.")]

    @classmethod
    def of(cls, concept: taxonomy.Concept) -> Self:
        """From the taxonomy."""
        holding = [
            framework.id
            for framework in taxonomy.frameworks().values()
            if any(member.id == concept.id for member in framework.concepts)
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
            citation=concept.citation,
        )


class ConceptList(Answer):
    """All concepts, in the codebook's order."""

    model_config = example(items=[_CONCEPT], total=28)

    items: list[Concept]
    total: int


class Source(Answer):
    """A text that a framework rests on."""

    model_config = example(**_SOURCE)

    id: str
    title: str
    body: str
    symbol: str
    date: str
    url: str


class Framework(Answer):
    """A choice of concepts that a document can be aligned to."""

    model_config = example(**_FRAMEWORK)

    id: str
    title: str
    citation: str
    edition: Annotated[str, Field(description="Its authors' own number.")]
    sources: list[Source]
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
            edition=framework.edition,
            sources=[Source.model_validate(source) for source in framework.sources],
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


_MAPPING: dict[str, Any] = {
    "subject": CONCEPT,
    "subject_label": "Report vulnerabilities",
    "relation": "closeMatch",
    "object": "cmm:D5.6",
    "object_label": "Responsible Disclosure",
    "source": "Policy Miner, comparison of definitions, 2026",
    "why": "disclosure of vulnerabilities",
}


class Mapping(Answer):
    """A SKOS mapping: `subject relation object`."""

    model_config = example(**_MAPPING)

    subject: str
    subject_label: str
    relation: Relation
    object: Annotated[str, Field(description="Id of a concept, or `scheme:id`.")]
    object_label: str
    source: Annotated[str, Field(description="Who drew the line.")]
    why: Annotated[str, Field(description="The reason, in a few words.")]


class MappingList(Answer):
    """The mappings between two frameworks or schemes."""

    model_config = example(items=[_MAPPING], total=69)

    items: list[Mapping]
    total: int


_FINDING: dict[str, Any] = {
    "level": "error",
    "where": "concept 'a', field 'maps_to'",
    "cause": "'dim.incidents' is no concept of the codebook",
    "next_step": "Did you mean 'dim.incident_management'?",
}


class Finding(Answer):
    """A fault of a framework. With an `error` it cannot be used; a `warning` is advice."""

    model_config = example(**_FINDING)

    level: Literal["error", "warning"]
    where: str
    cause: str
    next_step: str


class FindingList(Answer):
    """What is wrong with a framework, errors first."""

    model_config = example(ok=False, items=[_FINDING], total=1)

    ok: Annotated[bool, Field(description="There is no error.")]
    items: list[Finding]
    total: int
