"""The Comparer: two stored documents into their Changes."""

from __future__ import annotations

import threading
from collections import OrderedDict

from miner.changes.change import Changes
from miner.changes.concepts import concept_changes
from miner.changes.likeness import Backgrounds, Readings
from miner.changes.match import Read, changes_of
from miner.changes.pledge import pledges
from miner.changes.rule import rule
from miner.changes.vectors import of_passages, of_texts
from miner.commitments import version
from miner.embedding import Encoder
from miner.errors import InputError
from miner.similar.background import background
from miner.store import Store, StoredDocument
from miner.taxonomy import codebook

# Documents kept ready: reading one takes seconds, and it is asked for again and again.
_KEPT = 16
_ENOUGH = 0.5
_FEW = 8


class Comparer:
    """Compares documents of a store; safe to share between threads.

    A document's commitments are found once, and kept while its revision is the same.
    """

    def __init__(self, store: Store, encoder: Encoder) -> None:
        self._store = store
        self._encoder = encoder
        self._kept: OrderedDict[tuple[str, str], Read] = OrderedDict()
        self._beside: Backgrounds | None = None
        self._turn = threading.Lock()

    def compare(self, older: str, newer: str, patience: float | None = None) -> Changes:
        """What the newer document changed against the older.

        Args:
            older, newer: ids of stored documents; where both years are known and say otherwise
                they change places.
            patience: seconds that a document's passages may take to be parsed, and again to be
                embedded; None is without end. What was done is kept.

        Raises:
            NotFound: one of them is not stored.
            NotYet: patience ran out.
            InputError: they are the same, or one is not English: commitments are found in
                English only.
        """
        if older == newer:
            raise InputError(f"document {older!r}", "it is compared with itself", "Name two.")
        first, second = (self._store.summary(one) for one in (older, newer))
        swapped = (first.metadata.year or 0) > (second.metadata.year or 0)
        if swapped and second.metadata.year:
            first, second = second, first
        one, other = self._read(first, patience), self._read(second, patience)
        chosen = rule()
        found, unsettled = changes_of(one, other, chosen, self.backgrounds())
        return Changes(
            older=first,
            newer=second,
            changes=tuple(found),
            concepts=tuple(concept_changes(one, other, list(codebook().values()), chosen)),
            unsettled=unsettled,
            rule=chosen.version,
            extractor=version(),
            model=self._encoder.id,
            cautions=tuple(self._cautions(first, second, one, other)),
        )

    def readings(self, document: str) -> Readings:
        """The commitments of one document as they are compared. Raises NotFound, InputError."""
        return self._read(self._store.summary(document)).readings

    def backgrounds(self) -> Backgrounds:
        """What likeness is told from, of the store's encoder."""
        if self._beside is None:
            self._beside = Backgrounds(
                background(self._store, self._encoder, "sentence"),
                background(self._store, self._encoder, "passage"),
            )
        return self._beside

    def _read(self, document: StoredDocument, patience: float | None = None) -> Read:
        key = (document.id, document.revision)
        with self._turn:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = self._made(document, patience)
        with self._turn:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made

    def _made(self, document: StoredDocument, patience: float | None) -> Read:
        passages = self._store.passages(document.id)
        quiet = sum(stored.tagged.abstained is not None for stored in passages)
        if quiet > _ENOUGH * len(passages):
            raise InputError(
                f"document {document.id!r}",
                f"it is not in English ({document.metadata.language or 'unknown'})",
                "Ingest an English translation and compare that.",
            )
        found = pledges(self._store, passages, patience)
        gists = of_texts(self._store, self._encoder, [one.gist for one in found], patience)
        around = of_passages(self._store, self._encoder.dimension, [p.passage for p in found])
        return Read(passages, Readings(found, gists, around))

    def _cautions(
        self, older: StoredDocument, newer: StoredDocument, one: Read, other: Read
    ) -> list[str]:
        said = []
        for document, read in ((older, one), (newer, other)):
            name = document.metadata.title or document.id
            if len(read.readings.pledges) < _FEW:
                said.append(f"“{name}” holds only {len(read.readings.pledges)} commitments.")
            quiet = sum(stored.tagged.abstained is not None for stored in read.passages)
            if quiet:
                said.append(f"{quiet} passages of “{name}” are not English and were not read.")
        if older.metadata.type != newer.metadata.type:
            said.append(
                "The documents are of different types"
                f" ({older.metadata.type or 'unknown'}, {newer.metadata.type or 'unknown'})."
            )
        if self._encoder.id != rule().model:
            said.append(
                f"The rule was measured with the embedding model {rule().model}, and not with "
                f"{self._encoder.id}."
            )
        return said
