"""The taxonomy: Concepts, Stances and Frameworks, read from the project's own data.

A Framework is a named, versioned choice of concepts in groups, with its citation. The shipped
ones are views of one codebook; a user's own may bring other concepts (`load_framework`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from miner.errors import InputError, NotFound


class Stance(StrEnum):
    """What a passage does with its subject."""

    COMMITMENT = "commitment"
    IN_PLACE = "in_place"
    DESCRIPTIVE = "descriptive"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing a passage can address.

    labels: other names that people use for it; hidden: words that point to it without naming
    it, used for search and rules but never shown; negative: words that look like it and are not.
    """

    id: str
    group: str
    label: str
    definition: str
    source: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Framework:
    """A choice of concepts that a document can be aligned to. `groups` are in reading order."""

    id: str
    title: str
    citation: str
    groups: tuple[str, ...]
    concepts: tuple[Concept, ...]

    @property
    def version(self) -> str:
        """First 12 hex digits of the SHA-256 of the framework's content."""
        content = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def concept(self, concept_id: str) -> Concept:
        """The concept with this id; NotFound where the framework has none."""
        for concept in self.concepts:
            if concept.id == concept_id:
                return concept
        raise NotFound(
            f"concept {concept_id!r}",
            f"framework {self.id!r} has no such concept",
            "List them with GET /v1/concepts or `miner frameworks`.",
        )


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in value)


def _concept(row: Mapping[str, Any], extra: Mapping[str, Any]) -> Concept:
    return Concept(
        id=str(row["id"]),
        group=str(row["group"]),
        label=str(row["label"]),
        definition=" ".join(str(row["definition"]).split()),
        source=str(row.get("source", "")),
        include=_texts(row.get("include")),
        exclude=_texts(row.get("exclude")),
        labels=_texts(extra.get("labels", row.get("labels"))),
        hidden=_texts(extra.get("hidden", row.get("hidden"))),
        negative=_texts(extra.get("negative", row.get("negative"))),
    )


@cache
def codebook() -> dict[str, Concept]:
    """The 28 shipped concepts by id, in the codebook's order."""
    folder = files("models") / "taxonomy"
    rows = yaml.safe_load((folder / "codebook.yaml").read_text("utf-8"))["concepts"]
    lexicon = yaml.safe_load((folder / "labels.yaml").read_text("utf-8"))
    return {row["id"]: _concept(row, lexicon.get(row["id"], {})) for row in rows}


@cache
def frameworks() -> dict[str, Framework]:
    """The shipped frameworks by id; the first is the default of an alignment."""
    text = (files("models") / "taxonomy" / "frameworks.yaml").read_text("utf-8")
    concepts = codebook()
    return {
        row["id"]: Framework(
            id=row["id"],
            title=row["title"],
            citation=" ".join(row["citation"].split()),
            groups=tuple(row["groups"]),
            concepts=tuple(c for c in concepts.values() if c.group in row["groups"]),
        )
        for row in yaml.safe_load(text)["frameworks"]
    }


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


def load_framework(path: Path) -> Framework:
    """A user's own framework from a YAML file with id, title, citation and concepts.

    Each concept has id, group, label and definition, and may have labels, hidden, negative,
    include and exclude. Raises InputError that names the file and the first fault.
    """
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
        concepts = tuple(_concept(row, {}) for row in data["concepts"])
        groups = tuple(dict.fromkeys(concept.group for concept in concepts))
        loaded = Framework(
            str(data["id"]), str(data["title"]), str(data.get("citation", "")), groups, concepts
        )
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError) as error:
        raise InputError(str(path), f"not a readable framework ({error})", _FORM) from error
    except KeyError as error:
        raise InputError(str(path), f"the field {error} is missing", _FORM) from error
    if len({concept.id for concept in concepts}) != len(concepts):
        raise InputError(str(path), "a concept id occurs twice", _FORM)
    if not concepts:
        raise InputError(str(path), "it has no concepts", _FORM)
    return loaded


_FORM = "Write it like models/taxonomy/codebook.yaml: id, title, and concepts with definitions."
