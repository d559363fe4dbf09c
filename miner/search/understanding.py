"""Understanding: from a request to the reading and the filter that hide no answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from miner.index import Filter
from miner.query import Chip, Interpretation
from miner.search import note
from miner.search.narrow import combine, filter_of, levels
from miner.search.note import ENOUGH
from miner.search.request import SearchRequest

Read = Callable[[SearchRequest], Interpretation]
Count = Callable[[Filter], int]


@dataclass(frozen=True, slots=True)
class Understanding:
    """A request as it is answered.

    where: the caller's filter and the query's own. told: sentences on what of the reading does
    not filter, because it would have left too little.
    """

    reading: Interpretation
    where: Filter
    told: tuple[str, ...] = ()


def understand(request: SearchRequest, read: Read, count: Count) -> Understanding:
    """Read a request.

    A year that may belong to a name and the tags of passages filter only where they leave
    something: a reading must not hide the answer.
    """
    reading = read(request)
    if not request.read:
        return Understanding(reading, request.where)
    told = []
    where = combine(request.where, filter_of(reading))
    for year in reading.doubtful:
        if count(where) < ENOUGH:
            request = replace(request, without=(*request.without, year.id))
            reading = read(request)
            where = combine(request.where, filter_of(reading))
            told.append(note.undated(year))
    steps = [(combine(request.where, step), ranking) for step, ranking in levels(reading)]
    if len(steps) > 1:
        counts = [count(step) for step, _ in steps]
        # The narrowest that leaves enough, else the narrowest that leaves anything.
        enough = [at for at, held in enumerate(counts) if held >= ENOUGH]
        some = [at for at, held in enumerate(counts) if held]
        chosen = (enough or some or [0])[0]
        where, ranking = steps[chosen]
        told += [note.loosened(ranking, counts[0])] if chosen else []
    return Understanding(reading, where, tuple(told))


def told(
    request: SearchRequest,
    understood: Understanding,
    total: int,
    hits: int,
    read: Read,
    count: Count,
) -> tuple[str, tuple[Chip, ...]]:
    """The note of an answer, and the chips to be switched off for a wider one.

    Args:
        total: passages that satisfy the filters.
        hits: passages found, on all pages.
    """

    def without(chip: Chip) -> int:
        wider = replace(request, without=(*request.without, chip.id))
        return count(combine(wider.where, filter_of(read(wider))))

    if not request.read:
        return "", ()
    reading = understood.reading
    quoted, phrases = note.unquoted(reading, hits)
    few, chips = note.hidden(total, reading, without)
    said = [*understood.told, quoted or few, note.contradiction(reading)]
    said.append(note.unheard(reading, hits))
    if request.query.strip():
        said.append(note.wordless(request.query))
    return " ".join(filter(None, said)), (*phrases, *chips)
