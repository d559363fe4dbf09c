"""Years in a query: "since 2015", "between 2011 and 2016", "in the 2010s"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

# Of "Decree 2009-834" it is a part of the number; a year may follow, and a month.
_Y = r"((?:19|20)\d\d)(?!\d|\.\d|/\d{3}|[-–](?!(?:19|20)\d\d\b)\d{3}|s\b)"
_NUMBERS = "one two three four five six seven eight nine ten".split()
_COUNTS = {word: number for number, word in enumerate(_NUMBERS, 1)}


@dataclass(frozen=True, slots=True)
class Period:
    """Years named in `query[start:end]`, both included; None where an end is open.

    bare: a year that stands there without a word that says so ("in", "since").
    """

    first: int | None
    last: int | None
    start: int
    end: int
    bare: bool = False

    @property
    def value(self) -> str:
        """ "2015", "2015-2020", "2015-" or "-2009"."""
        if self.first == self.last and self.first is not None:
            return str(self.first)
        return f"{self.first or ''}-{self.last or ''}"

    @property
    def label(self) -> str:
        """How to show it: "2015", "2015–2020", "since 2015", "until 2009"."""
        if self.last is None:
            return f"since {self.first}"
        if self.first is None:
            return f"until {self.last}"
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


Ends = tuple[int | None, int | None]


def _between(found: re.Match[str]) -> Ends:
    first, last = int(found[1]), int(found[2])
    return min(first, last), max(first, last)


def _shortened(found: re.Match[str]) -> Ends:
    # "2011-16" is a period; "2015-06" is a month.
    first = int(found[1])
    last = first // 100 * 100 + int(found[2])
    return first, last if last > first else first


def _decade(found: re.Match[str]) -> Ends:
    first = int(found[2]) * 10
    part = (found[1] or "").strip().lower()
    spans = {"early": (0, 3), "mid": (4, 6), "mid-": (4, 6), "late": (7, 9)}
    low, high = spans.get(part, (0, 9))
    return first + low, first + high


def _recent(found: re.Match[str]) -> Ends:
    count = int(found[1]) if found[1].isdigit() else _COUNTS[found[1].lower()]
    return date.today().year - min(count, 500), None


def _since(found: re.Match[str]) -> Ends:
    return int(found[1]), None


def _after(found: re.Match[str]) -> Ends:
    return int(found[1]) + 1, None


def _before(found: re.Match[str]) -> Ends:
    return None, int(found[1]) - 1


def _until(found: re.Match[str]) -> Ends:
    return None, int(found[1])


def _in(found: re.Match[str]) -> Ends:
    return int(found[1]), int(found[1])


_LEAD = r"(?:(?:in|of|during|from|for|over|within|year)\s+)?(?:the\s+)?"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Ends]], ...] = tuple(
    (re.compile(rf"(?<![\w.,/-]){form}", re.IGNORECASE), ends)
    for form, ends in (
        (rf"(?:between|from|in|for)\s+{_Y}\s+(?:and|to|until|till|through)\s+{_Y}\b", _between),
        (rf"(?:between\s+)?{_LEAD}{_Y}(?:\s*[-–—]\s*|\s+(?:to|until)\s+){_Y}\b", _between),
        (rf"{_LEAD}{_Y}[-–/](\d\d)\b", _shortened),
        (rf"{_LEAD}(?:(early|mid-?|late)\s*)?((?:19|20)\d)0s\b", _decade),
        (rf"(?:since|from|starting(?:\s+in)?)\s+{_Y}(?:\s+(?:on|onwards?))?\b", _since),
        (rf"{_LEAD}{_Y}\s+(?:onwards?|(?:or|and)\s+(?:later|after|newer))\b", _since),
        (rf"(?:after|later\s+than|newer\s+than|>)\s*{_Y}\b", _after),
        (rf"(?:before|prior\s+to|older\s+than|earlier\s+than|<)\s*{_Y}\b", _before),
        (rf"(?:until|till|up\s+to)\s+{_Y}\b", _until),
        (rf"{_LEAD}(?:last|past)\s+(\d{{1,2}}|{'|'.join(_COUNTS)})\s+years?\b", _recent),
        (rf"{_LEAD}{_Y}\b", _in),
    )
)
# "adopted after 2018": the verb says no more than that the document is from then.
_DATING = re.compile(r"\b(?:adopted|published|issued|released|written|dated|approved)\s+$", re.I)
# "by 2025" is a deadline within a passage, not the year of a document.
_DEADLINE = re.compile(
    r"\b(?:by|before the end of|until the end of|vision|agenda|target)\s*$", re.I
)


def periods(query: str, taken: Iterable[tuple[int, int]]) -> Iterator[Period]:
    """The periods that a query names outside the spans already taken, from left to right."""
    held = list(taken)
    found: list[Period] = []
    for form, ends in _FORMS:
        for match in form.finditer(query):
            start, end = match.span()
            if any(start < other and first < end for first, other in held):
                continue
            dating = _DATING.search(query, 0, start)
            if dating and not any(dating.start() < other and first < end for first, other in held):
                start = dating.start()
            bare = ends is _in and not dating and match[0][:1].isdigit()
            held.append((start, end))
            if _DEADLINE.search(query[:start]):
                continue
            first, last = ends(match)
            found.append(Period(first, last, start, end, bare))
    yield from sorted(found, key=lambda period: period.start)


def hull(found: Iterable[Period]) -> Ends | None:
    """One range for all: closed periods are joined, open ones cut it ("since", "before")."""
    all_periods = tuple(found)
    if not all_periods:
        return None
    closed = [(p.first, p.last) for p in all_periods if p.first and p.last]
    lows = [p.first for p in all_periods if p.first and not p.last]
    highs = [p.last for p in all_periods if p.last and not p.first]
    if closed:
        lows.append(min(first for first, _ in closed))
        highs.append(max(last for _, last in closed))
    return max(lows, default=None), min(highs, default=None)
