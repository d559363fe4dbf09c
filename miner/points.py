"""Passages as the index keeps them: one point each, with its vectors and what filters ask for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from miner import lexical
from miner.document import Document
from miner.index.schema import Point, Sparse
from miner.passages import Passage, passage_id
from miner.tagging.tag import TaggedPassage


def text_key(text: str) -> str:
    """What a text's vector is kept under: 32 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def indexed_text(passage: Passage) -> str:
    """What BM25 sees of a passage: its words under those of its headings."""
    return f"{' '.join(passage.heading_path[-2:])}\n{passage.text}"


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
        yield Point(
            id=passage_id(revision, passage.start, passage.text),
            dense=vector,
            bm25=lexical.document_vector(indexed_text(passage), passage.language),
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
