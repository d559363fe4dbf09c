"""Search: a query read, asked of every leg at once, and answered with evidence.

Legs are the passage's embedding, its words (BM25) and its tags; the engine fuses them by
weighted reciprocal rank. What a query names (countries, organisations, years, concepts,
stances) becomes chips that the answer shows and that the caller may switch off.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from miner import lexical
from miner.catalogue.geography import Geography
from miner.document import BlockType
from miner.embedding import Encoder
from miner.errors import InputError
from miner.index import Filter, Leg, Scored, Sparse
from miner.query import Chip, ChipKind, Interpretation, read_query
from miner.store import Store, StoredPassage
from miner.tagging.tag import Evidence
from miner.taxonomy import Concept, codebook

Mode = Literal["bm25", "dense", "hybrid", "full"]

FACETS = ("country", "organisations", "year", "concepts", "stance", "language", "document")
ENOUGH = 5
MAX_LIMIT = 200

# Chosen on the given queries (`python -m evaluation retrieval`); figures in the README.
RRF_K = 20
WEIGHTS: Mapping[str, float] = {"dense": 1.0, "bm25": 1.5, "tags": 0.2}
_DEPTH = 200
_MOST = 1000


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question.

    query: words, or empty to list what the filters leave.
    where: filters the caller sets; those the query names are added where `read` is true.
    without: ids of chips that the caller switched off.
    group: one group of hits per document, best document first; `limit` then counts documents.
    """

    query: str
    limit: int = 10
    offset: int = 0
    where: Filter = field(default_factory=Filter)
    mode: Mode = "full"
    read: bool = True
    without: tuple[str, ...] = ()
    group: bool = False
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage found. `score` orders hits of one answer and means nothing beyond it.

    highlights: spans of the passage's text that answer the query.
    citation: how to quote it, with page.
    """

    passage: StoredPassage
    score: float
    highlights: tuple[Evidence, ...]
    citation: str


@dataclass(frozen=True, slots=True)
class DocumentHits:
    """The hits of one document, best first."""

    document: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """The answer.

    total: passages that satisfy all filters (of these the legs rank the best).
    interpretation: what the query was read as.
    note: a sentence where filters left few hits, else empty; `wider` are the chips that could
        be switched off to get more.
    """

    hits: tuple[Hit, ...]
    groups: tuple[DocumentHits, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    interpretation: Interpretation
    note: str = ""
    wider: tuple[Chip, ...] = ()


@dataclass(frozen=True, slots=True)
class Searcher:
    """Everything a search needs; safe to share between threads."""

    store: Store
    encoder: Encoder
    geography: Geography
    concepts: Mapping[str, Concept] = field(default_factory=codebook)

    def search(self, request: SearchRequest) -> SearchResponse:
        """Answer a request.

        Raises InputError for a limit or offset out of range, an unknown facet, and an empty
        query without any filter.
        """
        _check(request)
        reading = self._read(request)
        where = combine(request.where, filter_of(reading) if request.read else Filter())
        legs = self._legs(request, reading)
        wanted = request.offset + request.limit
        depth = min(max(wanted * (8 if request.group else 3), 50), _MOST)

        def ask(live: Filter) -> tuple[list[Scored], int, dict[str, Mapping[str, int]]]:
            found = self.store.index.search(legs, live, depth, RRF_K) if legs else []
            total = self.store.index.count(live)
            facets = {name: self.store.index.facet(name, live) for name in request.facets}
            return found, total, facets

        found, total, facets = self.store.read(ask, where)
        known = self.store.passages_by_id([scored.passage for scored in found])
        ranked = _without_repeats(
            [
                (known[s.passage], s.score)
                for s in found
                if s.passage in known and _literally(known[s.passage], reading)
            ]
        )
        if request.mode == "full":
            ranked = _demoted(ranked)
        shown = slice(request.offset, wanted)
        groups = _grouped(ranked)[shown] if request.group else []
        note, wider = _too_few(total, reading, request)
        return SearchResponse(
            hits=() if request.group else self._hits(ranked[shown], reading),
            groups=tuple(DocumentHits(name, self._hits(held, reading)) for name, held in groups),
            total=total,
            facets=facets,
            interpretation=reading,
            note=note,
            wider=wider,
        )

    def _read(self, request: SearchRequest) -> Interpretation:
        if not request.read or request.mode != "full":
            return Interpretation(request.query, (), request.query, True, Filter())
        return read_query(request.query, self.geography, self.concepts, without=request.without)

    def _legs(self, request: SearchRequest, reading: Interpretation) -> list[Leg]:
        text = reading.text.strip() or request.query.strip()
        if not text:
            return [Leg("tags", _firmness(), depth=_MOST)]
        mode = request.mode
        depth = min(max(_DEPTH, request.offset + request.limit), 2000)
        legs: list[Leg] = []
        if mode in ("dense", "hybrid", "full"):
            legs.append(Leg("dense", self._encode(text), WEIGHTS["dense"], depth))
        if mode in ("bm25", "hybrid", "full"):
            words = lexical.query_vector(text)
            if words.indices:
                legs.append(Leg("bm25", words, WEIGHTS["bm25"], depth))
        if mode == "full":
            tags = tag_query(reading)
            if tags.indices:
                legs.append(Leg("tags", tags, WEIGHTS["tags"], depth))
        return legs

    def _encode(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.encoder.encode([text])[0]
        return vector

    def _hits(
        self, ranked: Sequence[tuple[StoredPassage, float]], reading: Interpretation
    ) -> tuple[Hit, ...]:
        return tuple(
            Hit(stored, score, highlights(stored, reading), citation(stored))
            for stored, score in ranked
        )


def filter_of(reading: Interpretation) -> Filter:
    """What a reading rules out.

    Places, years and languages always do. Concepts and stances filter only where the query
    says where or when, and nothing else beyond them ("incident management commitments in
    ASEAN strategies"); in any other question they only lift the passages that carry them, for
    a phrase says more than its concept and a tag can be wrong.
    """
    placed = any(chip.kind in _PLACED for chip in reading.chips)
    if placed and not reading.residual:
        concepts = [chip.value for chip in reading.chips if chip.kind is ChipKind.CONCEPT]
        narrowed = Filter(any_of={"concepts": concepts}) if concepts else Filter()
        return combine(reading.where, narrowed)
    softened = {n: v for n, v in reading.where.any_of.items() if n != "stance"}
    return replace(reading.where, any_of=softened)


_PLACED = {ChipKind.COUNTRY, ChipKind.ORGANISATION, ChipKind.YEAR}


def _firmness() -> Sparse:
    """A query on the tags vector that every passage answers, the most binding ones first."""
    wanted = sorted((lexical.term(f"stance.{name}"), value) for name, value in _BINDING.items())
    return Sparse(tuple(i for i, _ in wanted), tuple(v for _, v in wanted))


_BINDING = {"commitment": 1.0, "in_place": 0.6, "descriptive": 0.2, "unknown": 0.1, "noise": 0.001}


def tag_query(reading: Interpretation) -> Sparse:
    """The concepts and stances that a query names, as a query on the tags vector."""
    wanted = {
        lexical.term(chip.value if chip.kind is ChipKind.CONCEPT else f"stance.{chip.value}"): (
            1.0 if chip.kind is ChipKind.CONCEPT else 0.3
        )
        for chip in reading.chips
        if chip.kind in (ChipKind.CONCEPT, ChipKind.STANCE)
    }
    kept = sorted(wanted.items())
    return Sparse(tuple(i for i, _ in kept), tuple(v for _, v in kept))


def combine(first: Filter, second: Filter) -> Filter:
    """A filter that asks for both: values of one field are intersected.

    Where nothing is left of a field, the impossible value "" is asked for.
    """
    any_of = dict(first.any_of)
    for name, values in second.any_of.items():
        if name in any_of:
            any_of[name] = [v for v in any_of[name] if v in set(values)] or [""]
        else:
            any_of[name] = values
    none_of = {
        name: [*first.none_of.get(name, ()), *second.none_of.get(name, ())]
        for name in {*first.none_of, *second.none_of}
    }
    return Filter(any_of, none_of, _both(first.years, second.years))


_Years = tuple[int | None, int | None]


def _both(first: _Years | None, second: _Years | None) -> _Years | None:
    if first is None or second is None:
        return first or second
    lows = [year for year in (first[0], second[0]) if year is not None]
    highs = [year for year in (first[1], second[1]) if year is not None]
    return (max(lows, default=None), min(highs, default=None))


def highlights(
    stored: StoredPassage, reading: Interpretation, most: int = 6
) -> tuple[Evidence, ...]:
    """The words of the passage that answer: evidence of the concepts asked for, then the
    query's own stems."""
    text = stored.passage.text
    spans: list[tuple[int, int]] = []
    asked = {chip.value for chip in reading.chips if chip.kind is ChipKind.CONCEPT}
    for tag in stored.tagged.tags:
        if tag.concept in asked and tag.decided:
            spans += [(item.start, item.end) for item in tag.evidence]
    wanted = set(lexical.stems(reading.text, stored.passage.language))
    for match in _WORD.finditer(text):
        stem = lexical.stems(match.group(), stored.passage.language)
        if stem and stem[0] in wanted:
            spans.append(match.span())
    merged = _merged(spans, text)[:most]
    return tuple(Evidence(start, end, text[start:end]) for start, end in merged)


_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def _merged(spans: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        # Neighbouring words make one highlight; a sentence already marked takes in its words.
        if merged and (start <= merged[-1][1] or text[merged[-1][1] : start].strip(" -") == ""):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def citation(stored: StoredPassage) -> str:
    """Issuing body, title, year, page and section, as far as they are known."""
    about, passage = stored.metadata, stored.passage
    pages = (
        f"p. {passage.page}"
        if passage.page == passage.last_page
        else f"pp. {passage.page}-{passage.last_page}"
    )
    who = about.issuing_body or about.country_name or about.country or ""
    parts = [who, about.title or passage.document, str(about.year or "n.d."), pages]
    section = " > ".join(passage.heading_path[-2:])
    return ", ".join(part for part in parts if part) + (f", “{section}”" if section else "")


def _literally(stored: StoredPassage, reading: Interpretation) -> bool:
    """Whether the passage holds every phrase in quotes and no word that was ruled out."""
    text = " ".join(stored.passage.text.casefold().split())
    if any(" ".join(phrase.casefold().split()) not in text for phrase in reading.phrases):
        return False
    return not any(
        re.search(rf"\b{re.escape(word.casefold())}\b", text) for word in reading.excluded
    )


def _without_repeats(
    ranked: Sequence[tuple[StoredPassage, float]],
) -> list[tuple[StoredPassage, float]]:
    """Drop passages whose words were already seen, e.g. a boilerplate footer that was kept."""
    seen: set[str] = set()
    kept = []
    for stored, score in ranked:
        words = " ".join(stored.passage.text.lower().split())
        if words not in seen:
            seen.add(words)
            kept.append((stored, score))
    return kept


_LAST = {BlockType.CONTENTS, BlockType.REFERENCE}
# Fewer words are a stray heading or a table cell: a name, not a statement.
_FEWEST_WORDS = 8
# Puts the last of 1,000 fused hits before the first that is demoted.
_LAST_WEIGHT = 0.01


def _demoted(
    ranked: Sequence[tuple[StoredPassage, float]],
) -> list[tuple[StoredPassage, float]]:
    """Contents, reference lists and scraps go behind prose: they name things and say nothing."""
    weighed = [
        (stored, score * _LAST_WEIGHT if _says_nothing(stored) else score)
        for stored, score in ranked
    ]
    return sorted(weighed, key=lambda pair: -pair[1])


def _says_nothing(stored: StoredPassage) -> bool:
    passage = stored.passage
    return passage.kind in _LAST or len(passage.text.split()) < _FEWEST_WORDS


def _grouped(
    ranked: Sequence[tuple[StoredPassage, float]],
) -> list[tuple[str, list[tuple[StoredPassage, float]]]]:
    """The ranked passages by document, the document of the best passage first."""
    groups: dict[str, list[tuple[StoredPassage, float]]] = {}
    for pair in ranked:
        groups.setdefault(pair[0].passage.document, []).append(pair)
    return list(groups.items())


def _too_few(
    total: int, reading: Interpretation, request: SearchRequest
) -> tuple[str, tuple[Chip, ...]]:
    filtering = tuple(chip for chip in reading.chips if chip.kind is not ChipKind.PHRASE)
    if total >= ENOUGH or not filtering or not request.read:
        return "", ()
    names = ", ".join(chip.label for chip in filtering)
    return (
        f"Only {total} passages satisfy {names}: switch a part off for a wider answer.",
        filtering,
    )


def _check(request: SearchRequest) -> None:
    if not 1 <= request.limit <= MAX_LIMIT:
        raise InputError(
            f"limit {request.limit}",
            f"it must lie between 1 and {MAX_LIMIT}",
            "Page with offset for more.",
        )
    if request.offset < 0:
        raise InputError(f"offset {request.offset}", "it must not be negative", "Begin with 0.")
    unknown = [name for name in request.facets if name not in FACETS]
    if unknown:
        raise InputError(f"facet {unknown[0]!r}", "there is no such facet", f"Known: {FACETS}.")
    empty = Filter()
    if not request.query.strip() and request.where == empty:
        raise InputError("query", "it is empty and no filter is set", "Write some words.")


def with_filter(request: SearchRequest, where: Filter) -> SearchRequest:
    """The request narrowed by a further filter."""
    return replace(request, where=combine(request.where, where))
