"""Aligning a document to a reference document, statement by statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from miner.alignment.interval import DRAWS, Interval
from miner.alignment.measure import Pair, is_prose
from miner.alignment.reference.answer import (
    Beyond,
    MatchedPassage,
    ReferenceAlignment,
    StatementMatch,
    Verdict,
)
from miner.alignment.reference.model import MatchModel, match_model
from miner.alignment.reference.similarity import Similarity, similarity
from miner.alignment.reference.statement import Statement, statement_version, statements
from miner.commitments import strength
from miner.embedding import Encoder
from miner.errors import InputError
from miner.tagging.tag import TaggedPassage
from miner.tagging.tagger import Tagger

_SEED = 20260102
MOST_STATEMENTS = 600
# A passage is evidence where it is this likely to say part of a statement; one that is likelier
# to do so for no statement at all is beyond the reference.
EVIDENCE, BEYOND = 0.3, 0.15
_SHOWN, _MOST_BEYOND = 5, 100
Floats = NDArray[np.float64]


def align_reference(
    reference: str,
    title: str,
    reference_pairs: Sequence[Pair],
    pairs: Sequence[Pair],
    tagger: Tagger,
    encoder: Encoder,
    *,
    warnings: Sequence[str] = (),
    model: MatchModel | None = None,
) -> ReferenceAlignment:
    """Align a document to the statements of another.

    Args:
        reference, title: id and title of the reference document.
        reference_pairs: its tagged passages. pairs: the document's.
        tagger, encoder: tag and compare the statements.
        warnings: what could not be read of the reference.
        model: the match model instead of the shipped one.

    Raises InputError where the reference holds no statement, or more than 600.
    """
    wanted = statements(reference_pairs)
    if not wanted:
        raise InputError(
            title or reference,
            "no sentence of it commits to anything or lays down a principle",
            "Name a document with statements, in English.",
        )
    if len(wanted) > MOST_STATEMENTS:
        raise InputError(
            title or reference,
            f"it has {len(wanted)} statements, over {MOST_STATEMENTS}",
            "Name a shorter document, or a part of it.",
        )
    prose = [pair for pair in pairs if is_prose(pair)]
    tags = tagger.tag([statement.text for statement in wanted], ["en"] * len(wanted))
    found = similarity([statement.text for statement in wanted], tags, prose, encoder)
    chosen = model or match_model()
    part, whole = chosen.passages(found.signals)
    some, every = chosen.documents(part, whole)
    matches = tuple(
        _match(statement, tags[row], row, some, every, part, whole, prose, found)
        for row, statement in enumerate(wanted)
    )
    beyond = _beyond(prose, part)
    verdicts = [match.verdict for match in matches]
    score = float(((some + every) / 2).mean())
    return ReferenceAlignment(
        reference=reference,
        title=title,
        score=round(score, 4),
        interval=_interval(some, every, score),
        matched=verdicts.count("matched"),
        partly=verdicts.count("partly"),
        not_found=verdicts.count("not found"),
        statements=matches,
        beyond=beyond[:_MOST_BEYOND],
        beyond_total=len(beyond),
        rule=statement_version(),
        model=tagger.id,
        encoder=encoder.id,
        cautions=tuple(_cautions(wanted, prose, chosen, tagger, encoder, warnings)),
    )


def _match(
    statement: Statement,
    tagged: TaggedPassage,
    row: int,
    some: Floats,
    every: Floats,
    part: Floats,
    whole: Floats,
    prose: Sequence[Pair],
    found: Similarity,
) -> StatementMatch:
    verdict: Verdict = "not found"
    if some[row] >= 0.5:
        verdict = "matched" if every[row] >= 0.5 else "partly"
    order = [int(column) for column in np.argsort(-part[row], kind="stable")[:_SHOWN]]
    shown = [
        _passage(prose[column], found.sentence[row, column], part[row, column], whole[row, column])
        for column in order
    ]
    held = [passage for passage in shown if passage.partly >= EVIDENCE] or shown[:1]
    return StatementMatch(
        statement=statement,
        concepts=tuple(tag.concept for tag in tagged.decided),
        verdict=verdict,
        partly=round(float(some[row]), 4),
        whole=round(float(every[row]), 4),
        evidence=tuple(held) if verdict != "not found" else (),
        nearest=tuple(shown[:3]) if verdict == "not found" else (),
    )


def _passage(pair: Pair, span: NDArray[np.int64], part: float, whole: float) -> MatchedPassage:
    passage, tagged = pair
    start, end = int(span[0]), int(span[1])
    return MatchedPassage(
        passage=passage.id,
        page=passage.page,
        heading_path=passage.heading_path,
        quote=passage.text[start:end],
        start=passage.start + start,
        end=passage.start + end,
        text=passage.text,
        partly=round(float(part), 4),
        whole=round(float(whole), 4),
        stance=tagged.stance.label,
        commitment=strength(passage.text, tagged.stance.label),
        boxes=passage.boxes,
    )


def _beyond(prose: Sequence[Pair], part: Floats) -> tuple[Beyond, ...]:
    """Statements of passages that say nothing of the reference's, firmest first."""
    least = part.max(axis=0, initial=0.0)
    free = [pair for pair, best in zip(prose, least, strict=True) if best < BEYOND]
    found = sorted(
        statements(free), key=lambda statement: (-statement.commitment.value, statement.number)
    )
    by_passage = {passage.id: tagged for passage, tagged in free}
    return tuple(
        Beyond(
            replace(statement, number=number),
            tuple(tag.concept for tag in by_passage[statement.passage].decided),
        )
        for number, statement in enumerate(found, 1)
    )


def _interval(some: Floats, every: Floats, score: float) -> Interval:
    """Statements drawn with repeats, each verdict drawn by its probabilities."""
    generator = np.random.default_rng(_SEED)
    rows = generator.integers(0, len(some), (DRAWS * 5, len(some)))
    chance = generator.random(rows.shape)
    credit = np.where(chance < every[rows], 1.0, np.where(chance < some[rows], 0.5, 0.0))
    low, high = np.percentile(credit.mean(axis=1), [2.5, 97.5])
    return round(min(float(low), score), 4), round(max(float(high), score), 4)


def _cautions(
    wanted: Sequence[Statement],
    prose: Sequence[Pair],
    model: MatchModel,
    tagger: Tagger,
    encoder: Encoder,
    warnings: Sequence[str],
) -> Iterator[str]:
    for warning in warnings:
        yield f"Reference: {warning}"
    if len(wanted) < 10:
        yield f"The reference has only {len(wanted)} statements."
    if not prose:
        yield "Nothing of the document could be compared: it has no prose in English."
    if (model.tagger, model.encoder) != (tagger.id, encoder.id):
        yield (
            f"What counts as a match was fitted with {model.tagger} and {model.encoder}; here "
            f"{tagger.id} and {encoder.id} compared."
        )
