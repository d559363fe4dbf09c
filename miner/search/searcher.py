"""The Searcher: a query read, asked of every leg at once, and answered with evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from miner import spelling
from miner.catalogue.geography import Geography
from miner.embedding import Encoder
from miner.index import Filter, Leg, Scored
from miner.query import Interpretation, read_query
from miner.search.languages import ENGLISH, languages_of, stemmed
from miner.search.legs import DEPTH, listing, literal, tag_query, tags_depth
from miner.search.rank import MIX, Ranked, demoted, grouped, without_repeats
from miner.search.request import DocumentHits, Hit, SearchRequest, SearchResponse, check
from miner.search.show import citation, highlights
from miner.search.understanding import told, understand
from miner.search.wording import literally
from miner.store import Store
from miner.taxonomy import Concept, codebook

# Plain fusion, for the modes that are compared with.
RRF_K = 20
_RRF_WEIGHTS = {"dense": 1.0, "bm25": 1.5}
# Looked at, besides those that are shown: repeats, contents pages and the like make way for others.
_FEWEST = 40
_MOST = 1000
_ALL = 1_000_000

Spoken = Callable[[str], Mapping[str, float]]
_Asked = tuple[list[Scored], int, dict[str, Mapping[str, int]]]


def _nothing(_: str) -> Mapping[str, float]:
    return {}


@dataclass(frozen=True, slots=True)
class Searcher:
    """Everything a search needs; safe to share between threads.

    spoken: concepts a query speaks of, with probabilities (`Tagger.probabilities`); without it
        only concepts named outright count.
    mix: the legs of the mode `full` and the weight of each.
    """

    store: Store
    encoder: Encoder
    geography: Geography
    spoken: Spoken = _nothing
    concepts: Mapping[str, Concept] = field(default_factory=codebook)
    mix: Mapping[str, float] = field(default_factory=lambda: MIX)

    def search(self, request: SearchRequest) -> SearchResponse:
        """Answer a request.

        Raises InputError for a limit or offset out of range, an unknown facet, and an empty
        query without any filter.
        """
        check(request)
        understood = understand(request, self._read, self.store.count)
        reading, where = understood.reading, understood.where
        legs = self._legs(request, reading)
        wanted = request.offset + request.limit
        depth = min(max(wanted * (8 if request.group else 3), _FEWEST), _MOST)
        strict = bool(reading.phrases or reading.excluded)

        def ask(live: Filter) -> _Asked:
            # A phrase in quotes may stand far down any ranking: all that was proposed is looked at.
            found = self._found(request, legs, live, depth, _ALL if strict else depth)
            facets = {name: self.store.facet(name, live) for name in request.facets}
            return found, self.store.count(live), facets

        found, total, facets = self.store.read(ask, where)
        known = self.store.passages_by_id([scored.passage for scored in found])
        pairs = [(known[s.passage], s.score) for s in found if s.passage in known]
        if strict:
            pairs = [pair for pair in pairs if literally(pair[0], reading)]
            total = len(pairs) if reading.phrases else total
        if not legs:
            total = 0
        ranked = without_repeats(pairs)
        if request.mode == "full":
            ranked = demoted(ranked)
        shown = slice(request.offset, wanted)
        groups = grouped(ranked)[shown] if request.group else []
        said, wider = told(request, understood, total, len(ranked), self._read, self.store.count)
        return SearchResponse(
            hits=() if request.group else _hits(ranked[shown], reading),
            groups=tuple(DocumentHits(name, _hits(held, reading)) for name, held in groups),
            total=total,
            facets=facets,
            interpretation=reading,
            note=said,
            wider=wider,
        )

    def _read(self, request: SearchRequest) -> Interpretation:
        if not request.read or request.mode != "full":
            return Interpretation(request.query, (), request.query, True, Filter())
        return read_query(
            request.query,
            self.geography,
            self.concepts,
            without=request.without,
            vocabulary=self.store.vocabulary,
        )

    def _found(
        self, request: SearchRequest, legs: Sequence[Leg], where: Filter, depth: int, most: int
    ) -> list[Scored]:
        if not legs:
            return []
        if request.mode != "full" or len(legs) == 1:
            return self.store.index.search(legs, where, depth, RRF_K)
        return self.store.index.best(legs, where, self.mix, most)

    def _legs(self, request: SearchRequest, reading: Interpretation) -> list[Leg]:
        text = reading.text.strip() or request.query.strip()
        if not text:
            return [listing(_MOST)]
        if reading.gibberish or not any(sign.isalnum() for sign in text):
            return []
        mode = request.mode
        depth = min(max(DEPTH, request.offset + request.limit), 2000)
        phrase = self._literal(reading)
        # Only passages that hold the phrase can answer, and its own words find them.
        proposed = 0 if phrase else depth * 5 if reading.excluded else depth
        legs: list[Leg] = [] if phrase is None else [phrase]
        asked = [
            name
            for where in (reading.where, request.where)
            for name in where.any_of.get("language", ())
        ]
        languages = languages_of(text, self.store.facet("language", Filter()), asked)
        # However an English query is spelt, it means the same.
        meant = spelling.plain(text) if mode == "full" and languages == (ENGLISH,) else text
        if mode in ("dense", "hybrid") or (mode == "full" and "dense" in self.mix):
            legs.append(Leg("dense", self._encode(meant), _RRF_WEIGHTS["dense"], proposed))
        words = stemmed(text, languages)
        worded = mode in ("bm25", "hybrid") or (mode == "full" and "bm25" in self.mix)
        if worded and words.indices:
            legs.append(Leg("bm25", words, _RRF_WEIGHTS["bm25"], proposed))
        # The tagging model reads English: of another language it makes concepts up.
        if mode == "full" and "tags" in self.mix and (asked or languages == (ENGLISH,)):
            tags = tag_query(reading, self.spoken(meant), request.without)
            if tags.indices:
                legs.append(Leg("tags", tags, 1.0, tags_depth(proposed)))
        return legs

    def _literal(self, reading: Interpretation) -> Leg | None:
        if not reading.phrases:
            return None
        return literal(reading, self.store.vocabulary, self.store.facet("language", Filter()))

    def _encode(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.encoder.encode([text])[0]
        return vector


def _hits(ranked: Sequence[Ranked], reading: Interpretation) -> tuple[Hit, ...]:
    return tuple(
        Hit(stored, score, highlights(stored, reading), citation(stored))
        for stored, score in ranked
    )
