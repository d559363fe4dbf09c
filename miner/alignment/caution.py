"""Cautions: sentences on what lowers what can be claimed of a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from miner.alignment.measure import Measured, Pair
from miner.alignment.rates import Rate, Rates
from miner.alignment.rule import Calibration, Rule

_FEW = 5


def cautions(
    pairs: Sequence[Pair],
    measured: Measured,
    warnings: Sequence[str],
    unread: float,
    rule: Rule,
    rates: Rates,
    calibration: Calibration,
    mapped: bool = True,
) -> Iterator[str]:
    """What a reader of the scores must know; `warnings` of the reading come first."""
    yield from warnings
    silent = sum(tagged.abstained is not None for _, tagged in pairs)
    if silent:
        yield (
            f"{silent} of {len(pairs)} passages are in a language or form the tagging model "
            "has no figures for; what they say is not counted."
        )
    if unread >= 0.01:
        yield (
            f"{unread:.0%} of the document could not be read: intervals are wider by as much as "
            "that part could change"
            + ("." if 1 - unread >= rule["readable"] else ", and nothing is said to be absent.")
        )
    if not measured.on_subject:
        yield (
            f"Only {measured.subject_share:.0%} of the passages name the framework's subject: the "
            "document is about something else. Passages that do not name it are left aside, near "
            "misses do not count, and presence is not calibrated for such documents."
        )
    if not mapped:
        yield (
            "Some concepts are told by their own words only: what is missed of them has not been "
            "counted, and presence is not calibrated."
        )
    if len(measured.pairs) < _FEW:
        yield f"Only {len(measured.pairs)} passages of prose: scores rest on very little text."
    model = pairs[0][1].model.split("+")[0] if pairs else ""
    if model and {model} != {rates.model, calibration.model}:
        yield (
            f"The known errors were counted on {rates.model} and presence was calibrated on "
            f"{calibration.model}; the tags are of {model}."
        )


def absence(recall: Rate | None) -> str:
    """The note of a concept for which no passage was found."""
    if recall is None:
        return "no passage found; no labelled passages tell how much the model misses of it"
    return (
        f"no passage found; of {recall.n} labelled passages on it in other documents the model "
        f"finds {recall.value:.0%} (95 % interval {recall.low:.0%} to {recall.high:.0%})"
    )
