"""A temporary store over given passages, so that measured search is the product's own search.

Each `doc` becomes one Document whose text is its passages joined by blank lines, and whose
Passages are the given texts verbatim: nothing is parsed or split.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluation.rows import Id, PassageRow
from evaluation.tagger import TextTagger
from miner.catalogue.geography import Geography
from miner.catalogue.guess import guess
from miner.document import Block, BlockType, Document, Page, document_id, sha256_of
from miner.embedding import Encoder
from miner.errors import InputError
from miner.passages import Passage, passage_id
from miner.points import points
from miner.settings import Settings
from miner.store import Store

_BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True)
class PassageStore:
    """An open store, and the given id of each of its passages by the product's id."""

    store: Store
    given: dict[str, Id]


@contextmanager
def passage_store(
    rows: Sequence[PassageRow],
    encoder: Encoder,
    tagger: TextTagger,
    geography: Geography,
    cache: Path | None = None,
) -> Iterator[PassageStore]:
    """A store of the rows, gone at the end.

    cache: folder for the vectors; a later run over the same texts reads them there.
    """
    vectors = vectors_of([row.text for row in rows], encoder, cache)
    with tempfile.TemporaryDirectory(prefix="miner-evaluation-") as folder:
        settings = Settings(store=Path(folder))
        with Store.open(settings, encoder.id, encoder.dimension) as store:
            yield PassageStore(store, _fill(store, rows, vectors, tagger, geography))


def documents(
    rows: Sequence[PassageRow], geography: Geography
) -> Iterator[tuple[Document, list[Passage], list[int]]]:
    """One Document per `doc`, its Passages, and the positions of their rows."""
    members: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        members.setdefault(row.doc, []).append(i)
    for name, at in members.items():
        text = _BETWEEN.join(rows[i].text for i in at)
        # The name belongs to it: two documents of the same words are still two.
        sha256 = sha256_of(f"{name}{_BETWEEN}{text}".encode())
        passages, start = [], 0
        for position, i in enumerate(at):
            end = start + len(rows[i].text)
            passages.append(_passage(rows[i], document_id(sha256), position, start, end))
            start = end + len(_BETWEEN)
        languages = [rows[i].language for i in at]
        document = Document(
            id=document_id(sha256),
            sha256=sha256,
            source=name,
            media_type="text/plain",
            text=text,
            pages=(Page(1, 0, len(text)),),
            blocks=tuple(Block(BlockType.BODY, p.start, p.end, 1) for p in passages),
            language=max(set(languages), key=languages.count),
        )
        yield replace(document, metadata=guess(document, geography)), passages, at


def _passage(row: PassageRow, document: str, position: int, start: int, end: int) -> Passage:
    return Passage(
        id=passage_id(document, start, row.text),
        document=document,
        position=position,
        text=row.text,
        start=start,
        end=end,
        page=1,
        last_page=1,
        kind=BlockType.BODY,
        heading_path=(),
        language=row.language,
    )


def _fill(
    store: Store,
    rows: Sequence[PassageRow],
    vectors: NDArray[np.float32],
    tagger: TextTagger,
    geography: Geography,
) -> dict[str, Id]:
    given: dict[str, Id] = {}
    for document, passages, at in documents(rows, geography):
        tagged = tagger.tag([p.text for p in passages], [p.language for p in passages])
        pairs = list(zip(passages, tagged, strict=True))
        # A document is written once here, so its id serves as its revision.
        revision = document.id
        store.put(document, revision, pairs, points(document, revision, pairs, vectors[at]))
        given.update((p.id, rows[i].id) for p, i in zip(passages, at, strict=True))
    return given


def vectors_of(
    texts: Sequence[str], encoder: Encoder, cache: Path | None = None
) -> NDArray[np.float32]:
    """Vectors (n, d) of the texts, kept in `cache` under the hash of model and texts."""
    if cache is None:
        return encoder.encode(texts)
    digest = hashlib.sha256(encoder.id.encode())
    for text in texts:
        digest.update(b"\0" + text.encode())
    file = cache / f"vectors-{digest.hexdigest()[:24]}.npy"
    try:
        if file.is_file():
            held: NDArray[np.float32] = np.load(file)
            return held
        cache.mkdir(parents=True, exist_ok=True)
        vectors = encoder.encode(texts)
        # Renamed when whole: a run that was stopped leaves nothing that looks finished.
        part = file.with_suffix(".part.npy")
        np.save(part, vectors)
        part.rename(file)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(
            str(file),
            f"the cache cannot be used ({error})",
            "Delete it, or choose another --cache.",
        ) from error
    return vectors
