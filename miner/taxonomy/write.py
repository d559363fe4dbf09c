"""Writing a framework as the plain data that `read` takes, e.g. to start one's own from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import Any

from miner.taxonomy.concept import Concept
from miner.taxonomy.framework import Framework


def to_plain(framework: Framework) -> dict[str, Any]:
    """A framework as plain data; empty fields are left out."""
    return _held(
        {
            "id": framework.id,
            "title": framework.title,
            "edition": framework.edition,
            "citation": framework.citation,
            "sources": [_held(asdict(source)) for source in framework.sources],
            "subject": list(framework.subject),
            "groups": list(framework.groups),
            "concepts": [_concept(concept) for concept in framework.concepts],
        }
    )


def _concept(concept: Concept) -> dict[str, Any]:
    related: dict[str, list[str]] = defaultdict(list)
    for match in concept.maps_to:
        related[match.relation.value].append(match.target)
    return _held(
        {
            "id": concept.id,
            "group": concept.group,
            "label": concept.label,
            "definition": concept.definition,
            "source": concept.source,
            "citation": concept.citation,
            "include": list(concept.include),
            "exclude": list(concept.exclude),
            "labels": _held(
                {
                    "alt": list(concept.labels),
                    "hidden": list(concept.hidden),
                    "negative": list(concept.negative),
                }
            ),
            "examples": list(concept.examples),
            "maps_to": dict(related),
        }
    )


def _held(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in ("", [], {})}
