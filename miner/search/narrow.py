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
    return levels(reading)[0][0]


def levels(reading: Interpretation) -> list[tuple[Filter, tuple[Chip, ...]]]:
    """What a reading rules out, the narrowest first, each with the tags that only rank.

    A tag can be wrong or missing: passages with the very word of a concept may lack it. So there
    is a way back: without the concepts, then without the stance as well.
    """
    facts = {name: values for name, values in reading.where.any_of.items() if name != "stance"}
    without_tags = replace(reading.where, any_of=facts)
    if reading.residual or not any(chip.kind in _PLACED for chip in reading.chips):
        return [(without_tags, ())]
    concepts = tuple(chip for chip in reading.chips if chip.kind is ChipKind.CONCEPT)
    stances = tuple(chip for chip in reading.chips if chip.kind is ChipKind.STANCE)
    found: list[tuple[Filter, tuple[Chip, ...]]] = []
    if concepts:
        asked = Filter(any_of={"concepts": [chip.value for chip in concepts]})
        found.append((combine(reading.where, asked), ()))
    if stances:
        found.append((reading.where, concepts))
    return [*found, (without_tags, (*concepts, *stances))]


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
