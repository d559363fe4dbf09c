"""Files into the store: parse, split, embed, tag, index; one document at a time, whole or not.

A file that cannot be taken is reported with its cause and the rest goes on. Parsing runs in
worker processes, so that a parser that crashes or hangs costs one file and not the run.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from miner import records
from miner.catalogue.geography import Geography
from miner.catalogue.guess import guess, merge
from miner.catalogue.manifest import Manifest
from miner.document import Document, Metadata, document_id, sha256_of
from miner.embedding import Encoder
from miner.errors import MinerError, NoText, StoreError, UnreadableDocument, UnsupportedFormat
from miner.parser import TIME_LIMIT, Parsers
from miner.parsing import ParseOptions, parse_bytes
from miner.passages import split
from miner.points import points, text_key
from miner.store import Store
from miner.tagging.tagger import Tagger

# Grows when parsing, splitting or what is indexed changes: stored documents are then read anew.
PIPELINE = "1"

# What no other program on this machine would read either.
_SETTLED = (NoText, UnsupportedFormat)

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
    """Everything that the way of a document needs.

    workers: processes that parse; 0 parses in this process.
    time_limit: seconds that a worker may take for one file.
    """

    store: Store
    encoder: Encoder
    tagger: Tagger
    geography: Geography
    manifest: Manifest | None = None
    options: ParseOptions = field(default_factory=ParseOptions)
    workers: int = 2
    time_limit: float = TIME_LIMIT

    @property
    def pipeline(self) -> str:
        """Names everything but the file that decides what is stored for it: `reading:tagger`.

        The tagger stands for itself, so that `miner.retag` can put another in its place.
        """
        parts = f"{PIPELINE}|{self.encoder.id}|{self.options}"
        return f"{hashlib.sha256(parts.encode()).hexdigest()[:12]}:{self.tagger.id}"

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

    def ingest_bytes(
        self,
        data: bytes,
        name: str,
        given: Metadata | None = None,
        *,
        source: str = "",
        read: Callable[[bytes, str], Document] | None = None,
    ) -> Outcome:
        """Take in an upload. Raises what refuses it, unlike `ingest`.

        Args:
            data, name: its bytes and its file name.
            given: what is known about it, which wins over what is guessed.
            source: what it is stored as; `name` where missing.
            read: parses it, where that is not to be done in this process.
        """
        known = self.known(source or name, sha256_of(data), given or Metadata())
        if known is not None:
            return known
        document = read(data, name) if read else parse_bytes(data, name, options=self.options)
        return self.add(replace(document, source=source or name), given or Metadata())

    def _outcomes(self, files: Sequence[Path]) -> Iterator[Outcome]:
        for number, (path, metadata, parsed) in enumerate(self._parsed(files)):
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
            except StoreError as error:
                # No fault of the file: a full disk refuses the others as well.
                yield from (_refused(source_of(later), error) for later in files[number:])
                return
            except MinerError as error:
                refused = _refused(source_of(path), error)
                if isinstance(error, _SETTLED):
                    self._note(path, metadata, refused)
                yield refused

    def _parsed(
        self, files: Sequence[Path]
    ) -> Iterator[tuple[Path, Metadata, Document | MinerError | Outcome]]:
        """Parse ahead in worker processes, a bounded number of documents at a time."""
        waiting: deque[tuple[Path, Metadata, Future[Document | MinerError] | Outcome]] = deque()
        ahead = max(2 * self.workers, 1)
        queue = iter(files)
        parsers = Parsers(self.workers, _parse, self.time_limit) if self.workers else None
        try:
            while True:
                while len(waiting) < ahead and (path := next(queue, None)) is not None:
                    metadata, known = self._look_up(path)
                    if known is not None:
                        waiting.append((path, metadata, known))
                    elif parsers is None:
                        yield path, metadata, _parse(path, self.options)
                    else:
                        name = source_of(path)
                        waiting.append((path, metadata, parsers.submit(name, path, self.options)))
                if not waiting:
                    return
                path, metadata, task = waiting.popleft()
                yield path, metadata, task if isinstance(task, Outcome) else task.result()
        finally:
            if parsers is not None:
                parsers.close()

    def _look_up(self, path: Path) -> tuple[Metadata, Outcome | None]:
        metadata = (self.manifest and self.manifest.metadata_for(path)) or Metadata()
        try:
            digest = sha256_of(path.read_bytes())
        except OSError as error:
            problem = UnreadableDocument(
                str(path), f"the file cannot be read ({error.strerror})", "Check its permissions."
            )
            return metadata, _refused(source_of(path), problem)
        source = source_of(path)
        told = self.store.refusal(source, self._fingerprint(digest, metadata))
        if told is not None:
            return metadata, Outcome(source, "refused", **json.loads(told))
        return metadata, self.known(source, digest, metadata)

    def _note(self, path: Path, metadata: Metadata, refused: Outcome) -> None:
        """Remember a refusal that only another file can change."""
        try:
            fingerprint = self._fingerprint(sha256_of(path.read_bytes()), metadata)
        except OSError:
            return
        told = {name: getattr(refused, name) for name in ("problem", "next_step", "error")}
        self.store.note_refusal(refused.source, fingerprint, json.dumps(told, ensure_ascii=False))

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
        about = json.dumps(records.as_record(given), sort_keys=True)
        content = hashlib.sha256(f"{sha256}|{about}".encode()).hexdigest()[:16]
        return f"{self.pipeline}:{content}"

    def _revision(self, sha256: str, given: Metadata) -> str:
        return hashlib.sha256(self._fingerprint(sha256, given).encode()).hexdigest()[:16]

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
        # What analysts said before of these words holds for the index too.
        judged = self.store.judgements.over(pairs)
        self.store.put(document, revision, pairs, points(document, revision, judged, vectors))
        self.store.note_source(
            document.source, document.id, self._fingerprint(document.sha256, given)
        )
        self.store.index.tidy()
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
        keys = [text_key(text) for text in texts]
        known = self.store.cached_vectors(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            fresh = self.encoder.encode(list(missing.values()))
            made = dict(zip(missing, fresh, strict=True))
            self.store.cache_vectors(made)
            known.update(made)
        return np.stack([known[key] for key in keys])


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


def _refused(source: str, error: MinerError) -> Outcome:
    return Outcome(
        source,
        "refused",
        problem=error.cause,
        next_step=error.next_step,
        error=type(error).__name__,
    )
