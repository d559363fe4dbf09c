"""SKOS: a framework as JSON-LD that thesaurus tools read (W3C SKOS Reference, 2009)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from urllib.parse import quote

from miner.taxonomy.codebook import codebook
from miner.taxonomy.concept import Concept, Relation
from miner.taxonomy.crosswalk import Mapping, mappings, schemes
from miner.taxonomy.framework import Framework

BASE = "urn:policy-miner:"
VOCABULARY = "urn:policy-miner:terms:"
_CONTEXT = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "pm": VOCABULARY,
}


def concept_iri(concept_id: str, framework_id: str = "") -> str:
    """The name of a concept: one for a concept of the codebook whatever framework holds it."""
    if concept_id in codebook():
        return f"{BASE}concept:{quote(concept_id, safe='')}"
    scheme, _, rest = concept_id.partition(":")
    if scheme in schemes() and rest:
        return f"{BASE}{scheme}:{quote(rest, safe='')}"
    if ":" in concept_id and not framework_id:
        return concept_id
    return f"{BASE}{quote(framework_id, safe='')}:{quote(concept_id, safe='')}"


def to_skos(framework: Framework) -> dict[str, Any]:
    """A framework as a JSON-LD document: a concept scheme, its groups as ordered collections,
    its concepts with labels, definitions and mappings, and the schemes that they map to."""
    scheme = f"{BASE}framework:{quote(framework.id, safe='')}"
    used = {concept.id for concept in framework.concepts}
    walks = [m for m in mappings() if m.subject in used]
    graph: list[dict[str, Any]] = [_scheme(framework, scheme)]
    for group in framework.groups:
        members = [concept for concept in framework.concepts if concept.group == group]
        graph.append(
            {
                "@id": f"{scheme}:{quote(group, safe='')}",
                "@type": "skos:OrderedCollection",
                "skos:prefLabel": _english(group),
                "skos:notation": group,
                "skos:memberList": {
                    "@list": [{"@id": concept_iri(c.id, framework.id)} for c in members]
                },
            }
        )
    by_subject: dict[str, list[Mapping]] = defaultdict(list)
    for mapping in walks:
        by_subject[mapping.subject].append(mapping)
    graph += [
        _concept(concept, scheme, framework.id, by_subject[concept.id])
        for concept in framework.concepts
    ]
    graph += _others({mapping.object for mapping in walks})
    return {"@context": _CONTEXT, "@graph": graph}


def codebook_framework() -> Framework:
    """The whole codebook as a framework, for export."""
    concepts = tuple(codebook().values())
    groups = tuple(dict.fromkeys(concept.group for concept in concepts))
    return Framework(
        "codebook",
        "Policy Miner codebook",
        "UN A/70/174 (2015); EU non-paper on capacity building (OEWG, 2019-2020)",
        groups,
        concepts,
        edition="1",
    )


def _english(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "en"}


def _scheme(framework: Framework, iri: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@id": iri,
        "@type": "skos:ConceptScheme",
        "skos:notation": framework.id,
        "dct:title": _english(framework.title),
        "owl:versionInfo": framework.edition,
        "pm:contentHash": framework.version,
        "dct:bibliographicCitation": framework.citation,
        "dct:source": [source.url for source in framework.sources if source.url],
        "pm:subject": list(framework.subject),
        "pm:groups": {"@list": list(framework.groups)},
        "skos:hasTopConcept": [
            {"@id": concept_iri(c.id, framework.id)} for c in framework.concepts
        ],
    }
    return {key: value for key, value in found.items() if value not in ("", [])}


def _concept(concept: Concept, scheme: str, framework: str, walks: list[Mapping]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@id": concept_iri(concept.id, framework),
        "@type": "skos:Concept",
        "skos:inScheme": {"@id": scheme},
        "skos:topConceptOf": {"@id": scheme},
        "skos:notation": concept.id,
        "skos:prefLabel": _english(concept.label),
        "skos:altLabel": [_english(text) for text in concept.labels],
        "skos:hiddenLabel": [_english(text) for text in concept.hidden],
        "pm:negativeLabel": [_english(text) for text in concept.negative],
        "skos:definition": _english(concept.definition),
        "pm:includes": [_english(text) for text in concept.include],
        "pm:excludes": [_english(text) for text in concept.exclude],
        "skos:example": [_english(text) for text in concept.examples],
        "dct:source": concept.source,
        "dct:bibliographicCitation": concept.citation,
    }
    related: dict[Relation, list[str]] = defaultdict(list)
    for match in concept.maps_to:
        related[match.relation].append(match.target)
    for mapping in walks:
        related[mapping.relation].append(mapping.object)
    for relation, targets in related.items():
        found[f"skos:{relation}"] = [{"@id": concept_iri(t)} for t in dict.fromkeys(targets)]
    if walks:
        # SKOS mappings carry no source of their own; each is told beside them.
        found["pm:mapping"] = [
            {
                "pm:relation": f"{mapping.relation}",
                "pm:object": {"@id": concept_iri(mapping.object)},
                "dct:source": mapping.source,
                "skos:note": mapping.why,
            }
            for mapping in walks
        ]
    return {key: value for key, value in found.items() if value not in ("", [])}


def _others(objects: set[str]) -> list[dict[str, Any]]:
    """What mappings lead to, of other schemes."""
    found: list[dict[str, Any]] = []
    for scheme in schemes().values():
        held = [c for c in scheme.concepts if f"{scheme.id}:{c.id}" in objects]
        if not held:
            continue
        iri = f"{BASE}scheme:{scheme.id}"
        found.append(
            {
                "@id": iri,
                "@type": "skos:ConceptScheme",
                "skos:notation": scheme.id,
                "dct:title": _english(scheme.title),
                "dct:bibliographicCitation": scheme.citation,
                "dct:source": scheme.url,
            }
        )
        found += [
            {
                "@id": concept_iri(f"{scheme.id}:{concept.id}"),
                "@type": "skos:Concept",
                "skos:inScheme": {"@id": iri},
                "skos:notation": concept.id,
                "skos:prefLabel": _english(concept.label),
            }
            for concept in held
        ]
    return found
