"""The lemmas that the extractor goes by (models/commitments/extraction.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

import yaml

from miner.errors import InputError
from miner.modality.lexicon import ModalClass

_FILE = "extraction.yaml"


@dataclass(frozen=True, slots=True)
class Grammar:
    """Lemmas by what they do; extraction.yaml says what each set is for.

    modals, chains: word -> its class.
    """

    version: str
    modals: Mapping[str, ModalClass]
    chains: Mapping[str, ModalClass]
    goals: frozenset[str]
    needed: frozenset[str]
    light: frozenset[str]
    texts: frozenset[str]
    dated: frozenset[str]
    things: frozenset[str]
    effects: frozenset[str]
    idle: frozenset[str]
    courtesy: frozenset[str]
    completed: frozenset[str]
    operating: frozenset[str]
    institutions: frozenset[str]
    actors: frozenset[str]
    people: frozenset[str]
    benefits: frozenset[str]
    passes: frozenset[str]
    owned: frozenset[str]
    closed: frozenset[str]
    ambiguous: frozenset[str]
    not_gerunds: frozenset[str]


@cache
def grammar() -> Grammar:
    """The shipped lemmas. InputError where the file is not what it should be."""
    data = yaml.safe_load((files("models") / "commitments" / _FILE).read_text("utf-8"))
    try:
        sets = {
            name: frozenset(data[name].split())
            for name in Grammar.__dataclass_fields__
            if name not in ("version", "modals", "chains")
        }
        return Grammar(
            version=str(data["version"]),
            modals=_classes(data["modals"]),
            chains=_classes(data["chains"]),
            **sets,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"models/commitments/{_FILE}", f"not a usable grammar ({error!r})", "Mend the file."
        ) from error


def _classes(rows: Mapping[str, Any]) -> dict[str, ModalClass]:
    return {word: cast(ModalClass, name) for name, words in rows.items() for word in words.split()}
