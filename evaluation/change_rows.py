"""Judged claims of changes and judged pairs of commitments: standoff, by document and offset."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from evaluation.lines import Line, lines
from miner.document import document_id
from miner.embedding.weights import sha256_of_file
from miner.errors import InputError

CLAIMS = "change_judgements.jsonl"
PAIRS = "pledge_pairs.jsonl"
PROMISES = "shared_promises.jsonl"
# Claims of later rounds were drawn and judged after the rule was fixed.
CHOSEN = 7

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A claim that a reader judged. Spans are of the documents' texts, of the leading sentence.

    round: those up to `CHOSEN` were used to choose the rule. concept: None for a claim on one
    commitment. why: what is wrong with it.
    """

    round: int
    older: str
    newer: str
    kind: str
    concept: str | None
    older_span: Span | None
    newer_span: Span | None
    right: bool
    why: str | None


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """Two sentences, the verbs' places in them, and 2 (the same promise), 1 (akin) or 0."""

    one: str
    one_span: Span
    one_action: int
    other: str
    other_span: Span
    other_action: int
    grade: int


def claims() -> list[JudgedClaim]:
    """The judged claims."""
    return [
        JudgedClaim(
            round=line.value("round", int, "a number"),
            older=line.text("older"),
            newer=line.text("newer"),
            kind=line.text("kind"),
            concept=line.optional_text("concept"),
            older_span=_span(line, "older_span"),
            newer_span=_span(line, "newer_span"),
            right=bool(line.values.get("right")),
            why=line.optional_text("why"),
        )
        for line in lines(_path(CLAIMS))
    ]


def pairs() -> list[JudgedPair]:
    """The judged pairs of one country."""
    return _pairs(PAIRS)


def promises() -> list[JudgedPair]:
    """The judged pairs of two countries."""
    return _pairs(PROMISES)


def _pairs(name: str) -> list[JudgedPair]:
    found = []
    for line in lines(_path(name)):
        one, other = _span(line, "one_span"), _span(line, "other_span")
        if one is None or other is None:
            raise line.fault("a span is missing", "Add it.")
        found.append(
            JudgedPair(
                line.text("one"),
                one,
                line.value("one_action", int, "an offset"),
                line.text("other"),
                other,
                line.value("other_action", int, "an offset"),
                line.value("grade", int, "0, 1 or 2"),
            )
        )
    return found


def located(documents: set[str], corpus: Path) -> dict[str, Path]:
    """Files below `corpus` whose content has one of these document ids.

    Raises InputError where one is not there.
    """
    found: dict[str, Path] = {}
    for path in sorted(corpus.glob("*/*")):
        if path.suffix in (".txt", ".pdf") and path.is_file():
            name = document_id(sha256_of_file(path))
            if name in documents:
                found.setdefault(name, path)
    missing = sorted(documents - set(found))
    if missing:
        raise InputError(
            str(corpus),
            f"it holds no file with the content of document {missing[0]}",
            "Give the folder of the corpus that was judged.",
        )
    return found


def _path(name: str) -> Path:
    return Path(str(files("evaluation") / "data" / name))


def _span(line: Line, name: str) -> Span | None:
    value = line.values.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or [type(item) for item in value] != [int, int]:
        raise line.fault(f"the field {name!r} is {value!r:.40}", "Write [start, end] or null.")
    return (value[0], value[1])
