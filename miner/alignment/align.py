"""Aligning a document to a framework: measure, score, list the evidence, say what is open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from miner.alignment.answer import Alignment, Claim, ConceptAlignment, GroupAlignment
from miner.alignment.caution import absence, cautions
from miner.alignment.corpus import shares
from miner.alignment.evidence import evidence
from miner.alignment.interval import draws, lowered, of_concept, of_mean
from miner.alignment.measure import Measured, Pair, measure
from miner.alignment.own import mapped_concepts, same_as
from miner.alignment.rates import Rates, rates
from miner.alignment.rule import NONE, Calibration, Rule, calibration, rule
from miner.alignment.score import Scored, score
from miner.taxonomy import Concept, Framework

# What is needed to compute a score again from its evidence (docs/alignment.md).
_PRINTED = ("presence", "depth", "commitment", "strongest", "least", "depth_half", "least_words")


def align(
    document: str,
    title: str,
    passages: Sequence[Pair],
    framework: Framework,
    *,
    warnings: Sequence[str] = (),
    unread: float = 0.0,
    most: int | None = None,
    nearest: int = 3,
    presence: Calibration | None = None,
) -> Alignment:
    """Align tagged passages to a framework.

    Args:
        document, title: name the document in the answer.
        passages: all of the document's passages, in order, with a tag for each concept of the
            framework (`miner.alignment.own.tags_for` makes them for a user's own).
        warnings: what could not be read of the document; repeated as cautions.
        unread: share of its pages that could not be read, 0 to 1 (`unread_share`).
        most: evidence passages listed per concept (all of them; a score can be computed again
            only from all). nearest: misses listed where fewer passages count, at least 3 of them
            for presence to be computed again.
        presence: calibration of presence instead of the shipped one.
    """
    weights, known = rule(), rates()
    measured = measure(passages, framework)
    shipped = calibration()
    mapped = mapped_concepts(framework)
    fitted = (presence or shipped) if measured.on_subject and mapped else NONE
    ids = [same_as(concept) for concept in framework.concepts]
    scored = score(measured, weights, fitted, ids)
    drawn = draws(measured, scored, known, ids, weights)
    missing = _missing(passages, unread)
    lower = lowered(scored, missing, weights)
    whole = _Whole(measured, scored, drawn, lower, missing, weights, known)
    return Alignment(
        document=document,
        title=title,
        framework=framework.id,
        framework_version=framework.version,
        rule=weights.version,
        model=passages[0][1].model if passages else "",
        passages=len(passages),
        prose_words=int(measured.words.sum()),
        overall=whole.overall(framework),
        groups=tuple(whole.group(framework, name) for name in framework.groups),
        concepts=tuple(
            whole.concept(column, concept, most, nearest)
            for column, concept in enumerate(framework.concepts)
        ),
        cautions=tuple(
            cautions(passages, measured, warnings, missing, weights, known, shipped, mapped)
        ),
        read=round(1 - missing, 4),
        weights={
            **{name: weights[name] for name in _PRINTED},
            "slope": fitted.slope,
            "intercept": fitted.intercept,
        },
    )


def _missing(passages: Sequence[Pair], unread: float) -> float:
    """The share of a document that was not understood: unread pages, foreign passages."""
    words = np.array([len(passage.text.split()) for passage, _ in passages], float)
    silent = np.array([tagged.abstained is not None for _, tagged in passages], bool)
    foreign = float(words[silent].sum() / words.sum()) if words.sum() else 0.0
    return 1 - (1 - min(max(unread, 0.0), 1.0)) * (1 - foreign)


class _Whole:
    """Everything that was computed of one document, on the way to its answer."""

    def __init__(
        self,
        measured: Measured,
        scored: Scored,
        drawn: NDArray[np.float64],
        lower: NDArray[np.float64],
        missing: float,
        rule: Rule,
        rates: Rates,
    ) -> None:
        self.measured, self.scored, self.drawn = measured, scored, drawn
        self.lower, self.missing, self.rule, self.rates = lower, missing, rule, rates

    def concept(
        self, column: int, concept: Concept, most: int | None, nearest: int
    ) -> ConceptAlignment:
        scored, known = self.scored, self.rates.of(same_as(concept))
        found, near = evidence(
            self.measured, scored, column, concept.id, most=most, nearest=nearest
        )
        value = round(float(scored.score[column]), 4)
        share = round(float(scored.share[column]), 6)
        present = bool(scored.present[column])
        return ConceptAlignment(
            concept=concept.id,
            label=concept.label,
            group=concept.group,
            score=value,
            present=present,
            presence=round(float(scored.presence[column]), 4),
            depth=round(float(scored.depth[column]), 4),
            commitment=round(float(scored.commitment[column]), 4),
            interval=of_concept(
                self.drawn[:, column], value, float(self.lower[column]), self.missing
            ),
            evidence=found,
            nearest=near,
            note="" if present else absence(known.recall),
            claim=self._claim(column),
            counted=int(scored.counts[:, column].sum()),
            share=share,
            percentile=shares().percentile(same_as(concept), share),
            recall=known.recall,
            precision=known.precision,
            offset=round(float(scored.offsets[column]), 4),
        )

    def _claim(self, column: int) -> Claim:
        if self.scored.present[column]:
            return "found" if self.measured.decided[:, column].any() else "likely"
        return "not found" if 1 - self.missing >= self.rule["readable"] else "cannot tell"

    def group(self, framework: Framework, name: str) -> GroupAlignment:
        columns = _columns(framework, name)
        return self._mean(name, [columns])

    def overall(self, framework: Framework) -> GroupAlignment:
        return self._mean("overall", [_columns(framework, name) for name in framework.groups])

    def _mean(self, name: str, parts: list[list[int]]) -> GroupAlignment:
        """The mean of the parts' means."""
        every = [column for columns in parts for column in columns]
        value = round(float(np.mean([self.scored.score[c].mean() for c in parts])), 4)
        drawn = np.mean([self.drawn[:, columns].mean(axis=1) for columns in parts], axis=0)
        lower = float(np.mean([self.lower[columns].mean() for columns in parts]))
        present = int(self.scored.present[every].sum())
        return GroupAlignment(
            name, value, of_mean(drawn, value, lower, self.missing), present, len(every)
        )


def _columns(framework: Framework, group: str) -> list[int]:
    return [n for n, concept in enumerate(framework.concepts) if concept.group == group]
