"""`miner frameworks`: lint, crosswalk, export."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from cli_helpers import Miner

from miner.taxonomy import frameworks

OWN = (
    "id: own\ntitle: Own\nconcepts:\n- {id: a, label: A, definition: What A is about in a text.}\n"
)


def test_a_list_is_a_command_and_what_comes_without_one(miner: Miner) -> None:
    assert miner("frameworks").out == miner("frameworks", "list").out
    found = miner("frameworks", "list", "--json").json["frameworks"]
    assert [row["framework"]["id"] for row in found] == list(frameworks())


def test_shipped_frameworks_are_clean(miner: Miner) -> None:
    ran = miner("frameworks", "lint", "--json")
    assert (ran.code, ran.json) == (0, {"ok": True, "findings": []})


def test_faults_are_named_and_errors_give_status_1(miner: Miner, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN, "utf-8")
    good = miner("frameworks", "lint", "own.yaml")
    assert good.code == 0
    assert "warning own.yaml: concept 'a': it maps to no concept" in good.out
    (tmp_path / "bad.yaml").write_text("id: x y\nconcepts: []\n", "utf-8")
    bad = miner("frameworks", "lint", "bad.yaml")
    assert bad.code == 1
    assert "error   bad.yaml: framework, field 'id': 'x y' is no id." in bad.out
    assert not miner("frameworks", "lint", "bad.yaml", "--json").json["ok"]


@pytest.mark.parametrize("name", ["gone.yaml", "broken.yaml"])
def test_what_cannot_be_linted_is_named(miner: Miner, tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.yaml").write_text("a: [b", "utf-8")
    ran = miner("frameworks", "lint", name)
    assert ran.code == 2
    assert f"error: {name}" in ran.err


def test_a_crosswalk_shows_relations_with_sources(miner: Miner) -> None:
    found = miner("frameworks", "crosswalk", "resilience-dimensions", "gci", "--json").json
    assert found["total"] == len(found["mappings"])
    assert {row["id"] for row in found["schemes"]} == {"gci", "cmm"}
    shown = miner("frameworks", "crosswalk", "dim.incident_management", "cmm").out
    assert "closeMatch  cmm:D1.2 (Incident Response and Crisis Management)" in shown
    assert "Source: " in shown
    assert miner("frameworks", "crosswalk", "nist").code == 2


def test_an_export_is_read_again(miner: Miner, tmp_path: Path) -> None:
    skos = miner("frameworks", "export", "un-norms")
    assert json.loads(skos.out)["@graph"]
    assert yaml.safe_load(miner("frameworks", "export", "codebook", "--format", "yaml").out)
    for name in ("n.jsonld", "n.yaml"):
        form = "skos" if name.endswith("ld") else "yaml"
        ran = miner("frameworks", "export", "un-norms", "--format", form, "--output", name)
        assert "13 concepts" in ran.out
        assert miner("frameworks", "lint", name).code == 0
    (tmp_path / "own.yaml").write_text(OWN, "utf-8")
    own = miner("frameworks", "export", "own.yaml").json
    assert any(node.get("skos:notation") == "a" for node in own["@graph"])
    assert miner("frameworks", "export", "nist").code == 2
