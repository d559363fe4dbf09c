"""Alignments of what is stored, sent or named: what the API and the command line share."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from miner.alignment import Alignment, align
from miner.alignment.measure import Pair
from miner.alignment.own import OwnTags, tags_for
from miner.alignment.reading import unread_share
from miner.catalogue.geography import Geography
from miner.catalogue.guess import guess
from miner.document import Document
from miner.embedding import Encoder
from miner.errors import UnreadableDocument
from miner.passages import split
from miner.store import Store
from miner.taxonomy import Framework
from miner.taxonomy import framework as framework_of

if TYPE_CHECKING:
    from miner.alignment.reference import ReferenceAlignment
    from miner.tagging.tagger import Tagger

FrameworkName = str | Framework | None
_KEPT = 32


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as it is aligned: its tagged passages, and how well it could be read."""

    document: str
    title: str
    pairs: tuple[Pair, ...]
    warnings: tuple[str, ...]
    unread: float


class Aligner:
    """Aligns readings; models are loaded when they are first needed."""

    def __init__(self, tagger: Callable[[], Tagger], encoder: Callable[[], Encoder]) -> None:
        self._tagger = tagger
        self._encoder = encoder

    def align(
        self,
        reading: Reading,
        framework: FrameworkName = None,
        *,
        most: int | None = None,
        reference: Reading | None = None,
    ) -> Alignment:
        """A document against a framework and, where one is given, a reference document.

        Args:
            reading: the document.
            framework: a shipped framework's id, or a user's own; the default one without.
            most: evidence passages listed per concept; all of them without.
            reference: a document whose statements are looked for.

        Raises NotFound for the framework's id, InputError for a reference without statements.
        """
        chosen = resolved(framework)
        found = align(
            reading.document,
            reading.title,
            tags_for(chosen, reading.pairs, self._own),
            chosen,
            warnings=reading.warnings,
            unread=reading.unread,
            most=most,
        )
        if reference is None:
            return found
        return replace(found, reference=self.against(reading, reference))

    def against(self, reading: Reading, reference: Reading) -> ReferenceAlignment:
        """A document against the statements of another."""
        from miner.alignment.reference import align_reference

        return align_reference(
            reference.document,
            reference.title,
            reference.pairs,
            reading.pairs,
            self._tagger(),
            self._encoder(),
            warnings=reference.warnings,
        )

    def read(self, document: Document, geography: Geography) -> Reading:
        """A document that was just parsed, tagged. Raises UnreadableDocument without passages."""
        passages = split(document)
        if not passages:
            raise UnreadableDocument(
                document.source,
                "it holds no passage of text",
                "Look at the file: it may be a scan, a cover or a form.",
            )
        tagged = self._tagger().tag([p.text for p in passages], [p.language for p in passages])
        return Reading(
            document.id,
            guess(document, geography).title or PurePath(document.source).name,
            tuple(zip(passages, tagged, strict=True)),
            document.warnings,
            unread_share(document.pages),
        )

    def _own(self, framework: Framework, texts: Sequence[str]) -> OwnTags:
        """Tags by a user's framework; the document itself says what is usual."""
        from miner.tagging.own import OwnTagger, build

        encoder = self._encoder()
        vectors = encoder.encode(list(texts))
        model = build(framework, encoder, texts, vectors=vectors)
        found = OwnTagger(model, encoder).tag(texts, ["en"] * len(texts), vectors=vectors)
        return OwnTags(model.id, [tagged.tags for tagged in found])


class Readings:
    """Stored documents as they are aligned; the last ones are kept while they do not change."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[tuple[str, str], Reading] = OrderedDict()
        self._turn = threading.Lock()

    def of(self, document_id: str) -> Reading:
        """A stored document. Raises NotFound."""
        summary = self._store.summary(document_id)
        key = (document_id, summary.revision)
        with self._turn:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        pages, warnings = self._store.condition(document_id)
        reading = Reading(
            document_id,
            summary.metadata.title,
            tuple((item.passage, item.tagged) for item in self._store.passages(document_id)),
            warnings,
            unread_share(pages),
        )
        with self._turn:
            self._kept[key] = reading
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return reading


def resolved(framework: FrameworkName) -> Framework:
    """The framework that was named or given. Raises NotFound for an unknown id."""
    return framework if isinstance(framework, Framework) else framework_of(framework)
