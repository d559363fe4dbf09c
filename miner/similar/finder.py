"""The Finder: passages like a given one, by meaning, words and concepts at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from miner import lexical
from miner.document import BlockType
from miner.embedding import Encoder
from miner.errors import NotFound, StoreError
from miner.index import Candidate, Filter, Leg
from miner.parsing.language import UNKNOWN, detect
from miner.points import tag_vector
from miner.search import citation
from miner.similar.duplicates import folded, repeats, shingles
from miner.similar.request import SimilarHit, SimilarRequest, SimilarResponse, check
from miner.similar.shared import highlights, shared_concepts
from miner.store import Store, StoredPassage
from miner.tagging.tag import TaggedPassage
from miner.taxonomy import Stance

Tag = Callable[[str], TaggedPassage]

# Weights of cosine, BM25 (as a share of the best) and shared concept probabilities. Chosen on
# passages that answer the same query of the judged retrieval set (343 seeds): nDCG@10 of other
# documents' answers 0.251, by meaning alone 0.210, by words alone 0.186.
_MEANING, _WORDS, _CONCEPTS = 3.0, 1.0, 0.25
_DEPTH = 100
_MOST = 1000
# Repeats are folded, so more are looked at than are shown.
_SPARE = 3


@dataclass(frozen=True, slots=True)
class _Source:
    """What likeness is measured to."""

    text: str
    language: str
    vector: NDArray[np.float32]
    tagged: TaggedPassage
    passage: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds passages like a passage; safe to share between threads.

    tag: what tags a text that is not stored (`Tagger.tag`).
    """

    store: Store
    encoder: Encoder
    tag: Tag

    def find(self, request: SimilarRequest) -> SimilarResponse:
        """Answer a request.

        Raises InputError for a request that names no passage or two, a limit or offset out of
        range or a text that is too long; NotFound where the passage is not stored.
        """
        check(request)
        stored = self._stored(request.passage) if request.passage else None
        source = self._of_passage(stored) if stored else self._of_text(request.text)
        wanted = request.offset + request.limit
        depth = min(max(wanted * _SPARE, _DEPTH), _MOST)
        where = request.where.and_none_of("passage", [source.passage] if source.passage else [])

        def ask(live: Filter) -> tuple[list[_Weighed], int]:
            if request.own or not source.document:
                found = self._weighed(source, live, depth)
            else:
                found = self._weighed(
                    source, live.and_none_of("document", [source.document]), depth
                )
                if len(found) < wanted * _SPARE:
                    found += self._weighed(source, _within(live, source.document), depth)
            return found, self.store.count(live)

        found, total = self.store.read(ask, where)
        shown = self._folded(found[: wanted * _SPARE], source)
        return SimilarResponse(tuple(shown[request.offset : wanted]), total, stored)

    def _stored(self, passage: str) -> StoredPassage:
        found = self.store.passages_by_id([passage])
        if passage not in found:
            raise NotFound(
                f"passage {passage!r}",
                "it is not in the store",
                "Search for it: the hits of `miner search --json` carry their id.",
            )
        return found[passage]

    def _of_passage(self, stored: StoredPassage) -> _Source:
        passage = stored.passage
        vectors = self.store.read(
            lambda live: self.store.index.vectors([passage.id], live), Filter()
        )
        if passage.id not in vectors:
            raise StoreError(
                f"passage {passage.id}",
                "the index does not hold it",
                "Ingest its document again.",
            )
        return _Source(
            passage.text,
            passage.language,
            vectors[passage.id],
            stored.tagged,
            passage.id,
            passage.document,
        )

    def _of_text(self, text: str) -> _Source:
        tagged = self.tag(text)
        language = detect(text)
        vector = self.encoder.encode([text])[0]
        return _Source(text, "en" if language == UNKNOWN else language, vector, tagged)

    def _weighed(self, source: _Source, where: Filter, depth: int) -> list[_Weighed]:
        legs = [Leg("dense", source.vector, depth=depth)]
        words = lexical.query_vector(source.text, source.language)
        concepts = tag_vector(replace(source.tagged, tags=source.tagged.decided))
        legs += [Leg("bm25", words, depth=depth)] if words.indices else []
        # Many passages carry a concept: it ranks what the others propose, and proposes none.
        legs += [Leg("tags", concepts, depth=0)] if source.tagged.decided else []
        return _ranked(self.store.index.weigh(legs, where), legs)

    def _folded(self, found: Sequence[_Weighed], source: _Source) -> list[SimilarHit]:
        known = self.store.passages_by_id([one.passage for one in found])
        rows = [(one, known[one.passage]) for one in found if one.passage in known]
        # Contents, reference lists and noise share names with everything and say nothing.
        rows.sort(key=lambda row: _says_nothing(row[1]))
        runs = shingles(source.text)
        hits = []
        for first, *rest in folded(stored.passage.text for _, stored in rows):
            one, stored = rows[first]
            concepts = shared_concepts(source.tagged, stored.tagged)
            hits.append(
                SimilarHit(
                    passage=stored,
                    score=one.score,
                    meaning=one.meaning,
                    words=one.words,
                    concepts=concepts,
                    highlights=highlights(stored, concepts, source.text, source.language),
                    citation=citation(stored),
                    near_duplicate=repeats(runs, shingles(stored.passage.text)),
                    folded=tuple(rows[at][1] for at in rest),
                )
            )
        return hits


@dataclass(frozen=True, slots=True)
class _Weighed:
    passage: str
    score: float
    meaning: float
    words: float


def _ranked(candidates: Sequence[Candidate], legs: Sequence[Leg]) -> list[_Weighed]:
    at = {leg.using: number for number, leg in enumerate(legs)}
    best = max((c.scores[at["bm25"]] for c in candidates), default=0.0) if "bm25" in at else 0.0
    found = []
    for candidate in candidates:
        meaning = candidate.scores[at["dense"]]
        words = candidate.scores[at["bm25"]] / best if best > 0 else 0.0
        concepts = candidate.scores[at["tags"]] if "tags" in at else 0.0
        score = _MEANING * meaning + _WORDS * words + _CONCEPTS * concepts
        found.append(_Weighed(candidate.passage, score, meaning, words))
    return sorted(found, key=lambda one: (-one.score, one.passage))


def _says_nothing(stored: StoredPassage) -> bool:
    noise = stored.tagged.abstained is None and stored.tagged.stance.label is Stance.NOISE
    return noise or stored.passage.kind in (BlockType.CONTENTS, BlockType.REFERENCE)


def _within(where: Filter, document: str) -> Filter:
    held = where.any_of.get("document")
    value = document if held is None or document in held else ""
    return replace(where, any_of={**where.any_of, "document": [value]})
