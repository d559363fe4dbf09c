"""How good are tags? Figures of a tagger against labelled passages.

What readers left open (a row's `undecided` concepts, a null stance) is not scored. A passage on
which the tagger abstains decides nothing, so its positives count as missed. Documents are drawn
whole for the intervals: passages of one document resemble each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.bootstrap import Figure, Floats, Resampling, ratio
from evaluation.metrics import (
    average_precision,
    calibration_error,
    equal_count,
    equal_width,
    f1,
)
from evaluation.rows import LabelledRow
from evaluation.tagging_report import (
    CalibrationFigures,
    ConceptFigures,
    GroupFigures,
    StanceFigures,
    TaggingReport,
)
from miner.errors import InputError
from miner.tagging.tag import TaggedPassage
from miner.taxonomy import Stance, codebook

BINS = 10
ENOUGH_POSITIVES = 9

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """Rows (n) by concepts (c) as arrays, with the resampling of their documents."""

    draws: Resampling
    truth: Flags
    scored: Flags
    decided: Flags
    probability: Floats
    read: NDArray[np.intp]
    tagged: NDArray[np.intp]
    abstained: Flags

    @property
    def rows(self) -> int:
        return len(self.truth)

    def counts(self) -> tuple[Floats, Floats, Floats]:
        """Hits, false alarms and misses of each draw and concept: (draws, c) each."""
        return (
            self.draws.totals(self.decided & self.truth & self.scored),
            self.draws.totals(self.decided & ~self.truth & self.scored),
            self.draws.totals(~self.decided & self.truth & self.scored),
        )


def score_tagging(rows: Sequence[LabelledRow], tagged: Sequence[TaggedPassage]) -> TaggingReport:
    """Score the tags of `rows`, given in the same order.

    Raises InputError where their numbers differ, where there are no rows, or where a passage
    lacks the probability of a concept.
    """
    if len(rows) != len(tagged) or not rows:
        raise InputError(
            "tags", f"{len(tagged)} passages for {len(rows)} rows", "Tag each row, once."
        )
    names = tuple(codebook())
    whole = _sample(rows, tagged, names)
    tp, fp, fn = whole.counts()
    positives = (whole.truth & whole.scored).sum(axis=0)
    often = positives >= ENOUGH_POSITIVES
    of_each = _f1_where_any(tp, fp, fn)
    kept = np.where(np.isfinite(of_each), of_each, 0.0)[:, often].sum(axis=1)
    macro = ratio(kept, np.isfinite(of_each)[:, often].sum(axis=1))
    micro = (tp.sum(axis=1), fp.sum(axis=1), fn.sum(axis=1))
    figure, n = whole.draws.figure, whole.rows
    return TaggingReport(
        rows=n,
        documents=whole.draws.clusters,
        micro_f1=figure(f1(*micro), n),
        micro_precision=figure(ratio(micro[0], micro[0] + micro[1]), n),
        micro_recall=figure(ratio(micro[0], micro[0] + micro[2]), n),
        macro_f1=figure(macro, n),
        macro_concepts=int(often.sum()),
        abstained=whole.draws.mean(whole.abstained),
        stance=_stances(whole),
        calibration=_calibration(whole),
        concepts=tuple(
            _concept(whole, column, name, (tp, fp, fn)) for column, name in enumerate(names)
        ),
        groups=_groups(rows, tagged, names),
    )


def _sample(
    rows: Sequence[LabelledRow], tagged: Sequence[TaggedPassage], names: Sequence[str]
) -> _Sample:
    order = list(Stance)
    tags = [{tag.concept: tag for tag in passage.tags} for passage in tagged]
    for row, found in zip(rows, tags, strict=True):
        if missing := [name for name in names if name not in found]:
            raise InputError(
                f"row {row.id}", f"the tagger gives no probability for {missing[0]}", "Train anew."
            )
    silent = np.array([passage.abstained is not None for passage in tagged])
    decided = np.array([[found[name].decided for name in names] for found in tags])
    return _Sample(
        draws=Resampling.of([row.document for row in rows]),
        truth=np.array([[name in row.concepts for name in names] for row in rows]),
        scored=np.array([[name not in row.undecided for name in names] for row in rows]),
        decided=decided & ~silent[:, None],
        probability=np.array([[found[name].probability for name in names] for found in tags]),
        read=np.array([-1 if row.stance is None else order.index(row.stance) for row in rows]),
        tagged=np.array([order.index(passage.stance.label) for passage in tagged]),
        abstained=silent,
    )


def _f1_where_any(hits: Floats, false: Floats, missed: Floats) -> Floats:
    """F1 where a draw holds a positive. Without one it is 0 for any decision, whatever the
    tagger can do, so such draws are left out (as they are for recall)."""
    return np.where(hits + missed > 0, f1(hits, false, missed), np.nan)


def _concept(
    sample: _Sample, column: int, name: str, counts: tuple[Floats, Floats, Floats]
) -> ConceptFigures:
    tp, fp, fn = (part[:, column] for part in counts)
    scored = sample.scored[:, column]
    area = average_precision(
        sample.probability[scored, column],
        sample.truth[scored, column],
        sample.draws.weights(scored),
    )
    figure, n = sample.draws.figure, int(scored.sum())
    return ConceptFigures(
        concept=name,
        positives=int(tp[0] + fn[0]),
        decided=int(tp[0] + fp[0]),
        precision=figure(ratio(tp, tp + fp), n),
        recall=figure(ratio(tp, tp + fn), n),
        f1=figure(_f1_where_any(tp, fp, fn), n),
        average_precision=figure(area, n),
    )


def _stances(sample: _Sample) -> StanceFigures:
    known = sample.read >= 0
    right = np.where(known, sample.read == sample.tagged, np.nan)
    figures, confusion = {}, {}
    for row, stance in enumerate(Stance):
        read, said = sample.read == row, (sample.tagged == row) & known
        hits, false, missed = (
            sample.draws.totals(part) for part in (read & said, ~read & said, read & ~said)
        )
        figures[stance.value] = sample.draws.figure(
            _f1_where_any(hits, false, missed), int(read.sum())
        )
        confusion[stance.value] = {
            other.value: int((read & (sample.tagged == column)).sum())
            for column, other in enumerate(Stance)
        }
    return StanceFigures(sample.draws.mean(right), figures, confusion)


def _calibration(sample: _Sample) -> CalibrationFigures:
    scored, n = sample.scored, int(sample.scored.sum())
    gap = np.where(scored, sample.probability - sample.truth, 0.0)
    counts = sample.draws.totals(scored).sum(axis=1)

    def error(picked: NDArray[np.intp]) -> Figure:
        bins = np.full(scored.shape, -1)
        bins[scored] = picked
        sums = [np.where(bins == b, gap, 0.0).sum(axis=1) for b in range(picked.max() + 1)]
        gaps = sample.draws.totals(np.stack(sums, axis=1))
        return sample.draws.figure(calibration_error(gaps, counts), n)

    squared = sample.draws.totals((gap**2).sum(axis=1))
    return CalibrationFigures(
        expected_error=error(equal_width(sample.probability[scored], BINS)),
        adaptive_error=error(equal_count(sample.probability[scored], BINS)),
        brier=sample.draws.figure(ratio(squared, counts), n),
    )


def _groups(
    rows: Sequence[LabelledRow], tagged: Sequence[TaggedPassage], names: Sequence[str]
) -> dict[str, GroupFigures]:
    groups = {}
    for name in sorted({row.group for row in rows}):
        there = [at for at, row in enumerate(rows) if row.group == name]
        part = _sample([rows[at] for at in there], [tagged[at] for at in there], names)
        hits, false, missed = (count.sum(axis=1) for count in part.counts())
        stance = _stances(part)
        groups[name] = GroupFigures(
            rows=part.rows,
            documents=part.draws.clusters,
            micro_f1=part.draws.figure(f1(hits, false, missed), part.rows),
            stance_accuracy=stance.accuracy,
            noise_f1=stance.f1[Stance.NOISE.value],
            expected_error=_calibration(part).expected_error,
            abstained=part.draws.mean(part.abstained),
        )
    return groups
