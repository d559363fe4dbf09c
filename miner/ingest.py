"""Files into the store: parse, split, embed, tag, index; one document at a time, whole or not.

A file that cannot be taken is reported with its cause and the rest goes on. Parsing runs in
worker processes, so that a parser that crashes costs one file and not the run.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from miner import lexical, records
from miner.catalogue.geography import Geography
from miner.catalogue.guess import guess, merge
from miner.catalogue.manifest import Manifest
from miner.document import Document, Metadata, document_id, sha256_of
from miner.embedding import Encoder
from miner.errors import MinerError, UnreadableDocument
from miner.index.schema import Point, Sparse
from miner.parsing import ParseOptions, parse_bytes
from miner.passages import Passage, passage_id, split
from miner.store import Store
from miner.tagging.tag import TaggedPassage
from miner.tagging.tagger import Tagger

# Grows when parsing, splitting or what is indexed changes: stored documents are then read anew.
PIPELINE = "1"

Status = Literal["added", "replaced", "unchanged", "duplicate", "refused"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    problem, next_step: why it was refused and what to do; empty otherwise.
    warnings: what could not be read of a document that was taken.
    """

    source: str
    status: Status
    document: str | None = None
    title: str = ""
    pages: int = 0
    passages: int = 0
    problem: str = ""
    next_step: str = ""
    error: str = ""
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0


class Progress(Protocol):
    """Told what is under way; `done` may be called with outcomes in any order of files."""

    def started(self, files: int) -> None: ...

    def done(self, outcome: Outcome) -> None: ...


def collect(paths: Sequence[Path]) -> list[Path]:
    """The files named, and those in the folders named, in a stable order.

    Hidden files and catalogue files (manifest.tsv, manifest.csv, organisations.yaml) are no
    documents. Raises UnreadableDocument for a path that does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
                if file.is_file() and not hidden and file.name not in _CATALOGUE_FILES:
                    found[file.resolve()] = None
        elif path.is_file():
            found[path.resolve()] = None
        else:
            cause = "it is no regular file" if path.exists() else "there is no such file or folder"
            raise UnreadableDocument(str(path), cause, "Check the path.")
    return list(found)


def source_of(path: Path) -> str:
    """The path as text that can be stored: a name in no known encoding is escaped."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


_CATALOGUE_FILES = {"manifest.tsv", "manifest.csv", "organisations.yaml", "fetched.tsv"}


@dataclass(frozen=True, slots=True)
class Ingester:
    """Everything that the way of a document needs. `workers` 0 parses in this process."""

    store: Store
    encoder: Encoder
    tagger: Tagger
    geography: Geography
    manifest: Manifest | None = None
    options: ParseOptions = field(default_factory=ParseOptions)
    workers: int = 2

    @property
    def pipeline(self) -> str:
        """Names everything but the file that decides what is stored for it."""
        parts = f"{PIPELINE}|{self.encoder.id}|{self.tagger.id}|{self.options}"
        return hashlib.sha256(parts.encode()).hexdigest()[:12]

    def ingest(self, files: Sequence[Path], progress: Progress | None = None) -> list[Outcome]:
        """Take the files in; one Outcome each, in their order."""
        if progress is not None:
            progress.started(len(files))
        outcomes = []
        for outcome in self._outcomes(files):
            outcomes.append(outcome)
            if progress is not None:
                progress.done(outcome)
        return outcomes

    def ingest_bytes(self, data: bytes, name: str, given: Metadata | None = None) -> Outcome:
        """Take in an upload. Raises what refuses it, unlike `ingest`."""
        known = self.known(name, sha256_of(data), given or Metadata())
        if known is not None:
            return known
        document = parse_bytes(data, name, options=self.options)
        return self.add(document, given or Metadata())

    def _outcomes(self, files: Sequence[Path]) -> Iterator[Outcome]:
        for path, metadata, parsed in self._parsed(files):
            begun = time.perf_counter()
            if isinstance(parsed, Outcome):
                yield parsed
                continue
            try:
                if isinstance(parsed, MinerError):
                    raise parsed
                # A file of the same batch may have brought the same bytes meanwhile.
                known = self.known(parsed.source, parsed.sha256, metadata)
                yield known or self.add(parsed, metadata, begun)
            except MinerError as error:
                yield _refused(source_of(path), error)

    def _parsed(
        self, files: Sequence[Path]
    ) -> Iterator[tuple[Path, Metadata, Document | MinerError | Outcome]]:
        """Parse ahead in worker processes, a bounded number of documents at a time."""
        waiting: deque[tuple[Path, Metadata, Future[Document | MinerError] | Outcome]] = deque()
        ahead = max(2 * self.workers, 1)
        queue = iter(files)
        pool = _pool(self.workers)
        try:
            while True:
                while len(waiting) < ahead and (path := next(queue, None)) is not None:
                    metadata, known = self._look_up(path)
                    if known is not None:
                        waiting.append((path, metadata, known))
                    elif pool is None:
                        yield path, metadata, _parse(path, self.options)
                    else:
                        waiting.append((path, metadata, _submitted(pool, path, self.options)))
                if not waiting:
                    return
                path, metadata, task = waiting.popleft()
                if isinstance(task, Outcome):
                    yield path, metadata, task
                    continue
                try:
                    yield path, metadata, task.result()
                except BrokenProcessPool:
                    # Whoever crashed took the pool along: try each waiting file alone.
                    pool = _pool(self.workers)
                    assert pool is not None
                    yield path, metadata, _parse_alone(path, self.options)
                    waiting = deque(
                        (
                            (p, m, t)
                            if isinstance(t, Outcome) or (t.done() and not t.exception())
                            else (p, m, _submitted(pool, p, self.options))
                        )
                        for p, m, t in waiting
                    )
        finally:
            if pool is not None:
                pool.shutdown(cancel_futures=True)

    def _look_up(self, path: Path) -> tuple[Metadata, Outcome | None]:
        metadata = (self.manifest and self.manifest.metadata_for(path)) or Metadata()
        try:
            digest = sha256_of(path.read_bytes())
        except OSError as error:
            problem = UnreadableDocument(
                str(path), f"the file cannot be read ({error.strerror})", "Check its permissions."
            )
            return metadata, _refused(source_of(path), problem)
        return metadata, self.known(source_of(path), digest, metadata)

    def known(self, source: str, sha256: str, given: Metadata) -> Outcome | None:
        """The outcome without reading the file, where its content is stored already."""
        identity = document_id(sha256)
        wanted = self._fingerprint(sha256, given)
        noted = self.store.fingerprint(source)
        if noted == (identity, wanted):
            return Outcome(source, "unchanged", identity)
        stored = self.store.documents([identity])
        if not stored:
            return None
        others = [s for s in stored[0].sources if s != source]
        for other in others:
            fingerprint = self.store.fingerprint(other)
            if fingerprint and fingerprint[1].startswith(self.pipeline):
                self.store.note_source(source, identity, wanted)
                return Outcome(
                    source,
                    "duplicate",
                    identity,
                    stored[0].metadata.title,
                    warnings=(f"the same bytes as {other}",),
                )
        return None

    def _fingerprint(self, sha256: str, given: Metadata) -> str:
        return f"{self.pipeline}:{self._revision(sha256, given)}"

    def _revision(self, sha256: str, given: Metadata) -> str:
        about = json.dumps(records.as_record(given), sort_keys=True)
        return hashlib.sha256(f"{self.pipeline}|{sha256}|{about}".encode()).hexdigest()[:16]

    def add(self, document: Document, given: Metadata, begun: float | None = None) -> Outcome:
        """Split, embed, tag and store a parsed document. `given` wins over what is guessed."""
        begun = time.perf_counter() if begun is None else begun
        before = self.store.documents([document.id])
        stood = self.store.fingerprint(document.source)
        document = replace(document, metadata=merge(given, guess(document, self.geography)))
        passages = split(document)
        if not passages:
            raise UnreadableDocument(
                document.source,
                f"{len(document.pages)} pages were read and hold no passage of text",
                "Look at the file: it may be a scan, a cover or a form.",
            )
        vectors = self.embed([passage.text for passage in passages])
        tagged = self.tagger.tag([p.text for p in passages], [p.language for p in passages])
        revision = self._revision(document.sha256, given)
        pairs = list(zip(passages, tagged, strict=True))
        self.store.put(document, revision, pairs, points(document, revision, pairs, vectors))
        self.store.note_source(
            document.source, document.id, self._fingerprint(document.sha256, given)
        )
        return Outcome(
            document.source,
            "replaced" if before or stood is not None else "added",
            document.id,
            document.metadata.title,
            len(document.pages),
            len(passages),
            warnings=document.warnings,
            seconds=time.perf_counter() - begun,
        )

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape (n, d), from the store's cache where the text is known."""
        keys = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts]
        known = self.store.cached_vectors(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            fresh = self.encoder.encode(list(missing.values()))
            made = dict(zip(missing, fresh, strict=True))
            self.store.cache_vectors(made)
            known.update(made)
        return np.stack([known[key] for key in keys])


def points(
    document: Document,
    revision: str,
    passages: Iterable[tuple[Passage, TaggedPassage]],
    vectors: NDArray[np.float32],
) -> Iterator[Point]:
    """The points of a document; `vectors` has one row per passage."""
    about = document.metadata
    shared: dict[str, str | int | list[str]] = {
        "document": document.id,
        "revision": revision,
        "organisations": list(about.organisations),
    }
    told = {"country": about.country, "year": about.year, "type": about.type}
    shared.update({name: value for name, value in told.items() if value is not None})
    for (passage, tagged), vector in zip(passages, vectors, strict=True):
        headings = " ".join(passage.heading_path[-2:])
        yield Point(
            id=passage_id(revision, passage.start, passage.text),
            dense=vector,
            bm25=lexical.document_vector(f"{headings}\n{passage.text}", passage.language),
            tags=tag_vector(tagged),
            payload={
                **shared,
                "passage": passage.id,
                "language": passage.language,
                "kind": passage.kind.value,
                **_stance(tagged),
                "concepts": [tag.concept for tag in tagged.decided],
            },
        )


def _stance(tagged: TaggedPassage) -> dict[str, str]:
    # A stance in a language without figures would answer filters it has no right to.
    return {} if tagged.abstained else {"stance": tagged.stance.label.value}


def tag_vector(tagged: TaggedPassage) -> Sparse:
    """Probabilities as a sparse vector: one dimension per concept, one per stance.

    A passage on which the model abstains has only the dimension `stance.unknown`.
    """
    if tagged.abstained:
        return Sparse((lexical.term("stance.unknown"),), (1.0,))
    found = {lexical.term(tag.concept): tag.probability for tag in tagged.tags}
    found[lexical.term(f"stance.{tagged.stance.label}")] = tagged.stance.probability
    kept = sorted((index, value) for index, value in found.items() if value >= 0.02)
    return Sparse(tuple(i for i, _ in kept), tuple(v for _, v in kept))


def _pool(workers: int) -> ProcessPoolExecutor | None:
    if workers == 0:
        return None
    # Torch's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_attached)


def _attached() -> None:
    """Tie a worker to its parent: Ctrl-C is the parent's to answer, and its death ends both."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # A worker holds both ends of its queue, so it would wait for ever after a kill of the parent.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _submitted(
    pool: ProcessPoolExecutor, path: Path, options: ParseOptions
) -> Future[Document | MinerError]:
    """The task; one that has failed already where the pool broke meanwhile."""
    try:
        return pool.submit(_parse, path, options)
    except BrokenProcessPool as error:
        failed: Future[Document | MinerError] = Future()
        failed.set_exception(error)
        return failed


def _parse(path: Path, options: ParseOptions) -> Document | MinerError:
    try:
        document = parse_bytes(path.read_bytes(), Path(source_of(path)).name, options=options)
    except MinerError as error:
        return error
    except OSError as error:
        return UnreadableDocument(str(path), f"the file cannot be read ({error})", "Try again.")
    except Exception as error:  # one odd file must not cost the run
        return UnreadableDocument(
            str(path),
            f"the parser failed ({type(error).__name__}: {error})",
            "Give another copy of it, and report the file: this is a fault of the parser.",
        )
    return replace(document, source=source_of(path))


def _parse_alone(path: Path, options: ParseOptions) -> Document | MinerError:
    pool = _pool(1)
    assert pool is not None
    try:
        return pool.submit(_parse, path, options).result()
    except BrokenProcessPool:
        return UnreadableDocument(
            str(path),
            "the parser crashed on this file",
            "Save it anew with another PDF program and try again.",
        )
    finally:
        pool.shutdown(cancel_futures=True)


def _refused(source: str, error: MinerError) -> Outcome:
    return Outcome(
        source,
        "refused",
        problem=error.cause,
        next_step=error.next_step,
        error=type(error).__name__,
    )
