"""Profiles of stored documents, kept by revision, rule, models and framework."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files

from miner.alignment import RULE_VERSION, Alignment
from miner.coverage.profile import Profile, profile_of
from miner.decode import decode
from miner.derived import Derived, stamp
from miner.document import sha256_of
from miner.records import as_record
from miner.store import Store, StoredDocument
from miner.taxonomy import Framework

# Grows when a profile is computed or written in another way.
_FORM = "2"
_KIND = "profile"
# What an alignment is computed with beside its passages.
_FOLDERS = ("alignment", "commitments", "coverage")

Aligned = Callable[[str, Framework], Alignment]


class Profiles:
    """Profiles of a store's documents.

    Args:
        store: the documents. derived: where profiles are kept.
        aligned: a stored document (by id) against a framework, with all of its evidence.
    """

    def __init__(self, store: Store, derived: Derived, aligned: Aligned) -> None:
        self.store = store
        self._derived = derived
        self._aligned = aligned
        self._stamps: dict[int, tuple[Framework, str]] = {}

    def of(self, stored: StoredDocument, framework: Framework) -> Profile:
        """The profile of a stored document; computed where it is not kept. Raises NotFound for a
        document that was deleted meanwhile."""
        return self._derived.get(
            stored.id,
            stored.revision,
            _KIND,
            self._stamp(framework),
            lambda: self._made(stored, framework),
            _pack,
            _unpack,
        )

    def _made(self, stored: StoredDocument, framework: Framework) -> Profile:
        held = {item.passage.id: item.passage for item in self.store.passages(stored.id)}
        return profile_of(self._aligned(stored.id, framework), stored.revision, held)

    def warm(self, documents: Iterable[StoredDocument], framework: Framework) -> None:
        """Read what is kept of many documents at once."""
        wanted = {stored.id: stored.revision for stored in documents}
        self._derived.warm(wanted, _KIND, self._stamp(framework), _unpack)

    def _stamp(self, framework: Framework) -> str:
        # A framework's version is a hash of all of it, and asked for with every document.
        held = self._stamps.get(id(framework))
        if held is None or held[0] is not framework:
            held = (framework, made_with(framework, self.store.model))
            self._stamps = {id(framework): held}
        return held[1]


def made_with(framework: Framework, encoder: str) -> str:
    """A stamp of everything that a profile depends on beside the document's revision (which
    stands for the tagging model too)."""
    return stamp(_FORM, RULE_VERSION, data_stamp(), framework.id, framework.version, encoder)


@cache
def data_stamp() -> str:
    """A stamp of the data with which alignments and levels are computed."""
    found = [files("models") / "tagger" / "rates.json"]
    for folder in _FOLDERS:
        held = (files("models") / folder).iterdir()
        found += sorted(
            (item for item in held if item.name.endswith((".json", ".yaml"))), key=lambda i: i.name
        )
    return stamp(*(sha256_of(item.read_bytes()) for item in found))


def _pack(profile: Profile) -> bytes:
    return json.dumps(as_record(profile), ensure_ascii=False, separators=(",", ":")).encode()


def _unpack(data: bytes) -> Profile:
    return decode(Profile, json.loads(data))
