"""Lint: what is wrong with a framework, beyond what keeps it from being read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from miner.taxonomy.concept import Concept, Relation
from miner.taxonomy.framework import Framework
from miner.taxonomy.read import Finding, read

_SHORT = 6
_FEW_SIGNS = 3


def lint(data: Any) -> list[Finding]:
    """All findings about a framework given as plain data; errors first."""
    framework, findings = read(data)
    if framework is not None:
        findings = [*findings, *lint_framework(framework)]
    return sorted(findings, key=lambda finding: finding.level != "error")


def lint_framework(framework: Framework) -> Iterator[Finding]:
    """Findings about a framework that can be read."""
    if not framework.citation and not framework.sources:
        yield _warning("framework", "it cites no source", "Add 'citation' or 'sources'.")
    if not framework.edition:
        yield _warning(
            "framework",
            "it has no edition; only the hash of its content tells versions apart",
            "Add 'edition'.",
        )
    yield from _repeated(framework)
    yield from _shared_labels(framework)
    known = {source.id for source in framework.sources}
    for concept in framework.concepts:
        yield from _concept(concept)
        if known and concept.source and concept.source not in known:
            yield _warning(
                f"concept {concept.id!r}",
                f"its source {concept.source!r} is not among the sources",
                "Add the source, or mend the name.",
            )


def _warning(where: str, cause: str, next_step: str) -> Finding:
    return Finding("warning", where, cause, next_step)


def _repeated(framework: Framework) -> Iterator[Finding]:
    seen: set[str] = set()
    for concept in framework.concepts:
        if concept.id in seen:
            yield Finding(
                "error", f"concept {concept.id!r}", "its id occurs twice", "Give each its own id."
            )
        seen.add(concept.id)


def _shared_labels(framework: Framework) -> Iterator[Finding]:
    holders: dict[str, list[str]] = defaultdict(list)
    for concept in framework.concepts:
        for label in dict.fromkeys(
            " ".join(text.lower().split()) for text in (concept.label, *concept.labels)
        ):
            holders[label].append(concept.id)
    for label, ids in holders.items():
        if len(ids) > 1:
            yield _warning(
                f"label {label!r}",
                f"it stands under {' and '.join(ids)}",
                "Leave it where it says which of them is meant.",
            )


def _concept(concept: Concept) -> Iterator[Finding]:
    where = f"concept {concept.id!r}"
    if len(concept.definition.split()) < _SHORT:
        yield _warning(
            where,
            f"its definition has fewer than {_SHORT} words",
            "Say what a passage must say to address it.",
        )
    for word in set(concept.negative) & {concept.label, *concept.labels, *concept.hidden}:
        yield Finding(
            "error", where, f"{word!r} is both a label and a negative label", "Drop one of them."
        )
    by_target: dict[str, set[Relation]] = defaultdict(set)
    for match in concept.maps_to:
        by_target[match.target].add(match.relation)
    for target, relations in by_target.items():
        # SKOS Reference, S46: exactMatch is disjoint with broadMatch and relatedMatch.
        if Relation.EXACT in relations and relations - {Relation.EXACT, Relation.CLOSE}:
            yield Finding(
                "error",
                where,
                f"{target!r} is an exact match and another one at once",
                "Keep one relation.",
            )
    usable = [
        m for m in concept.maps_to if m.relation is not Relation.RELATED and ":" not in m.target
    ]
    signs = len(concept.labels) + len(concept.hidden) + len(concept.examples)
    if not usable and signs < _FEW_SIGNS:
        yield _warning(
            where,
            "it maps to no concept of the codebook and has few labels and examples",
            "Add 'maps_to', or labels and examples: passages are found by them.",
        )
