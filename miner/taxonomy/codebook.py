"""The codebook: the 28 concepts that the tagging model knows, from models/taxonomy."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from miner.taxonomy.concept import Concept


@cache
def codebook() -> dict[str, Concept]:
    """The 28 shipped concepts by id, in the codebook's order."""
    rows = shipped("codebook.yaml")["concepts"]
    lexicon = shipped("labels.yaml")
    cites = shipped("frameworks.yaml")["cites"]
    return {row["id"]: _concept(row, lexicon.get(row["id"], {}), cites) for row in rows}


def shipped(name: str) -> Any:
    """A YAML file of models/taxonomy, read."""
    # The C parser is ten times faster, and not in every build of PyYAML.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((files("models") / "taxonomy" / name).read_text("utf-8"), loader)


def _concept(row: Mapping[str, Any], words: Mapping[str, Any], cites: Mapping[str, str]) -> Concept:
    return Concept(
        id=row["id"],
        group=row["group"],
        label=row["label"],
        definition=" ".join(row["definition"].split()),
        source=row["source"],
        include=tuple(row.get("include", ())),
        exclude=tuple(row.get("exclude", ())),
        labels=tuple(words.get("labels", ())),
        hidden=tuple(words.get("hidden", ())),
        negative=tuple(words.get("negative", ())),
        citation=cites[row["id"]],
    )
