"""Resources that a commitment names: money, staff, a fund or a budget."""

from __future__ import annotations

import re
from collections.abc import Iterator

from miner.commitments.unit import Unit

_CURRENCY = frozenset(
    "US$ USD AUD CAD NZ$ A$ C$ EUR GBP SGD S$ DKK SEK NOK CHF CZK HUF JPY KRW RM PHP ZAR R INR RWF "
    "GHS BGN $ € £ ¥".split()
)
_SIGN = re.compile(r"((?:\b[A-Z]{1,3}\s?)?[$€£¥]|\b[A-Z]{2,3})\s?$")
_NUMBER = re.compile(
    r"\d[\d.,]*(?:\s\d{3}\b)*"
    r"(?:\s*(?:thousand|million|billion|trillion|crore|lakh|mn|bn|mio|mld|[mMbk])\b)?"
)
_PEOPLE = (
    r"(?:additional\s+|new\s+|full[-\s]time\s+|permanent\s+|skilled\s+|qualified\s+|trained\s+)*"
    r"(?:staff|employees|analysts|officers|experts|specialists|posts|positions|FTEs?|personnel|"
    r"investigators|inspectors|engineers|researchers|professionals)\b"
)
_COUNTED = re.compile(
    r"\s*(?:(?:US\s+)?(?:dollars?|euros?|pounds?|francs?|kroner|kronor|crowns?|forints?|yen|won|"
    r"rupees?|EUR|USD|GBP|DKK|SEK|NOK|CHF|CZK|HUF|RWF|leva|BGN|lei)\b|€|" + _PEOPLE + ")",
    re.I,
)
_MEANS = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|fifty|hundreds\s+of)\s+"
    + _PEOPLE
    + r"|\b(?:state|national|central|annual|own|dedicated|additional|federal|EU|European|"
    r"structural|public|adequate|sufficient|appropriate|necessary|external|international)\s+"
    r"(?:budgets?|fund(?:s|ing)|allocations?|staffing)\b"
    # Resources are also water, minerals and people to be trained.
    r"|\b(?:adequate|sufficient|appropriate|additional|dedicated|necessary|required|financial|"
    r"budgetary)\s+(?:(?:and\s+)?(?:human|financial|technical|budgetary)\s+)*resources\b"
    r"|\bbudget\s*:\s*[^.;|\n]{2,60}"
    r"|\bfunded\s+(?:by|from|through)\s+(?:the\s+)?(?-i:[A-Z])[\w’'-]*"
    r"(?:\s+(?:(?:of|and|the|for)\s+)*(?-i:[A-Z])[\w’'-]*)*",
    re.I,
)
# The pattern above is slow, and most sentences name no means.
_TRIGGERS = (
    "budget fund resources allocation staff experts posts personnel officers analysts".split()
)
_TARGET = re.compile(r"\b(?:from|to|by|than|up to|reach|of)\s+$")
_FINE = re.compile(r"\b(?:fines?|penalt(?:y|ies)|infring\w+|turnover|losses|damages?)\b", re.I)
_FUNDS = re.compile(
    r"\b(?:budget|fund|financ|cost|invest|grant|alloc|resourc|spend|spent|expend|set aside|provid)",
    re.I,
)
_AROUND = 60


def resources(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Spans of the resources that `text[start:end]` names, in order; none overlap."""
    stop = len(text) if end is None else end
    found: list[tuple[int, int]] = []
    for number in _NUMBER.finditer(text, start, stop):
        counted = _COUNTED.match(text, number.end(), stop)
        if counted is not None:
            found.append((number.start(), counted.end()))
            continue
        sign = _SIGN.search(text[max(number.start() - 6, start) : number.start()])
        if sign is not None and sign[1].replace(" ", "") in _CURRENCY:
            first = number.start() - len(sign[0])
            found.append((first, _without_stop(text, number.end())))
    for at in _triggers(text, start, stop):
        low, high = max(at - _AROUND, start), min(at + _AROUND, stop)
        for match in _MEANS.finditer(text, low, high):
            if not any(first < match.end() and match.start() < last for first, last in found):
                found.append(match.span())
    yield from sorted(found)


def _without_stop(text: str, end: int) -> int:
    return end - 1 if text[end - 1] in ".," else end


def _triggers(text: str, start: int, end: int) -> Iterator[int]:
    small = text.lower()
    if len(small) != len(text):
        small = text  # a letter whose small form is longer would shift what follows
    for word in _TRIGGERS:
        at = small.find(word, start, end)
        while at >= 0:
            yield at
            at = small.find(word, at + 1, end)


def is_given(text: str, span: tuple[int, int], unit: Unit) -> bool:
    """Whether a sum is given to something.

    A fine is not, nor is money as a target ("revenues from $1 to $2 billion") unless the
    sentence speaks of funds.
    """
    if _FINE.search(text, unit.start, unit.end) is not None:
        return False
    if _FUNDS.search(text, unit.start, unit.end) is not None:
        return True
    return not _TARGET.search(text[max(unit.start, span[0] - 12) : span[0]])
