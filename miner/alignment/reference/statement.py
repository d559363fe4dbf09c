"""Statements: the sentences of a document that commit to something or lay down a principle."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from miner.alignment.measure import Pair, is_prose
from miner.commitments import Strength, strength
from miner.document import Box
from miner.linguistics import sentences
from miner.taxonomy import Stance

_BINDS = frozenset({"duty", "plan", "aim", "aspiration"})
_ITEM = re.compile(
    r"^[\s•●▪◦■□➢✓*·>–—-]+|^\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-z]|[ivx]{1,5})[.)]\s+"
)
# Where a list of actions goes on: "..., promoting ...", "... and developing ...".
_NEXT = re.compile(r"(?:,|;| and)\s+(?:(?:and|by|also)\s+)*(?=([a-z]{3,}ing)\s)")
_NO_ACTION = frozenset(
    "including during regarding concerning according following existing being engineering "
    "training building notwithstanding using ongoing upcoming hosting".split()
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement: `document.text[start:end]` holds its words.

    number: its place among the document's statements, from 1. text: its words without a list
    mark. lead: the sentence that a list of items hangs on. stance: of its passage.
    """

    number: int
    text: str
    lead: str
    passage: str
    page: int
    start: int
    end: int
    heading_path: tuple[str, ...]
    stance: Stance
    commitment: Strength
    boxes: tuple[Box, ...] = ()


def statements(pairs: Sequence[Pair]) -> tuple[Statement, ...]:
    """The statements of a document, from all of its passages in order."""
    found: list[Statement] = []
    seen: set[str] = set()
    for pair in pairs:
        if not is_prose(pair):
            continue
        for start, end, lead, whole in _units(pair[0].text, pair[0].language):
            text = _ITEM.sub("", pair[0].text[start:end]).strip()
            same = " ".join(text.lower().split())
            if same in seen or not _is_statement(text, f"{lead} {whole}"):
                continue
            seen.add(same)
            found.append(_statement(len(found) + 1, pair, start, end, text, lead))
    return tuple(found)


def _statement(number: int, pair: Pair, start: int, end: int, text: str, lead: str) -> Statement:
    passage, tagged = pair
    whole = f"{lead} {text}" if lead else text
    return Statement(
        number=number,
        text=text,
        lead=lead,
        passage=passage.id,
        page=passage.page,
        start=passage.start + start,
        end=passage.start + end,
        heading_path=passage.heading_path,
        stance=tagged.stance.label,
        commitment=strength(whole, Stance.COMMITMENT),
        boxes=passage.boxes,
    )


def _units(text: str, language: str) -> Iterator[tuple[int, int, str, str]]:
    """Sentences, items and parts of long enumerations, each with the lead-in it
    hangs on and the sentence it is of."""
    lead = ""
    for start, end in sentences(text, language):
        words = text[start:end]
        if words.endswith(":"):
            lead = words
            continue
        item = _ITEM.match(words) is not None or words[:1].islower()
        if not item:
            lead = ""
        for first, last in _parts(text, start, end):
            yield first, last, lead, words


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence, or the actions that a long one lists."""
    if len(text[start:end].split()) <= _data()["longest_words"]:
        yield start, end
        return
    cuts = [start]
    for match in _NEXT.finditer(text, start, end):
        if match[1] in _NO_ACTION or len(text[cuts[-1] : match.start()].split()) < 5:
            continue
        if len(text[match.end() : end].split()) >= _data()["fewest_words"]:
            cuts.append(match.end())
    if len(cuts) < 3:
        yield start, end
        return
    for first, after in zip(cuts, [*cuts[1:], end], strict=True):
        kept = text[first:after].rstrip(" ,;")
        for tail in (" and", ","):
            kept = kept.removesuffix(tail)
        yield first, first + len(kept)


def _is_statement(text: str, said: str) -> bool:
    data = _data()
    if len(text.split()) < data["fewest_words"] or text.endswith("?"):
        return False
    if _pattern("never").search(text):
        return False
    return (
        strength(said, Stance.COMMITMENT).modal in _BINDS
        or _pattern("cues").search(said) is not None
    )


def statement_version() -> str:
    """Version of models/alignment/reference.yaml."""
    return str(_file()["version"])


@cache
def _file() -> Mapping[str, Any]:
    text = (files("models") / "alignment" / "reference.yaml").read_text("utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


def _data() -> Mapping[str, Any]:
    found: Mapping[str, Any] = _file()["statements"]
    return found


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(_data()[name])})\b", re.I)
