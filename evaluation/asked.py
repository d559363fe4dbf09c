"""What the tagger's figures should be, beside what they are."""

from __future__ import annotations

import math
from dataclasses import dataclass

from evaluation.bootstrap import Figure
from evaluation.tagging_report import TaggingReport
from evaluation.tagging_score import ENOUGH_POSITIVES, LIKELY

_OF_A_CONCEPT = 0.70
_OF_CALIBRATION = 0.05


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure with what was asked of it: `asked` at least, or `at_most`.

    short: how much of it is missing, 0 where it is reached, NaN where it is not known.
    """

    name: str
    asked: float
    reached: Figure
    at_most: bool = False

    @property
    def short(self) -> float:
        """See above."""
        if not math.isfinite(self.reached.value):
            return math.nan
        gap = self.asked - self.reached.value
        return max(0.0, -gap if self.at_most else gap)


def asked(report: TaggingReport) -> tuple[Asked, ...]:
    """The issue's figures; of the concepts those with enough positives that are too low."""
    stance, calibration = report.stance, report.calibration
    often = [row for row in report.concepts if row.positives >= ENOUGH_POSITIVES]
    weakest = min(often, key=lambda row: row.f1.value, default=None)
    each = [
        Asked(f"F1 of {row.concept} ({row.positives} positives)", _OF_A_CONCEPT, row.f1)
        for row in often
    ]
    low = [row for row in each if row.short]
    if not low and weakest is not None:
        low = [Asked(f"lowest F1 of a concept: {weakest.concept}", _OF_A_CONCEPT, weakest.f1)]
    return (
        Asked("micro-F1, 28 concepts", 0.85, report.micro_f1),
        Asked(f"macro-F1, {report.macro_concepts} concepts", 0.85, report.macro_f1),
        *low,
        Asked("stance accuracy", 0.90, stance.accuracy),
        Asked("noise F1", 0.85, stance.f1["noise"]),
        Asked("calibration error of all pairs", _OF_CALIBRATION, calibration.expected_error, True),
        Asked(
            f"calibration error of pairs with a probability over {LIKELY}",
            _OF_CALIBRATION,
            calibration.likely_error,
            True,
        ),
        Asked("calibration error of the stance", _OF_CALIBRATION, calibration.stance_error, True),
    )
