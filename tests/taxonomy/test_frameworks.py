"""Frameworks: read, linted, written, and what is shipped."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from miner.errors import InputError
from miner.taxonomy import (
    Relation,
    codebook,
    framework,
    framework_from,
    frameworks,
    load_framework,
    parse_framework,
)
from miner.taxonomy.lint import lint, lint_framework
from miner.taxonomy.read import read
from miner.taxonomy.write import to_plain

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "frameworks.md").read_text("utf-8")


def own(**more: Any) -> dict[str, Any]:
    """A framework of one concept."""
    concept = {
        "id": "a",
        "label": "Response teams",
        "definition": "A team that responds to incidents in hospitals.",
        "maps_to": ["dim.incident_management"],
    }
    return {"id": "own", "title": "Own", "concepts": [{**concept, **more}]}


@pytest.mark.parametrize("name", list(frameworks()))
def test_shipped_frameworks_are_clean_and_cite_their_sources(name: str) -> None:
    found = frameworks()[name]
    assert list(lint_framework(found)) == []
    assert found.edition
    assert {concept.source for concept in found.concepts} == {s.id for s in found.sources}
    assert all(concept.citation for concept in found.concepts)
    assert {concept.group for concept in found.concepts} == set(found.groups)


def test_the_norms_cite_their_paragraphs() -> None:
    for concept in framework("un-norms").concepts:
        letter = re.match(r"norm\.([a-k])_", concept.id)
        if letter:
            assert concept.citation == f"UN A/70/174, paragraph 13 ({letter[1]})"


def test_principles_and_lessons_are_told_apart() -> None:
    found = framework("eu-principles")
    assert found.groups == ("principle", "lesson")
    lessons = [c.id for c in found.concepts if c.group == "lesson"]
    assert lessons[0] == "prin.ownership"
    assert codebook()["prin.ownership"].group == "principle"


def test_the_example_of_the_page_is_clean() -> None:
    code = re.search(r"```yaml\n(.+?)```", PAGE, re.DOTALL)
    assert code
    assert lint(yaml.safe_load(code[1])) == []


def test_the_shipped_example_of_another_subject_is_read() -> None:
    path = Path(__file__).resolve().parents[2] / "models" / "taxonomy" / "sdg.yaml"
    found = load_framework(path)
    assert len(found.concepts) == 17
    assert not [item for item in lint_framework(found) if item.level == "error"]


@pytest.mark.parametrize("name", list(frameworks()))
def test_what_is_written_is_read_again(name: str) -> None:
    found = frameworks()[name]
    again = parse_framework(yaml.safe_dump(to_plain(found), allow_unicode=True))
    assert again == found


def test_labels_may_stand_as_a_list_or_by_kind() -> None:
    one = framework_from(own(labels=["CERT"], hidden=["watch"], negative=["certain"]))
    kinds = {"preferred": "Response teams", "alt": ["CERT"], "hidden": ["watch"]}
    other = framework_from(own(labels={**kinds, "negative": ["certain"]}))
    assert one.concepts == other.concepts


def test_mappings_may_stand_as_a_list_or_by_relation() -> None:
    concept = framework_from(own()).concepts[0]
    assert [match.relation for match in concept.maps_to] == [Relation.EXACT]
    concept = framework_from(own(maps_to={"broadMatch": ["dim.incident_management", "x:1"]}))
    assert [m.target for m in concept.concepts[0].maps_to] == ["dim.incident_management", "x:1"]


@pytest.mark.parametrize(
    ("data", "where", "cause"),
    [
        (None, "framework", "it is empty"),
        ([1], "framework", "it is [1]"),
        ({}, "framework", "it has no concepts"),
        ({"id": "x", "title": "t", "concepts": {}}, "'concepts'", "it is no list"),
        ({"id": "x", "title": "t", "concepts": [3]}, "concept 1", "it is 3"),
        ({**own(), "id": "x y"}, "'id'", "is no id"),
        ({**own(), "title": ["t"]}, "'title'", "it is ['t']"),
        ({**own(), "groups": ["none"]}, "'groups'", "no concept is in 'none'"),
        (own(definition=""), "concept 'a', field 'definition'", "missing or empty"),
        (own(label=True), "concept 'a', field 'label'", "it is True"),
        (own(maps_to=["dim.incidents"]), "'maps_to'", "no concept of the codebook"),
        (own(maps_to={"sameAs": ["x"]}), "'maps_to'", "is no relation"),
        (own(negative=["Response teams"]), "concept 'a'", "both a label and a negative label"),
        (
            own(maps_to={"exactMatch": ["x:1"], "broadMatch": ["x:1"]}),
            "concept 'a'",
            "exact match and another one",
        ),
        ({**own(), "concepts": own()["concepts"] * 2}, "concept 'a'", "its id occurs twice"),
    ],
)
def test_errors_are_placed_and_refuse_the_framework(data: Any, where: str, cause: str) -> None:
    found = [item for item in lint(data) if item.level == "error"]
    assert any(where in item.where and cause in item.cause for item in found), found
    assert all(item.next_step for item in found)
    with pytest.raises(InputError):
        framework_from(data)


def test_warnings_give_advice_and_refuse_nothing() -> None:
    data = own(definition="Teams.", maps_to=None, labl="x")
    framework_from(data)
    said = {item.cause for item in lint(data)}
    assert said >= {
        "its definition has fewer than 6 words",
        "it maps to no concept of the codebook and has few labels and examples",
        "no such field is read",
        "it cites no source",
    }
    assert any(item.next_step == "Did you mean 'label'?" for item in lint(data))


@pytest.mark.parametrize(
    ("text", "form"),
    [("a: [b", ".yaml"), ("2020-99-99", ".yaml"), ("{", ".json"), ("<x>", ".rdf"), ("x y", ".ttl")],
)
def test_what_is_no_framework_is_named(text: str, form: str) -> None:
    with pytest.raises(InputError, match="mine"):
        parse_framework(text, form, "mine")


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes(b"\xff\xfe")
    for name in ("f.yaml", "gone.yaml"):
        with pytest.raises(InputError, match=name):
            load_framework(tmp_path / name)


def test_a_reading_without_errors_gives_the_framework() -> None:
    found, findings = read(own())
    assert found is not None
    assert found.groups == ("concepts",)
    assert findings == []
