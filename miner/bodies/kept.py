"""Bodies that stored documents name, kept by revision and version of the book."""

from __future__ import annotations

import json
from collections.abc import Iterable

from miner.bodies.body import Body
from miner.bodies.book import Book, book
from miner.bodies.find import Found, find
from miner.catalogue.geography import Geography
from miner.decode import decode
from miner.derived import Derived, stamp
from miner.records import as_record
from miner.store import Store, StoredDocument

# Grows when mentions are found or written in another way.
_FORM = "1"
_KIND = "bodies"


class NamedBodies:
    """The bodies that a store's documents name."""

    def __init__(self, store: Store, derived: Derived, geography: Geography) -> None:
        self.store = store
        self.geography = geography
        self.book: Book = book(geography)
        self._derived = derived
        self._stamp = stamp(_FORM, self.book.version)

    def of(self, stored: StoredDocument) -> Found:
        """The mentions of one document; found where they are not kept. Raises NotFound for a
        document that was deleted meanwhile."""
        return self._derived.get(
            stored.id,
            stored.revision,
            _KIND,
            self._stamp,
            lambda: self._found(stored),
            _pack,
            _unpack,
        )

    def all(self, documents: Iterable[StoredDocument]) -> list[Found]:
        """The mentions of several documents, in their order."""
        several = list(documents)
        wanted = {stored.id: stored.revision for stored in several}
        self._derived.warm(wanted, _KIND, self._stamp, _unpack)
        return [self.of(stored) for stored in several]

    def bodies(self, found: Iterable[Found]) -> dict[str, Body]:
        """The book's bodies and the teams of these documents, by id."""
        teams = [team for several in found for team in several.teams]
        # A team whose country one document knows has it in all of them.
        told = sorted(teams, key=lambda team: team.country is not None)
        return {**self.book.bodies, **{team.id: team for team in told}}

    def _found(self, stored: StoredDocument) -> Found:
        passages = [item.passage for item in self.store.passages(stored.id)]
        return find(passages, stored.metadata.country, self.book, self.geography)


def _pack(found: Found) -> bytes:
    return json.dumps(as_record(found), ensure_ascii=False, separators=(",", ":")).encode()


def _unpack(data: bytes) -> Found:
    return decode(Found, json.loads(data))
