"""SKOS in: a thesaurus in Turtle, RDF/XML, N-Triples or JSON-LD as the data of a framework."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from miner.errors import InputError
from miner.taxonomy.codebook import codebook
from miner.taxonomy.concept import Relation

if TYPE_CHECKING:
    from rdflib import Graph, Literal
    from rdflib.term import Node

FORMATS: Mapping[str, str] = {
    ".ttl": "turtle",
    ".turtle": "turtle",
    ".rdf": "xml",
    ".xml": "xml",
    ".nt": "nt",
    ".jsonld": "json-ld",
}
_CODEBOOK = "urn:policy-miner:concept:"
_TERMS = "urn:policy-miner:terms:"
_SLUG = re.compile(r"[^\w.-]+")


def skos_data(text: str, form: str, name: str) -> dict[str, Any]:
    """The plain data of a framework (docs/frameworks.md) out of a SKOS text.

    Args:
        text: the RDF.
        form: its file ending; JSON-LD where it is none of `FORMATS`.
        name: what to call it in messages.

    Raises InputError where it is no RDF, asks to fetch something, or holds no concept.
    """
    graph = _graph(text, FORMATS.get(form, "json-ld"), name)
    return _Reader(graph, name).data()


def _graph(text: str, form: str, name: str) -> Graph:
    from rdflib import Graph
    from rdflib.plugins.parsers.jsonld import to_rdf

    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    graph = Graph()
    if form == "json-ld":
        _check_contexts(text, name)
    try:
        if form == "json-ld":
            to_rdf(json.loads(text), graph)
        else:
            graph.parse(data=text, format=form)
    except Exception as error:  # each parser of rdflib has errors of its own
        cause = " ".join(str(error).split())[:200]
        raise InputError(
            name, f"it cannot be read as {form} ({cause})", "Check it with an RDF tool."
        ) from error
    return graph


def _check_contexts(text: str, name: str) -> None:
    """A JSON-LD context by address would be fetched: refuse it."""

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            contexts = value.get("@context", [])
            for context in contexts if isinstance(contexts, list) else [contexts]:
                if isinstance(context, str) or (isinstance(context, dict) and "@import" in context):
                    raise InputError(
                        name,
                        "its @context is an address, which is not fetched",
                        "Write the context itself into the file, or use Turtle.",
                    )
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    try:
        walk(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise InputError(name, f"it is no JSON ({error})", "Check it with an RDF tool.") from error


class _Reader:
    def __init__(self, graph: Graph, name: str) -> None:
        from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

        self.graph, self.name = graph, name
        self.skos, self.rdf, self.dct, self.owl, self.rdfs = SKOS, RDF, DCTERMS, OWL, RDFS

    def data(self) -> dict[str, Any]:
        scheme = self._scheme()
        concepts = self._concepts(scheme)
        if not concepts:
            raise InputError(self.name, "it holds no skos:Concept", "Export a SKOS concept scheme.")
        groups = self._groups(concepts)
        ids = self._ids(concepts)
        title = self.dct.title, self.skos.prefLabel, self.rdfs.label
        found = {
            "id": self._slug(scheme) if scheme is not None else "imported",
            "title": (self._text(scheme, *title) if scheme is not None else "") or self.name,
            "edition": self._text(scheme, self.owl.versionInfo) if scheme is not None else "",
            "citation": self._text(scheme, self.dct.bibliographicCitation)
            if scheme is not None
            else "",
            "subject": self._texts(scheme, self._term("subject")) if scheme is not None else [],
            "groups": list(dict.fromkeys(groups.values())),
            "concepts": [self._concept(c, ids[c], groups[c]) for c in groups],
        }
        return {key: value for key, value in found.items() if value not in ("", [])}

    def _term(self, name: str) -> Node:
        from rdflib import URIRef

        return URIRef(_TERMS + name)

    def _scheme(self) -> Node | None:
        """The scheme that the file is about: others are there for mappings to lead to."""
        found = list(self.graph.subjects(self.rdf.type, self.skos.ConceptScheme))
        return max(found, key=lambda one: (*self._size(one), str(one)), default=None)

    def _size(self, scheme: Node) -> tuple[int, int]:
        held = list(self.graph.subjects(self.skos.inScheme, scheme))
        return sum((c, self.skos.definition, None) in self.graph for c in held), len(held)

    def _concepts(self, scheme: Node | None) -> list[Node]:
        found = sorted(set(self.graph.subjects(self.rdf.type, self.skos.Concept)), key=str)
        inside = [c for c in found if (c, self.skos.inScheme, scheme) in self.graph]
        return inside or found

    def _groups(self, concepts: list[Node]) -> dict[Node, str]:
        """Of each concept the collection it is in, else its top concept's name; in order."""
        held: dict[Node, str] = {}
        for kind in (self.skos.OrderedCollection, self.skos.Collection):
            for collection in sorted(self.graph.subjects(self.rdf.type, kind), key=str):
                for member in self._members(collection):
                    held.setdefault(member, self._slug(collection))
        place = {concept: number for number, concept in enumerate(held)}
        for concept in concepts:
            if concept not in held:
                top = self._top(concept)
                alone = top == concept and not list(self.graph.subjects(self.skos.broader, concept))
                held[concept] = "concepts" if alone else self._slug(top)
        wanted = self._group_order()
        ordered = sorted(
            concepts,
            key=lambda c: (
                wanted.get(held[c], len(wanted)),
                place.get(c, len(place)),
                c in place or self._top(c) != c,
                self._natural(c),
            ),
        )
        return {concept: held[concept] for concept in ordered}

    def _members(self, collection: Node) -> list[Node]:
        from rdflib.collection import Collection

        listed = self.graph.value(collection, self.skos.memberList)
        if listed is not None:
            return list(Collection(self.graph, listed))
        return sorted(self.graph.objects(collection, self.skos.member), key=str)

    def _group_order(self) -> dict[str, int]:
        from rdflib.collection import Collection

        for listed in self.graph.objects(None, self._term("groups")):
            return {str(name): at for at, name in enumerate(Collection(self.graph, listed))}
        return {}

    def _natural(self, node: Node) -> list[tuple[int, int, str]]:
        parts = re.split(r"(\d+)", self._notation(node))
        return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]

    def _top(self, concept: Node) -> Node:
        seen = {concept}
        while True:
            above = self.graph.value(concept, self.skos.broader, any=True)
            if above is None or above in seen:
                return concept
            seen.add(above)
            concept = above

    def _ids(self, concepts: list[Node]) -> dict[Node, str]:
        taken: dict[str, int] = {}
        found = {}
        for concept in concepts:
            slug = self._slug(concept)
            taken[slug] = taken.get(slug, 0) + 1
            found[concept] = slug if taken[slug] == 1 else f"{slug}-{taken[slug]}"
        return found

    def _concept(self, node: Node, concept_id: str, group: str) -> dict[str, Any]:
        label = self._text(node, self.skos.prefLabel, self.rdfs.label) or concept_id
        matches = {
            relation.value: [self._target(one) for one in sorted(targets, key=str)]
            for relation in Relation
            if (targets := list(self.graph.objects(node, self.skos[relation.value])))
        }
        return {
            "id": concept_id,
            "group": group,
            "label": label,
            "definition": self._text(node, self.skos.definition, self.skos.scopeNote) or label,
            "source": self._text(node, self.dct.source),
            "citation": self._text(node, self.dct.bibliographicCitation),
            "include": self._texts(node, self._term("includes")),
            "exclude": self._texts(node, self._term("excludes")),
            "labels": {
                "alt": self._texts(node, self.skos.altLabel),
                "hidden": self._texts(node, self.skos.hiddenLabel),
                "negative": self._texts(node, self._term("negativeLabel")),
            },
            "examples": self._texts(node, self.skos.example),
            **({"maps_to": matches} if matches else {}),
        }

    def _target(self, node: Node) -> str:
        iri = str(node)
        known = unquote(iri.removeprefix(_CODEBOOK))
        if iri.startswith(_CODEBOOK) and known in codebook():
            return known
        scheme, _, rest = iri.removeprefix("urn:policy-miner:").partition(":")
        return f"{scheme}:{unquote(rest)}" if iri.startswith("urn:policy-miner:") else iri

    def _notation(self, node: Node) -> str:
        return self._text(node, self.skos.notation) or unquote(
            re.split(r"[/#:]", str(node).rstrip("/#"))[-1]
        )

    def _slug(self, node: Node) -> str:
        return _SLUG.sub("-", self._notation(node)).strip("-.")[:100] or "unnamed"

    def _texts(self, node: Node, *predicates: Node) -> list[str]:
        """Literals in English, or else without a language, or else whatever there is."""
        from rdflib import Literal

        for predicate in predicates:
            found = [o for o in self.graph.objects(node, predicate) if isinstance(o, Literal)]
            for wanted in (_is_english, _has_no_language, bool):
                if chosen := sorted(str(literal) for literal in found if wanted(literal)):
                    return chosen
        return []

    def _text(self, node: Node, *predicates: Node) -> str:
        for predicate in predicates:
            if found := self._texts(node, predicate):
                return found[0]
        return ""


def _is_english(literal: Literal) -> bool:
    return str(literal.language or "").lower().startswith("en")


def _has_no_language(literal: Literal) -> bool:
    return not literal.language
