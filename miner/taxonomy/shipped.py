"""The frameworks that come with the project: views of the codebook, with their sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from miner.errors import NotFound
from miner.taxonomy.codebook import codebook, shipped
from miner.taxonomy.concept import Concept
from miner.taxonomy.framework import Framework, Source


@cache
def frameworks() -> dict[str, Framework]:
    """The shipped frameworks by id; the first is the default of an alignment."""
    data = shipped("frameworks.yaml")
    sources = {key: Source(id=key, **row) for key, row in data["sources"].items()}
    return {row["id"]: _framework(row, sources, data["subjects"]) for row in data["frameworks"]}


def framework(framework_id: str | None = None) -> Framework:
    """A shipped framework (the default one without an id); NotFound for an unknown id."""
    known = frameworks()
    if framework_id is None:
        return next(iter(known.values()))
    if framework_id not in known:
        raise NotFound(
            f"framework {framework_id!r}",
            "no framework has this id",
            f"Known: {', '.join(known)}.",
        )
    return known[framework_id]


def _framework(
    row: Mapping[str, Any], sources: Mapping[str, Source], subjects: Mapping[str, list[str]]
) -> Framework:
    concepts = tuple(_members(row["groups"]))
    used = dict.fromkeys(concept.source for concept in concepts)
    return Framework(
        id=row["id"],
        title=row["title"],
        citation=" ".join(row["citation"].split()),
        groups=tuple(row["groups"]),
        concepts=concepts,
        edition=row["edition"],
        sources=tuple(sources[name] for name in used),
        subject=tuple(subjects[row["subject"]]),
    )


def _members(groups: Any) -> list[Concept]:
    """Groups of the codebook by name, or the framework's own groups with ids of concepts."""
    known = codebook()
    if isinstance(groups, list):
        return [concept for concept in known.values() if concept.group in groups]
    return [replace(known[name], group=group) for group, ids in groups.items() for name in ids]
