"""A Framework: a named, versioned choice of concepts in groups, with its sources."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache

from miner.errors import NotFound
from miner.taxonomy.concept import Concept


@dataclass(frozen=True, slots=True)
class Source:
    """A text that a framework rests on, so that a reader can look it up."""

    id: str
    title: str
    body: str = ""
    symbol: str = ""
    date: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Framework:
    """A choice of concepts that a document can be aligned to. `groups` are in reading order.

    edition: its authors' own number. subject: words (beginnings of words) by which a text
    about the framework's subject is known; empty where any text will do.
    """

    id: str
    title: str
    citation: str
    groups: tuple[str, ...]
    concepts: tuple[Concept, ...]
    edition: str = ""
    sources: tuple[Source, ...] = ()
    subject: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """First 12 hex digits of the SHA-256 of the framework's content."""
        return _version(self)

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


@lru_cache(maxsize=64)
def _version(framework: Framework) -> str:
    """Kept, since every answer has it and it takes longer than an alignment."""
    content = json.dumps(asdict(framework), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:12]
