"""Gaps: what no member of a region commits to, and who commits where nobody else does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from miner.alignment import Rate
from miner.coverage.cell import Cell, Level, known_commitments
from miner.coverage.matrix import Row
from miner.coverage.region import Region, Rollup

_NAMES = {Level.LIKELY: "likely addressed", Level.ABSENT: "nothing found"}


@dataclass(frozen=True, slots=True)
class Voice:
    """A country's cell: what it says, in which document (the cell's), on which pages."""

    country: str
    name: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Gap:
    """A concept to which nobody, or one country alone, commits.

    voices: of a gap, the countries that describe the concept or come nearest to it, the nearest
    first; of a concept with one country, that country. unknown: countries of which nothing can
    be said, for want of a document or of readable pages. recall: how much of the concept the
    tagging model is known to find.
    """

    concept: str
    label: str
    group: str
    voices: tuple[Voice, ...]
    described: tuple[str, ...]
    likely: tuple[str, ...]
    absent: tuple[str, ...]
    unknown: tuple[str, ...]
    recall: Rate | None
    note: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """nobody: concepts to which no country of the region commits. alone: those to which one
    does, by concept. shared: codes of the countries that commit, for all other concepts.

    missed: by level, how often two readers of whole documents found a commitment where this
    level was given: what absence and likelihood are worth.
    """

    region: Region
    nobody: tuple[Gap, ...]
    alone: tuple[Gap, ...]
    shared: tuple[Rollup, ...]
    missed: Mapping[Level, Rate]


def gaps(region: Region, *, nearest: int = 5) -> Gaps:
    """The gaps of a region; `nearest`: voices listed where nobody commits."""
    rows = {row.key: row for row in region.matrix.rows}
    lacking = tuple(member.country for member in region.undocumented)
    names = {member.country: member.name for member in region.members}
    nobody, alone, shared = [], [], []
    for column, rolled in enumerate(region.concepts):
        voices = [_voice(rows[key], column) for key in rows]
        if len(rolled.committed) > 1:
            shared.append(rolled)
        elif rolled.committed:
            who = [voice for voice in voices if voice.country == rolled.committed[0]]
            alone.append(_gap(rolled, who, lacking, names))
        else:
            near = sorted(voices, key=lambda voice: -_near(voice.cell))
            nobody.append(
                _gap(rolled, [v for v in near if _near(v.cell) > 0][:nearest], lacking, names)
            )
    known = known_commitments()
    missed = {level: known[level] for level in (Level.LIKELY, Level.ABSENT) if level in known}
    return Gaps(region, tuple(nobody), tuple(alone), tuple(shared), missed)


def reliability(gaps: Gaps) -> str:
    """One sentence on how often a commitment is missed."""
    said = [
        f"of {rate.n} cases that are called “{_NAMES[level]}” both found one in {rate.value:.0%} "
        f"(95 % interval {rate.low:.0%} to {rate.high:.0%})"
        for level, rate in gaps.missed.items()
    ]
    if not said:
        return ""
    return f"Two readers of whole documents looked for commitments: {'; '.join(said)}."


def _voice(row: Row, column: int) -> Voice:
    return Voice(row.key, row.label, row.cells[column])


def _near(cell: Cell) -> float:
    """How near a country comes: what it describes before what it nearly addresses."""
    if cell.level in (Level.DESCRIBED, Level.LIKELY):
        return 1 + (cell.level is Level.DESCRIBED) + cell.score
    return max((mark.probability for mark in cell.nearest), default=0.0)


def _gap(
    rolled: Rollup, voices: list[Voice], lacking: tuple[str, ...], names: Mapping[str, str]
) -> Gap:
    recall = next((voice.cell.recall for voice in voices if voice.cell.recall is not None), None)
    unknown = (*rolled.unclear, *lacking)
    return Gap(
        concept=rolled.concept,
        label=rolled.label,
        group=rolled.group,
        voices=tuple(voices),
        described=rolled.described,
        likely=rolled.likely,
        absent=rolled.absent,
        unknown=unknown,
        recall=recall,
        note=_note(rolled, unknown, recall, names),
    )


def _note(
    rolled: Rollup, unknown: tuple[str, ...], recall: Rate | None, names: Mapping[str, str]
) -> str:
    said = [f"Judged on the documents of {rolled.told} {_countries(rolled.told)}"]
    if rolled.likely:
        who = ", ".join(names[code] for code in rolled.likely)
        said.append(f"likely addressed by {who}, but no passage is sure")
    if unknown:
        who = ", ".join(names[code] for code in unknown)
        said.append(f"nothing is known of {len(unknown)} more ({who})")
    if not rolled.committed and recall is None:
        said.append("how much the tagging model misses of this concept is not known")
    elif not rolled.committed and recall is not None:
        said.append(
            f"of {recall.n} labelled passage{'' if recall.n == 1 else 's'} on this concept the "
            f"tagging model finds {recall.value:.0%} (95 % interval {recall.low:.0%} to "
            f"{recall.high:.0%})"
        )
    return "; ".join(said) + "."


def _countries(count: int) -> str:
    return "country" if count == 1 else "countries"
