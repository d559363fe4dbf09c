"""A Region: the members of an organisation on a day, and what they commit to together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from miner.catalogue.geography import Geography, Organisation
from miner.coverage.cell import Cell, Level
from miner.coverage.matrix import Matrix, matrix
from miner.coverage.profiles import Profiles
from miner.coverage.selection import Choice, Selection
from miner.errors import NotFound
from miner.taxonomy import Framework


@dataclass(frozen=True, slots=True)
class Member:
    """A country that belonged to the region then; `documented`: a document of it is stored."""

    country: str
    name: str
    since: date | None
    until: date | None
    documented: bool


@dataclass(frozen=True, slots=True)
class Rollup:
    """One concept across the members that have a document.

    committed, described, likely, unclear, absent: codes of the countries at each level. score:
    the mean over the members of which enough could be read, None where there is none. interval:
    the means of the lower and of the upper bounds, so wider than the interval of the mean.
    """

    concept: str
    label: str
    group: str
    committed: tuple[str, ...]
    described: tuple[str, ...]
    likely: tuple[str, ...]
    unclear: tuple[str, ...]
    absent: tuple[str, ...]
    score: float | None
    interval: tuple[float, float] | None

    @property
    def told(self) -> int:
        """How many countries something can be said of."""
        return len(self.committed) + len(self.described) + len(self.likely) + len(self.absent)


@dataclass(frozen=True, slots=True)
class Region:
    """An organisation's members on a day (or all countries that have documents), rolled up.

    on: the day (of a year: any day of it) on which membership was looked up, as it was given.
    """

    id: str
    name: str
    on: str
    members: tuple[Member, ...]
    matrix: Matrix
    concepts: tuple[Rollup, ...]

    @property
    def undocumented(self) -> tuple[Member, ...]:
        """Members of which no document is stored: nothing is known of them."""
        return tuple(member for member in self.members if not member.documented)


def roll_up(
    profiles: Profiles,
    geography: Geography,
    framework: Framework,
    organisation: str | None = None,
    *,
    on: int | None = None,
    selection: Selection | None = None,
) -> Region:
    """What the members of an organisation commit to; all countries with documents without one.

    Args:
        organisation: id or name. on: year of the membership, and the last year of the documents;
            today's membership and all documents without.
        selection: further conditions; its organisation and year are set from the others.

    Raises NotFound for an organisation that nobody knows, and what `matrix` raises.
    """
    base = selection or Selection()
    if organisation is None:
        found = matrix(profiles, geography, framework, _with(base, (), on))
        members = tuple(
            Member(row.key, row.label, None, None, documented=True) for row in found.rows
        )
        return Region("", "all countries", _day(on), members, found, _rollups(found))
    known = _organisation(geography, organisation)
    codes = geography.members(known.id, on)
    wanted = tuple(code for code in codes if not base.countries or code in base.countries)
    found = matrix(profiles, geography, framework, _with(base, wanted or ("",), on))
    documented = {row.key for row in found.rows}
    return Region(
        known.id,
        known.name,
        _day(on),
        tuple(_member(geography, known, code, on, code in documented) for code in wanted),
        found,
        _rollups(found),
    )


def _with(base: Selection, countries: tuple[str, ...], on: int | None) -> Selection:
    choice: Choice = base.choice
    return Selection(
        countries=countries or base.countries,
        types=base.types,
        languages=base.languages,
        since=base.since,
        until=min((y for y in (base.until, on) if y is not None), default=None),
        documents=base.documents,
        choice=choice,
    )


def _day(on: int | None) -> str:
    return str(on) if on is not None else date.today().isoformat()


def _organisation(geography: Geography, name: str) -> Organisation:
    found = geography.organisation(name)
    if found is None:
        raise NotFound(
            f"organisation {name!r}",
            "no organisation is known by this name",
            f"Known: {', '.join(known.id for known in geography.organisations)}.",
        )
    return found


def _member(
    geography: Geography, organisation: Organisation, code: str, on: int | None, documented: bool
) -> Member:
    first, last = (
        (date(on, 1, 1), date(on, 12, 31)) if on is not None else (date.today(), date.today())
    )
    period = next(m for m in organisation.members if m.country == code and m.overlaps(first, last))
    country = geography.country(code)
    name = country.common_name if country else code
    return Member(code, name, period.since, period.until, documented)


def _rollups(found: Matrix) -> tuple[Rollup, ...]:
    return tuple(
        _rollup(
            concept.id,
            concept.label,
            concept.group,
            [(row.key, row.cells[column]) for row in found.rows],
        )
        for column, concept in enumerate(found.concepts)
    )


def _rollup(concept: str, label: str, group: str, cells: Sequence[tuple[str, Cell]]) -> Rollup:
    at = {level: tuple(key for key, cell in cells if cell.level is level) for level in Level}
    told = [cell for _, cell in cells if cell.level is not Level.UNCLEAR]
    return Rollup(
        concept=concept,
        label=label,
        group=group,
        committed=at[Level.COMMITTED],
        described=at[Level.DESCRIBED],
        likely=at[Level.LIKELY],
        unclear=at[Level.UNCLEAR],
        absent=at[Level.ABSENT],
        score=_mean(cell.score for cell in told) if told else None,
        interval=(
            _mean(cell.interval[0] for cell in told),
            _mean(cell.interval[1] for cell in told),
        )
        if told
        else None,
    )


def _mean(values: Iterable[float]) -> float:
    held = list(values)
    return round(sum(held) / len(held), 4)
