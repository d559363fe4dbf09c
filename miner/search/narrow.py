"""What a query rules out: its chips as filters, and two filters as one."""

from __future__ import annotations

from dataclasses import replace

from miner.index import Filter
from miner.query import Chip, ChipKind, Interpretation

_PLACED = {ChipKind.COUNTRY, ChipKind.ORGANISATION, ChipKind.YEAR}


def filter_of(reading: Interpretation) -> Filter:
    """What a reading rules out.

    Places, years and languages always do. Concepts and stances filter only where the query
    says where or when, and nothing else beyond them ("incident management commitments in
    ASEAN strategies"); in any other question they only lift the passages that carry them, for
    a phrase says more than its concept and a tag can be wrong.
    """
    if by_tags(reading):
        concepts = [chip.value for chip in reading.chips if chip.kind is ChipKind.CONCEPT]
        narrowed = Filter(any_of={"concepts": concepts}) if concepts else Filter()
        return combine(reading.where, narrowed)
    return without_tags(reading)


def by_tags(reading: Interpretation) -> tuple[Chip, ...]:
    """The concepts and stances that filter rather than lift."""
    if reading.residual or not any(chip.kind in _PLACED for chip in reading.chips):
        return ()
    return tuple(c for c in reading.chips if c.kind in (ChipKind.CONCEPT, ChipKind.STANCE))


def without_tags(reading: Interpretation) -> Filter:
    """What a reading rules out by facts alone: places, years and languages.

    A tag can be wrong or missing, so where the tags leave nothing this is what is searched.
    """
    facts = {name: values for name, values in reading.where.any_of.items() if name != "stance"}
    return replace(reading.where, any_of=facts)


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
