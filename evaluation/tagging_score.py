"""How good are tags? Figures of a tagger against labelled passages.

What readers left open (a row's `undecided` concepts, a null stance) is not scored. A passage on
which the tagger abstains decides nothing, so its positives count as missed. Documents are drawn
whole for the intervals: passages of one document resemble each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.bootstrap import Figure, Floats, Resampling, ratio
from evaluation.groups import by_subject
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
# A macro average over fewer concepts says little of a group.
ENOUGH_CONCEPTS = 5
# Most pairs of passage and concept are near 0 and right: calibration shows above this.
LIKELY = 0.1

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
    sure: Floats
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


def score_tagging(
    rows: Sequence[LabelledRow],
    tagged: Sequence[TaggedPassage],
    parts: Mapping[str, Sequence[int]] | None = None,
) -> TaggingReport:
    """Score the tags of `rows`, given in the same order.

    parts: places of the rows of each group that figures are given for; by subject where missing.

    Raises InputError where their numbers differ, where there are no rows, or where a passage
    lacks the probability of a concept.
    """
    names = tuple(codebook())
    whole = _sample(rows, tagged, names)
    tp, fp, fn = whole.counts()
    macro, often = _macro(whole, (tp, fp, fn))
    micro = (tp.sum(axis=1), fp.sum(axis=1), fn.sum(axis=1))
    figure, n = whole.draws.figure, whole.rows
    return TaggingReport(
        rows=n,
        documents=whole.draws.clusters,
        micro_f1=figure(f1(*micro), n),
        micro_precision=figure(ratio(micro[0], micro[0] + micro[1]), n),
        micro_recall=figure(ratio(micro[0], micro[0] + micro[2]), n),
        macro_f1=figure(macro, n),
        macro_concepts=often,
        abstained=whole.draws.mean(whole.abstained),
        stance=_stances(whole),
        calibration=_calibration(whole),
        concepts=tuple(
            _concept(whole, column, name, (tp, fp, fn)) for column, name in enumerate(names)
        ),
        groups={
            name: _group([rows[at] for at in there], [tagged[at] for at in there], names)
            for name, there in (by_subject(rows) if parts is None else parts).items()
        },
    )


def drawn(rows: Sequence[LabelledRow], tagged: Sequence[TaggedPassage]) -> dict[str, Floats]:
    """Figures of each draw of documents, (1 + rounds,) each, for paired differences: `micro`,
    `macro` (F1), `stance` (accuracy), `noise` (F1), `calibration` (expected error) and the F1 of
    each concept by its id. Draws are those of `Resampling.of` the rows' documents: the same for
    all tags of the same rows."""
    names = tuple(codebook())
    whole = _sample(rows, tagged, names)
    counts = whole.counts()
    return {
        "micro": f1(*(part.sum(axis=1) for part in counts)),
        "macro": _macro(whole, counts)[0],
        "stance": _accuracy(whole),
        "noise": _stance_f1(whole, list(Stance).index(Stance.NOISE)),
        "calibration": _error(
            whole.draws, whole.probability, whole.truth, whole.scored, equal_width
        ),
        **dict(zip(names, _f1_where_any(*counts).T, strict=True)),
    }


def _sample(
    rows: Sequence[LabelledRow], tagged: Sequence[TaggedPassage], names: Sequence[str]
) -> _Sample:
    if len(rows) != len(tagged) or not rows:
        raise InputError(
            "tags", f"{len(tagged)} passages for {len(rows)} rows", "Tag each row, once."
        )
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
        sure=np.array([passage.stance.probability for passage in tagged]),
        abstained=silent,
    )


def _f1_where_any(hits: Floats, false: Floats, missed: Floats) -> Floats:
    """F1 where a draw holds a positive. Without one it is 0 for any decision, whatever the
    tagger can do, so such draws are left out (as they are for recall)."""
    return np.where(hits + missed > 0, f1(hits, false, missed), np.nan)


def _macro(sample: _Sample, counts: tuple[Floats, Floats, Floats]) -> tuple[Floats, int]:
    """The mean F1 of the concepts with enough positives, and how many they are."""
    often = (sample.truth & sample.scored).sum(axis=0) >= ENOUGH_POSITIVES
    of_each = _f1_where_any(*counts)[:, often]
    there = np.isfinite(of_each)
    return ratio(np.where(there, of_each, 0.0).sum(axis=1), there.sum(axis=1)), int(often.sum())


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
    figures, confusion = {}, {}
    for row, stance in enumerate(Stance):
        read = sample.read == row
        figures[stance.value] = sample.draws.figure(_stance_f1(sample, row), int(read.sum()))
        confusion[stance.value] = {
            other.value: int((read & (sample.tagged == column)).sum())
            for column, other in enumerate(Stance)
        }
    known = int((sample.read >= 0).sum())
    return StanceFigures(sample.draws.figure(_accuracy(sample), known), figures, confusion)


def _accuracy(sample: _Sample) -> Floats:
    known = sample.read >= 0
    right = known & (sample.read == sample.tagged)
    return ratio(sample.draws.totals(right), sample.draws.totals(known))


def _stance_f1(sample: _Sample, number: int) -> Floats:
    read, said = sample.read == number, (sample.tagged == number) & (sample.read >= 0)
    counts = (sample.draws.totals(part) for part in (read & said, ~read & said, read & ~said))
    return _f1_where_any(*counts)


def _calibration(sample: _Sample) -> CalibrationFigures:
    draws, probability, truth, scored = (
        sample.draws,
        sample.probability,
        sample.truth,
        sample.scored,
    )
    likely, known = scored & (probability > LIKELY), sample.read >= 0
    squared = np.where(scored, (probability - truth) ** 2, 0.0)
    brier = ratio(draws.totals(squared.sum(axis=1)), draws.totals(scored.sum(axis=1)))
    n = int(scored.sum())
    return CalibrationFigures(
        expected_error=draws.figure(_error(draws, probability, truth, scored, equal_width), n),
        adaptive_error=draws.figure(_error(draws, probability, truth, scored, equal_count), n),
        brier=draws.figure(brier, n),
        likely_error=draws.figure(
            _error(draws, probability, truth, likely, equal_width), int(likely.sum())
        ),
        stance_error=draws.figure(
            _error(draws, sample.sure, sample.read == sample.tagged, known, equal_width),
            int(known.sum()),
        ),
    )


def _error(
    draws: Resampling,
    probability: Floats,
    truth: Flags,
    scored: Flags,
    binned: Callable[[Floats, int], NDArray[np.intp]],
) -> Floats:
    """Expected calibration error over what is scored, arrays of shape (n,) or (n, k)."""
    if not scored.any():
        return np.full(len(draws.times), np.nan)
    gap, rest = np.where(scored, probability - truth, 0.0), tuple(range(1, scored.ndim))
    bins = np.full(scored.shape, -1)
    bins[scored] = binned(probability[scored], BINS)
    sums = [np.where(bins == b, gap, 0.0).sum(axis=rest) for b in range(bins.max() + 1)]
    gaps = draws.totals(np.stack(sums, axis=1))
    return calibration_error(gaps, draws.totals(scored.sum(axis=rest)))


def _group(
    rows: Sequence[LabelledRow], tagged: Sequence[TaggedPassage], names: Sequence[str]
) -> GroupFigures:
    part = _sample(rows, tagged, names)
    counts = part.counts()
    macro, often = _macro(part, counts)
    stance = _stances(part)
    unknown = Figure(float("nan"), float("nan"), float("nan"), part.rows)
    return GroupFigures(
        rows=part.rows,
        documents=part.draws.clusters,
        micro_f1=part.draws.figure(f1(*(count.sum(axis=1) for count in counts)), part.rows),
        macro_f1=part.draws.figure(macro, part.rows) if often >= ENOUGH_CONCEPTS else unknown,
        macro_concepts=often,
        stance_accuracy=stance.accuracy,
        noise_f1=stance.f1[Stance.NOISE.value],
        expected_error=_calibration(part).expected_error,
        abstained=part.draws.mean(part.abstained),
    )
