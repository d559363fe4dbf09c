"""Deadlines: phrases that say by when, with the date they come to where it can be told."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS = "january february march april may june july august september october november december"
_MONTH = {name: number for number, name in enumerate(_MONTHS.split(), 1)} | {
    name[:3]: number for number, name in enumerate(_MONTHS.split(), 1)
}
_MONTH["sept"] = 9
_M = r"(?:" + "|".join(sorted(_MONTH, key=len, reverse=True)) + r")\b\.?"
_Y = r"(?:19|20)\d\d(?![\d%]|[.,]\d)"
_N = (
    r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen|"
    r"twenty[- ]four|thirty|sixty|ninety|an?)(?:\s*\(\d{1,3}\))?"
)
_PART = (
    r"(?:(?:the\s+)?(?:end|close|middle|beginning|start|(?:first|second|third|fourth|last)\s+"
    r"(?:half|quarter))\s+(?:of\s+)?(?:the\s+)?(?:year\s+)?|(?:mid|late|early)[-\s])?"
)
_QUARTER = r"(?:(?:Q[1-4]|[1-4]Q|(?:I|II|III|IV)\s+quarter)\s*(?:of\s+|/|,)?\s*)?"
_DAY = r"(?:\d{1,2}(?:st|nd|rd|th)?\s+)?"
_DATE = (
    rf"(?:{_PART}{_QUARTER}(?:the\s+)?(?:fiscal\s+year\s+|FY\s*)?(?:{_DAY}{_M},?\s+(?:\d{{1,2}},\s+)?)?{_Y}"
    rf"(?:\s*(?:-|–|to|and|/)\s*(?:{_Y}|\d\d\b))?|\d{{1,2}}[./]\d{{1,2}}[./]{_Y})"
)
_UNIT = r"(?:calendar\s+|working\s+|business\s+)?(?:days?|weeks?|months?|years?|hours?)"
_LATER = (
    r"(?:\s+(?:of|after|from|following)\s+(?:the\s+|its\s+|this\s+)?"
    r"(?:date|entry|adoption|publication|approval|appointment)\b[\w\s]{0,40}?(?=[,.;:]|$))?"
)
_PATTERN = re.compile(
    r"(?:\b(?:by|before|until|till|no\s+later\s+than|not\s+later\s+than|through)\s+"
    rf"(?:at\s+the\s+latest\s+)?{_DATE}"
    rf"|\b(?:by|before)\s+(?:the\s+)?(?:end|middle|beginning)\s+of\s+(?:the|this|each|next)\s+(?:\w+\s+)?(?:year|strategy|decade|period|plan|programme|parliament|term)\b"
    rf"|\b(?:by|before|until)\s+\d{{1,2}}\s+{_M}(?:\s+(?:of\s+)?each\s+year)?"
    rf"|\bwithin\s+(?:the\s+(?:next|first|coming)\s+|a\s+(?:period|maximum)\s+of\s+|a\s+|no\s+more\s+than\s+)?{_N}[-\s]{_UNIT}{_LATER}"
    rf"|\b(?:in|over|during|for|within)\s+the\s+(?:next|coming|following)\s+(?:{_N}\s+)?{_UNIT}"
    rf"|\b(?:over|during|for|in|within)\s+the\s+(?:first\s+)?{_N}\s+{_UNIT}(?:\s+of\s+the\s+\w+)?"
    rf"|\b(?:in|during|over|for|from|since|as\s+of|starting\s+(?:in|from)|as\s+from)\s+(?:the\s+)?(?:course\s+of\s+)?(?:the\s+)?(?:period\s+|years?\s+)?{_DATE}"
    r"|\b(?:in|over)\s+the\s+(?:short|medium|long|near|short\s+to\s+medium)(?:er)?[-\s](?:term|run)\b"
    rf"|\bbetween\s+(?:{_M}\s+)?{_Y}\s+and\s+(?:{_M}\s+)?{_Y}"
    rf"|(?<=:\s)\d{{1,2}}[./]\d{{1,2}}[./]{_Y}"
    rf"|\bon\s+(?:{_DAY}{_M}|{_M}\s+\d{{1,2}}(?:\s*[-–]\s*\d{{1,2}})?),?\s+{_Y}"
    rf"|(?<=[(:;,.])\s*(?:(?:Q[1-4]|[1-4]Q)\s*/?\s*|{_M}\s+){_Y}(?=[).;,]|\s*$)"
    rf"|(?<=\()\s*(?:(?:{_M}\s+)?{_Y}\s*[-–/]\s*(?:{_M}\s+)?{_Y})(?=\s*\))"
    rf"|\b(?:[1-4]Q|Q[1-4])\s*/?\s*{_Y})",
    re.I,
)
_FIELD = re.compile(
    r"\b(?:deadline|due(?:\s+date)?|time\s?(?:frame|line|scale|table|limit)|date(?:\s+of\s+completion)?"
    r"|target\s+date|term|completion|implementation\s+period)\s*:\s*([^.;|\n]{2,60})",
    re.I,
)
_YEAR = re.compile(_Y)
_SPAN = re.compile(rf"({_Y})\s*(?:-|–|to|and|/)\s*({_Y}|\d\d\b)")
_MONTH_IN = re.compile(rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?\s+)?\b({_M})(?:\s+(\d{{1,2}}),)?", re.I)
_NUMERIC = re.compile(rf"(\d{{1,2}})[./](\d{{1,2}})[./]({_Y})")
_QUARTER_IN = re.compile(r"\b(?:Q([1-4])|([1-4])Q|(first|second|third|fourth)\s+quarter)\b", re.I)
_HALF = re.compile(r"\b(first|second)\s+half\b|\bmid(?:dle)?\b", re.I)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}


# What a field or a cell may say without a year.
_TIME = re.compile(
    rf"\b(?:short|medium|mid|long|near)(?:er)?[-\s]*(?:to[-\s]\w+[-\s])?term\b|\bimmediate|\bquarter\b|"
    rf"\bQ[1-4]\b|\b{_N}[-\s]+{_UNIT}|\b{_M}(?=\s|$)|\bhalf\b",
    re.I,
)
# The patterns above are slow, and most sentences name no time.
_YEARS = re.compile(r"(?:19|20)\d\d")
_TRIGGERS = (
    " years", " year ", " year.", " month", " weeks", " days", " hours", "decade", "deadline",
    "timeframe", "time frame", "timeline", "time line", "timescale", "time limit", "due date",
    "due:", "period:", "term:", "completion:", "date:", "short term", "short-term", "medium term",
    "medium-term", "long term", "long-term", "longer term", "end of the", " short run", " long run",
)  # fmt: skip
_AROUND = 80
_RANKS = (
    re.compile(r"(?:by|before|until|till|within|no\s+later|not\s+later|through)\b", re.I),
    re.compile(r"(?:over|during|between|(?:in|for)\s+the)\b", re.I),
    re.compile(r"(?:in|on)\b|\W*\d", re.I),
    re.compile(r"(?:from|since|as\s+(?:of|from)|starting)\b", re.I),
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """`text[start:end] == quote`, in code points.

    due: the last day, month or year it comes to, as ISO 8601 at the precision that the words
    have ("2020", "2020-03", "2020-12-31"); None for spans of time ("within 12 months").
    """

    start: int
    end: int
    quote: str
    due: str | None

    @property
    def rank(self) -> int:
        """How much of a deadline it is: 0 a last day ("by", "within"), 1 a period to come, 2 a
        date, 3 a beginning ("from 2016")."""
        for rank, pattern in enumerate(_RANKS):
            if pattern.match(self.quote):
                return rank
        return 2

    @property
    def year(self) -> int | None:
        """The year of `due`."""
        return int(self.due[:4]) if self.due else None


def deadlines(text: str, start: int = 0, end: int | None = None) -> Iterator[Deadline]:
    """The deadlines that `text[start:end]` names, in order; none overlap."""
    stop = len(text) if end is None else end
    found: list[tuple[int, int]] = []
    for low, high in _windows(text, start, stop):
        named = [match.span(1) for match in _FIELD.finditer(text, low, high)]
        named += [match.span() for match in _PATTERN.finditer(text, low, high)]
        for first, last in named:
            if not any(begin < last and first < until for begin, until in found):
                found.append((first, last))
    for first, last in sorted(found):
        quote = text[first:last]
        first += len(quote) - len(quote.lstrip())
        quote = quote.strip()
        yield Deadline(first, first + len(quote), quote, due(quote))


def is_time(words: str) -> bool:
    """Whether a field or a cell says by when: "2016", "Q3", "12 months"; "ongoing" does not."""
    return _YEAR.search(words) is not None or _TIME.search(words) is not None


def _windows(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Parts of a text that may name a time."""
    small = text.lower()
    if len(small) != len(text):
        small = text  # a letter whose small form is longer would shift what follows
    places = [match.start() for match in _YEARS.finditer(text, start, end)]
    for word in _TRIGGERS:
        at = small.find(word, start, end)
        while at >= 0:
            places.append(at)
            at = small.find(word, at + 1, end)
    low = high = -1
    for at in sorted(places):
        first, last = max(at - _AROUND, start), min(at + 12 + _AROUND, end)
        if first <= high:
            high = last
            continue
        if high >= 0:
            yield low, high
        low, high = first, last
    if high >= 0:
        yield low, high


def due(phrase: str) -> str | None:
    """What a phrase comes to: the last year, month or day that it names. None without a year."""
    numeric = _NUMERIC.search(phrase)
    if numeric is not None:
        return _iso(int(numeric[3]), int(numeric[2]), int(numeric[1]))
    span = _SPAN.search(phrase)
    if span is not None:
        last = span[2] if len(span[2]) == 4 else span[1][:2] + span[2]
        return last
    years = _YEAR.findall(phrase)
    if not years:
        return None
    year = int(years[-1])
    month = _MONTH_IN.search(phrase)
    if month is not None:
        number = _MONTH[month[2].lower().rstrip(".")]
        day = month[1] or month[3]
        if re.search(r"\bend\s+of\b", phrase, re.I):
            return _iso(year, number, monthrange(year, number)[1])
        return _iso(year, number, int(day) if day else None)
    quarter = _QUARTER_IN.search(phrase)
    if quarter is not None:
        number = int(quarter[1] or quarter[2] or _ORDINALS[quarter[3].lower()])
        return _iso(year, number * 3, None)
    half = _HALF.search(phrase)
    if half is not None:
        return _iso(year, 12 if (half[1] or "").lower() == "second" else 6, None)
    if re.search(r"\b(?:end|close)\b", phrase, re.I):
        return _iso(year, 12, 31)
    return str(year)


def _iso(year: int, month: int, day: int | None) -> str:
    """A date as far as it is one: a 13th month or a 31 June is dropped to what holds."""
    if not 1 <= month <= 12:
        return str(year)
    if day is None or not 1 <= day <= monthrange(year, month)[1]:
        return f"{year}-{month:02d}"
    return f"{year}-{month:02d}-{day:02d}"
