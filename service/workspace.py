"""The Workspace: one store with everything that reads it and writes it, opened once.

The API and the command line both work through it. Models are loaded when first needed: a list
of documents must not wait for torch.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from miner.catalogue.geography import Geography
from miner.document import Document, Metadata, sha256_of
from miner.embedding import Encoder, known_of, load_encoder
from miner.index import Filter
from miner.parser import TIME_LIMIT
from miner.parsing import ParseOptions, parse
from miner.search import FACETS, Searcher, SearchRequest
from miner.settings import Settings
from miner.store import Store, StoredPassage
from service.reader import Reader

if TYPE_CHECKING:
    # What these bring along costs half a second that `miner list` and `miner search` need not
    # wait; `tests/cli/test_cold_start.py` watches over it.
    from miner.alignment import Alignment
    from miner.catalogue.manifest import Manifest
    from miner.changes import Comparer
    from miner.commitments.ledger import Choice, Entry, Sort
    from miner.ingest import Ingester, Outcome
    from miner.similar import Finder
    from miner.tagging.tagger import Tagger
    from service.across import Across
    from service.alignments import Aligner, FrameworkName, Reading, Readings

Step = Literal["parse", "embed", "index"]
Told = Callable[[Step, float], None]

# Texts of one call that are encoded before others get their turn.
_BITE = 64
_GEOGRAPHY = "geography"


class _Turns:
    """Lets one thread in at a time, in the order of asking (a Lock starves those who wait)."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._asked = 0
        self._served = 0

    @contextmanager
    def take(self) -> Iterator[None]:
        with self._changed:
            mine, self._asked = self._asked, self._asked + 1
            self._changed.wait_for(lambda: self._served == mine)
        try:
            yield
        finally:
            with self._changed:
                self._served += 1
                self._changed.notify_all()


class SharedEncoder:
    """An Encoder that many threads use: loaded on first use, once, and asked in turns.

    A long call is cut in bites, so that a query waits for one bite of an upload at most.
    Tokenizers fail when two threads use one at the same time, hence the turns.
    """

    def __init__(self, load: Callable[[], Encoder], known: tuple[str, int] | None = None) -> None:
        self._load = load
        self._known = known
        self._encoder: Encoder | None = None
        self._loading = threading.Lock()
        self._turns = _Turns()

    @classmethod
    def of(cls, settings: Settings) -> SharedEncoder:
        """The encoder that the settings name. Raises ModelUnavailable for missing weights."""
        known = known_of(settings.model)

        def load() -> Encoder:
            return load_encoder(
                settings.model,
                threads=settings.threads,
                engine=settings.engine,
                cache=settings.cache,
            )

        return cls(load, known)

    @property
    def id(self) -> str:
        """See `Encoder.id`; told without loading where the weights come in a package."""
        return self._known[0] if self._known else self.loaded().id

    @property
    def dimension(self) -> int:
        """See `Encoder.dimension`."""
        return self._known[1] if self._known else self.loaded().dimension

    def loaded(self) -> Encoder:
        """The encoder itself. Raises ModelUnavailable."""
        with self._loading:
            if self._encoder is None:
                self._encoder = self._load()
            return self._encoder

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Encoder.encode`."""
        encoder = self.loaded()
        parts = []
        for start in range(0, max(len(texts), 1), _BITE):
            with self._turns.take():
                parts.append(encoder.encode(texts[start : start + _BITE]))
        return np.concatenate(parts)


class _WatchedEncoder:
    """Tells how far a long call has come."""

    def __init__(self, encoder: Encoder, tell: Told) -> None:
        self._encoder = encoder
        self._tell = tell
        self.id = encoder.id
        self.dimension = encoder.dimension

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        parts = []
        for start in range(0, max(len(texts), 1), _BITE):
            self._tell("embed", start / max(len(texts), 1))
            parts.append(self._encoder.encode(texts[start : start + _BITE]))
        self._tell("index", 0.0)
        return np.concatenate(parts)


class Workspace:
    """An open store and what works on it; safe to share between threads."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        encoder: SharedEncoder,
        reader: Reader,
        tagger: Tagger | None = None,
    ) -> None:
        self.settings = settings
        self.store = store
        self.encoder = encoder
        self.reader = reader
        self._geography: tuple[int, Geography] | None = None
        self._tagger = tagger
        self._comparer: Comparer | None = None
        self._loading = threading.Lock()

    @classmethod
    @contextmanager
    def open(
        cls,
        settings: Settings,
        *,
        encoder: Encoder | None = None,
        tagger: Tagger | None = None,
        isolated: bool = False,
        create: bool = True,
    ) -> Iterator[Workspace]:
        """Open the store that the settings name; other processes may have it open as well.

        Args:
            settings: the deployment.
            encoder, tagger: used instead of the one that the settings name and the shipped one.
            isolated: parse single files in a process of their own, which may crash or hang
                without harm to this one.
            create: make the store where there is none; NoStore otherwise.

        Raises:
            StoreError, ModelUnavailable: see `Store.open` and `known_of`.
        """
        shared = SharedEncoder.of(settings) if encoder is None else _given(encoder)
        store = Store.open(settings, shared.id, shared.dimension, create=create)
        try:
            with Reader(parse_options(settings), isolated=isolated) as reader:
                yield cls(settings, store, shared, reader, tagger)
        finally:
            store.close()

    @property
    def geography(self) -> Geography:
        """The shipped geography with what any process has learnt into this store."""
        folder = self.settings.store / _GEOGRAPHY
        changed = folder.stat().st_mtime_ns if folder.is_dir() else 0
        held = self._geography
        if held is None or held[0] != changed:
            held = self._geography = (changed, _geography(self.settings.store))
        return held[1]

    @property
    def state(self) -> str:
        """Changes with whatever this workspace answers from."""
        folder = self.settings.store / _GEOGRAPHY
        learnt = folder.stat().st_mtime_ns if folder.is_dir() else 0
        return f"{self.store.state}/{learnt}/{self.settings.tagger or ''}/{self.settings.model}"

    @property
    def tagger(self) -> Tagger:
        """The tagging model, loaded on first use. Raises ModelUnavailable."""
        with self._loading:
            if self._tagger is None:
                self._tagger = load_tagger(self.settings)
            return self._tagger

    @property
    def searcher(self) -> Searcher:
        """Searches this store."""
        return Searcher(self.store, self.encoder, self.geography, self._spoken)

    @property
    def finder(self) -> Finder:
        """Finds passages like a passage of this store."""
        from miner.similar import Finder

        return Finder(self.store, self.encoder, lambda text: self.tagger.tag([text])[0])

    @property
    def comparer(self) -> Comparer:
        """Compares documents of this store; what it has read of them is kept."""
        with self._loading:
            if self._comparer is None:
                from miner.changes import Comparer

                self._comparer = Comparer(self.store, self.encoder)
            return self._comparer

    @cached_property
    def aligner(self) -> Aligner:
        """Aligns with this workspace's models."""
        from service.alignments import Aligner

        return Aligner(lambda: self.tagger, lambda: self.encoder)

    @cached_property
    def readings(self) -> Readings:
        """Stored documents as they are aligned."""
        from service.alignments import Readings

        return Readings(self.store)

    @cached_property
    def across(self) -> Across:
        """What spans the documents of this store."""
        from service.across import Across

        return Across(self)

    def _spoken(self, text: str) -> Mapping[str, float]:
        return self.tagger.probabilities(text)

    def ingester(
        self,
        *,
        manifest: Manifest | None = None,
        workers: int = 0,
        time_limit: float = TIME_LIMIT,
        told: Told | None = None,
    ) -> Ingester:
        """What takes files into this store. `told` hears of every step of each document."""
        from miner.ingest import Ingester

        if manifest is not None:
            self.learn_geography(manifest.path.parent / "organisations.yaml")
        return Ingester(
            store=self.store,
            encoder=self.encoder if told is None else _WatchedEncoder(self.encoder, told),
            tagger=self.tagger,
            geography=self.geography,
            manifest=manifest,
            options=self.reader.options,
            workers=workers,
            time_limit=time_limit,
        )

    def warm_search(self) -> None:
        """Load what a search needs and run one. Raises ModelUnavailable."""
        self.searcher.search(SearchRequest("what has to be loaded for a search", facets=FACETS))

    def warm(self) -> None:
        """Load all models and run them once, so that no request waits. Raises ModelUnavailable."""
        self.warm_search()
        # A misspelt word brings in the dictionary.
        self.searcher.search(SearchRequest("what a serch for a mispelt word needs", facets=FACETS))
        self.tagger.tag(["The models are loaded, so that no request has to wait."])
        # What was loaded stays: to look through it at every collection takes 80 ms, in which no
        # search is answered.
        gc.freeze()

    def learn_geography(self, path: Path) -> None:
        """Keep a file of countries and organisations with the store, where it is there.

        Searches must know the countries that a manifest brought. Raises InputError for a file
        that is no geography.
        """
        if not path.is_file():
            return
        self.geography.extended(path)
        folder = self.settings.store / _GEOGRAPHY
        folder.mkdir(exist_ok=True)
        data = path.read_bytes()
        kept = folder / f"{sha256_of(data)[:16]}.yaml"
        if not kept.exists():
            # Other processes may read the folder at any moment.
            part = kept.with_suffix(".part")
            part.write_bytes(data)
            part.replace(kept)

    def take_in(self, data: bytes, name: str, given: Metadata, told: Told) -> Outcome:
        """Take an upload into the store; what is known already is not read again.

        Its source is named after its content: two people's `strategy.pdf` are two documents.
        Raises what refuses the file.
        """
        told("parse", 0.0)

        def read(data: bytes, name: str) -> Document:
            document = self.reader.read(data, name)
            told("embed", 0.0)
            return document

        source = f"upload:{sha256_of(data)[:16]}/{name}"
        return self.ingester(told=told).ingest_bytes(data, name, given, source=source, read=read)

    def align_document(
        self,
        document_id: str,
        framework: FrameworkName = None,
        *,
        most: int | None = None,
        reference: Reading | None = None,
    ) -> Alignment:
        """A stored document against a framework (and a reference). Raises NotFound."""
        from service.alignments import resolved

        chosen = resolved(framework)
        reading = self.readings.of(document_id)
        return self.aligner.align(reading, chosen, most=most, reference=reference)

    def align_bytes(
        self,
        data: bytes,
        name: str,
        framework: FrameworkName = None,
        *,
        most: int | None = None,
        reference: Reading | None = None,
    ) -> Alignment:
        """A file's bytes against a framework (and a reference); nothing is stored.

        Raises NotFound for the framework, and what refuses the file.
        """
        from service.alignments import resolved

        chosen = resolved(framework)
        reading = self.reading_of(data, name)
        return self.aligner.align(reading, chosen, most=most, reference=reference)

    def align_text(
        self,
        text: str,
        framework: FrameworkName = None,
        *,
        most: int | None = None,
        reference: Reading | None = None,
    ) -> Alignment:
        """Plain text against a framework (and a reference); nothing is stored."""
        return self.align_bytes(
            text.encode(), "text.txt", framework, most=most, reference=reference
        )

    def reading_of(self, data: bytes, name: str) -> Reading:
        """A file's bytes, read and tagged as for an alignment. Raises what refuses the file."""
        return self.aligner.read(self.reader.read(data, name), self.geography)

    def commitments(
        self,
        where: Filter,
        choice: Choice,
        sort: Sort,
        *,
        patience: float | None = None,
        told: Callable[[int, int], None] | None = None,
    ) -> list[Entry]:
        """Who has promised what by when, of the passages that satisfy a filter.

        Raises NotYet where patience (seconds) ran out; see `miner.commitments.ledger`.
        """
        # spaCy costs a second that no other command need wait.
        from miner.commitments.ledger import ledger, ordered

        found, _ = self.passages(where, 0, 10_000_000)
        entries = ledger(self.store, found, patience=patience, told=told)
        return ordered((one for one in entries if choice.holds(one)), sort)

    def passages(self, where: Filter, offset: int, limit: int) -> tuple[list[StoredPassage], int]:
        """Passages that satisfy a filter, in order of document and place, and how many do."""

        def ask(live: Filter) -> tuple[list[StoredPassage], int]:
            counts = self.store.facet("document", live, limit=1_000_000)
            found: list[StoredPassage] = []
            skip = offset
            for item in self.store.documents(list(counts)):
                if len(found) >= limit:
                    break
                if skip >= counts[item.id]:
                    skip -= counts[item.id]
                    continue
                holding = [p for p in self.store.passages(item.id) if _holds(where, p)]
                found += holding[skip : skip + limit - len(found)]
                skip = 0
            return found, sum(counts.values())

        return self.store.read(ask, where)


def parse_options(settings: Settings) -> ParseOptions:
    """How the settings want files to be read."""
    return ParseOptions(ocr="off" if settings.ocr == "off" else "auto")


def load_tagger(settings: Settings) -> Tagger:
    """The tagging model for texts that belong to no store. Raises ModelUnavailable."""
    from miner.tagging.tagger import Tagger

    return Tagger.load(
        settings.tagger, threads=settings.threads, engine=settings.engine, cache=settings.cache
    )


def align_file(
    settings: Settings,
    path: Path,
    framework: FrameworkName = None,
    *,
    most: int | None = None,
    reference: Path | None = None,
) -> Alignment:
    """A file against a framework (and a reference file), without a store.

    Raises NotFound for a file or the framework, and what refuses a file.
    """
    from service.alignments import Aligner, resolved

    chosen = resolved(framework)
    options, geography = parse_options(settings), _geography(settings.store)
    document = parse(path, options=options)
    other = parse(reference, options=options) if reference is not None else None
    tagger = load_tagger(settings)
    aligner = Aligner(lambda: tagger, cache(lambda: SharedEncoder.of(settings)))
    against = aligner.read(other, geography) if other is not None else None
    reading = aligner.read(document, geography)
    return aligner.align(reading, chosen, most=most, reference=against)


def _given(encoder: Encoder) -> SharedEncoder:
    return SharedEncoder(lambda: encoder, (encoder.id, encoder.dimension))


def _geography(folder: Path) -> Geography:
    """The shipped geography with what was learnt into this store."""
    geography = Geography.shipped()
    for path in sorted((folder / _GEOGRAPHY).glob("*.yaml")):
        geography = geography.extended(path)
    return geography


def _holds(where: Filter, stored: StoredPassage) -> bool:
    """Whether a passage satisfies what the index was asked for (`miner.ingest.points`)."""
    passage, about = stored.passage, stored.metadata
    held: dict[str, set[str | None]] = {
        "document": {passage.document},
        "passage": {passage.id},
        "country": {about.country},
        "organisations": {*about.organisations},
        "type": {about.type},
        "language": {passage.language},
        "kind": {passage.kind.value},
        "stance": {stored.tagged.stance.label.value},
        "concepts": {tag.concept for tag in stored.tagged.decided},
    }
    if where.years is not None:
        first, last = where.years
        year = about.year
        if year is None or (first and year < first) or (last and year > last):
            return False
    return all(held[name] & set(values) for name, values in where.any_of.items()) and not any(
        held[name] & set(values) for name, values in where.none_of.items()
    )
