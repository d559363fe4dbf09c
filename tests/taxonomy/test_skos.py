"""SKOS out and in; crosswalks."""

from __future__ import annotations

import json

import pytest

from miner.errors import InputError, NotFound
from miner.taxonomy import Relation, codebook, frameworks, parse_framework
from miner.taxonomy.crosswalk import crosswalk, mappings, schemes
from miner.taxonomy.skos import codebook_framework, to_skos

TURTLE = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix e: <http://example.org/themes/> .
e:scheme a skos:ConceptScheme ; dct:title "Themes"@en, "Themen"@de .
e:top a skos:Concept ; skos:inScheme e:scheme ; skos:prefLabel "Harbours"@en ;
  skos:definition "All that has to do with harbours and their safety."@en .
e:t10 a skos:Concept ; skos:inScheme e:scheme ; skos:broader e:top ; skos:notation "T10" ;
  skos:prefLabel "Kräne"@de, "Cranes"@en ; skos:altLabel "gantry crane"@en ;
  skos:hiddenLabel "krane" ; skos:scopeNote "Cranes and those who drive them."@en ;
  skos:closeMatch <urn:policy-miner:concept:dim.incident_management> .
e:t2 a skos:Concept ; skos:inScheme e:scheme ; skos:broader e:top ; skos:notation "T2" ;
  skos:prefLabel "Ships"@en .
"""


@pytest.mark.parametrize("name", ["codebook", *frameworks()])
def test_a_framework_comes_back_from_skos(name: str) -> None:
    found = codebook_framework() if name == "codebook" else frameworks()[name]
    again = parse_framework(json.dumps(to_skos(found)), ".jsonld")
    assert (again.id, again.title, again.edition) == (found.id, found.title, found.edition)
    assert again.groups == found.groups
    for one, other in zip(found.concepts, again.concepts, strict=True):
        assert (one.id, one.group, one.label) == (other.id, other.group, other.label)
        assert one.definition == other.definition
        assert set(one.labels) == set(other.labels)
        assert set(one.negative) == set(other.negative)


def test_skos_is_what_other_tools_read() -> None:
    from rdflib import Graph
    from rdflib.namespace import RDF, SKOS
    from rdflib.plugins.parsers.jsonld import to_rdf

    graph = to_rdf(to_skos(frameworks()["un-norms"]), Graph())
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    assert len(concepts) > 13  # with those of other schemes that mappings lead to
    assert all(graph.value(concept, SKOS.prefLabel) for concept in concepts)
    for relation in Relation:
        for target in graph.objects(None, SKOS[relation.value]):
            assert target in concepts or str(target).startswith("urn:policy-miner:concept:")


def test_a_thesaurus_in_turtle_is_a_framework() -> None:
    found = parse_framework(TURTLE, ".ttl")
    assert (found.id, found.title) == ("scheme", "Themes")
    assert [concept.id for concept in found.concepts] == ["top", "T2", "T10"]
    cranes = found.concept("T10")
    assert (cranes.label, cranes.group) == ("Cranes", "top")
    assert cranes.definition == "Cranes and those who drive them."
    assert (cranes.labels, cranes.hidden) == (("gantry crane",), ("krane",))
    assert cranes.maps_to[0].target == "dim.incident_management"
    assert found.concept("T2").definition == "Ships"


@pytest.mark.parametrize(
    "text",
    [
        '{"@context": "https://example.org/context.jsonld", "@graph": []}',
        '{"@context": [{"a": "urn:a"}, "https://example.org/c"], "@graph": []}',
        '{"@graph": [{"@context": {"@import": "https://example.org/c"}}], "@context": {}}',
    ],
)
def test_a_context_by_address_is_not_fetched(text: str) -> None:
    with pytest.raises(InputError, match="not fetched"):
        parse_framework(text, ".jsonld")


def test_rdf_without_concepts_is_refused() -> None:
    with pytest.raises(InputError, match=r"no skos:Concept"):
        parse_framework("<urn:a> <urn:b> <urn:c> .", ".nt")


def test_mappings_join_what_is_there_and_have_sources() -> None:
    known = set(codebook())
    theirs = {f"{scheme.id}:{c.id}" for scheme in schemes().values() for c in scheme.concepts}
    assert len(mappings()) == len({(m.subject, m.object) for m in mappings()})
    for mapping in mappings():
        assert mapping.subject in known
        assert mapping.object in known | theirs
        assert mapping.source
        assert mapping.why
    for scheme in schemes().values():
        ids = {concept.id for concept in scheme.concepts}
        assert {c.broader for c in scheme.concepts} - {None} <= ids
        assert scheme.citation


def test_a_crosswalk_reads_both_ways() -> None:
    there = crosswalk("un-norms", "cmm")
    back = crosswalk("cmm", "un-norms")
    assert {(m.subject, m.object) for m in there} == {(m.object, m.subject) for m in back}
    wide = next(m for m in crosswalk("cmm") if m.subject == "cmm:D1")
    assert (wide.relation, wide.object) == (Relation.NARROW, "dim.strategic_framework")


def test_schemes_that_nothing_joins_are_joined_through_the_codebook() -> None:
    found = crosswalk("gci", "cmm")
    assert {mapping.relation for mapping in found} == {Relation.RELATED}
    assert all("derived through" in mapping.source for mapping in found)
    assert any((m.subject, m.object) == ("gci:technical.cirt", "cmm:D1.2") for m in found)


def test_one_concept_has_a_crosswalk_and_an_unknown_name_none() -> None:
    assert {m.subject for m in crosswalk("norm.k_certs")} == {"norm.k_certs"}
    with pytest.raises(NotFound, match="nist"):
        crosswalk("nist")
