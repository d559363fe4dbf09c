"""What is measured of a tagger: its figures on concepts, stances and probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluation.bootstrap import Figure


@dataclass(frozen=True, slots=True)
class ConceptFigures:
    """One concept. n of each figure: the rows on which the concept is scored."""

    concept: str
    positives: int
    decided: int
    precision: Figure
    recall: Figure
    f1: Figure
    average_precision: Figure


@dataclass(frozen=True, slots=True)
class StanceFigures:
    """Stances. confusion[read][tagged] counts rows; n of an F1: the rows read as that stance."""

    accuracy: Figure
    f1: Mapping[str, Figure]
    confusion: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class CalibrationFigures:
    """Over all scored pairs of passage and concept (n); bins are fixed from the whole sample.

    likely_error: over the pairs with a probability above 0.1. stance_error: over passages, of
    the probability of the stance that was chosen.
    """

    expected_error: Figure
    adaptive_error: Figure
    brier: Figure
    likely_error: Figure
    stance_error: Figure


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One group of documents (see `evaluation.groups`).

    macro_f1: over the concepts with 9 positives in this group, which are `macro_concepts`; NaN
    where they are under five.
    """

    rows: int
    documents: int
    micro_f1: Figure
    macro_f1: Figure
    macro_concepts: int
    stance_accuracy: Figure
    noise_f1: Figure
    expected_error: Figure
    abstained: Figure


@dataclass(frozen=True, slots=True)
class TaggingReport:
    """All figures. `documents` counts what was drawn as one: documents, or rows without source.

    macro_concepts: how many concepts have the 9 positives that the macro average asks for.
    """

    rows: int
    documents: int
    micro_f1: Figure
    micro_precision: Figure
    micro_recall: Figure
    macro_f1: Figure
    macro_concepts: int
    abstained: Figure
    stance: StanceFigures
    calibration: CalibrationFigures
    concepts: tuple[ConceptFigures, ...]
    groups: Mapping[str, GroupFigures]
