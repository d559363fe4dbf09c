"""The words of commitments: modals, measures, actors, verbs that open an item (data, versioned)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast, get_args

import yaml

from miner.errors import InputError

ModalClass = Literal[
    "duty", "plan", "aim", "aspiration", "completed", "operating", "unmarked", "none"
]
PROMISES: tuple[ModalClass, ...] = ("duty", "plan", "aim", "aspiration")
MEASURES: tuple[ModalClass, ...] = ("completed", "operating")

_FILE = "strength.yaml"
# How nouns of action end, and other nouns too, hence the list of those that are none.
_ACTION = r"(?:tion|sion|ment|ance|isal|oval|sharing)"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """models/commitments/strength.yaml, compiled.

    ranges: modal class -> (low, high). parts: what a commitment may name -> its share of the
    range. cues: first word -> the classes it may begin, highest range first, each with what must
    follow it. opens: an item that begins with an imperative (group `verb`) or a nominal.
    """

    version: str
    ranges: Mapping[str, tuple[float, float]]
    parts: Mapping[str, float]
    unmarked: Mapping[str, float]
    cues: Mapping[str, tuple[tuple[ModalClass, re.Pattern[str] | None], ...]]
    hedge: re.Pattern[str]
    forecast: re.Pattern[str]
    actor: re.Pattern[str]
    opens: re.Pattern[str]


@cache
def lexicon() -> Lexicon:
    """The shipped words. InputError where the file is not what it should be."""
    data = yaml.safe_load((files("models") / "commitments" / _FILE).read_text("utf-8"))
    try:
        return _compiled(data)
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise InputError(
            f"models/commitments/{_FILE}", f"not a usable lexicon ({error!r})", "Mend the file."
        ) from error


def _compiled(data: Mapping[str, Any]) -> Lexicon:
    ranges = {name: (float(low), float(high)) for name, (low, high) in data["classes"].items()}
    missing = set(get_args(ModalClass)) - {"unmarked", "none"} - set(ranges)
    if missing:
        raise ValueError(f"no range for {sorted(missing)}")
    verbs, nouns, actors = (
        _any(_list(data[name])) for name in ("imperatives", "nominals", "actors")
    )
    return Lexicon(
        version=str(data["version"]),
        ranges=ranges,
        parts={name: float(share) for name, share in data["parts"].items()},
        unmarked={name: float(value) for name, value in data["unmarked"].items()},
        cues=_cues({**data["modals"], **data["measures"]}, ranges),
        hedge=re.compile(rf"(?:\s+\w+ly|\s+also|\s+be)?\s+(?:{_any(_list(data['hedges']))})", re.I),
        forecast=re.compile(
            rf"(?:\s+(?:\w+ly|also|then|thus))?\s+(?:{_any(_list(data['forecasts']))})\b", re.I
        ),
        # A name in capitals, or the head of a body's name.
        actor=re.compile(rf"\b(?:(?i:{actors})\b|[A-Z]{{3,}}\b|[A-Z][\w-]*[A-Z]{{2,}}\b)"),
        opens=re.compile(
            rf"(?:(?P<verb>(?i:{verbs}))(?:,?\s+(?:and|or)\s+|,\s+|\s+)|"
            rf"(?P<nominal>(?i:{nouns}))\s+(?:\w+\s+){{0,2}}?(?:of|and|for)\s|"
            rf"(?P<noun>(?i:(?!(?:{_any(_list(data['no_nominals']))})\b)[a-z]{{3,}}{_ACTION}))"
            r"(?:\s+and\s+\w+)?(?:,[^,]{3,60},)?\s+of\s)"
        ),
    )


def _list(words: str) -> list[str]:
    """What stands between commas."""
    return [word.strip() for word in words.split(",")]


def _any(phrases: Iterable[str]) -> str:
    """Alternatives, longest first, with any white space for a space."""
    return "|".join(
        phrase.replace(" ", r"\s+") for phrase in sorted(phrases, key=len, reverse=True)
    )


def _cues(
    phrases: Mapping[str, Mapping[str, str]], ranges: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[tuple[ModalClass, re.Pattern[str] | None], ...]]:
    """First word -> (class, what follows); looked up word by word, which is ten times faster
    than one pattern of all phrases."""
    found: dict[str, list[tuple[ModalClass, re.Pattern[str] | None]]] = {}
    for name in sorted(phrases, key=lambda one: ranges[one], reverse=True):
        for firsts, rest in phrases[name].items():
            follow = re.compile(r"\s+" + rest.replace(" ", r"\s+"), re.I) if rest else None
            for first in firsts.split():
                found.setdefault(first, []).append((cast(ModalClass, name), follow))
    return {first: tuple(rows) for first, rows in found.items()}
