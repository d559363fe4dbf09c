"""Relevance cases: what is typed, and what the answer must hold (see blind.yaml for the words)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from miner.document import BlockType
from miner.errors import InputError
from miner.query import ChipKind
from miner.search import Hit, Searcher, SearchRequest, SearchResponse

FOLDER = Path(__file__).parent
_KINDS = {
    "place": {ChipKind.COUNTRY, ChipKind.ORGANISATION},
    "years": {ChipKind.YEAR},
    "stance": {ChipKind.STANCE},
    "language": {ChipKind.LANGUAGE},
    "phrase": {ChipKind.PHRASE},
    "topic": {ChipKind.CONCEPT},
    "not": {ChipKind.NOT},
    "spelling": {ChipKind.SPELLING},
}
_LEADER = re.compile(r"(?:\.\s?){5,}|…{2,}|_{5,}")
_FURNITURE = {BlockType.CONTENTS, BlockType.REFERENCE}


@dataclass(frozen=True, slots=True)
class Case:
    """One case; `expected` holds its conditions by name."""

    id: str
    kind: str
    query: str
    expected: dict[str, Any]
    blind: bool
    verdict: str = ""


def cases() -> list[Case]:
    """All cases, the blind ones first."""
    verdicts = yaml.safe_load((FOLDER / "verdicts.yaml").read_text("utf-8")) or {}
    found = []
    for name in ("blind", "read"):
        for row in yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8")):
            identity, kind, query = row.pop("id"), row.pop("kind"), row.pop("query")
            verdict = verdicts.pop(identity, "")
            found.append(Case(identity, kind, query, row, name == "blind", verdict))
    assert not verdicts, f"verdicts on cases that do not exist: {verdicts}"
    return found


def problems(case: Case, searcher: Searcher) -> list[str]:
    """What the answer lacks, as sentences."""
    answer = ask(searcher, case.query)
    found = []
    for name, wanted in case.expected.items():
        said = _CHECKS[name](answer, wanted, searcher)
        found += [f"{name}: {said}"] if said else []
    return found


def ask(searcher: Searcher, query: str) -> SearchResponse:
    """The first ten hits; what is refused is an answer without hits, whose note says why."""
    try:
        return searcher.search(SearchRequest(query))
    except InputError as error:
        empty = searcher.search(SearchRequest('"x" -x'))
        return SearchResponse((), (), 0, {}, empty.interpretation, str(error))


def text_of(hit: Hit) -> str:
    passage = hit.passage.passage
    return " ".join(" ".join((*passage.heading_path, passage.text)).split())


def _places(answer: SearchResponse, wanted: list[str], searcher: Searcher) -> str:
    held = {stored.metadata.country for stored in searcher.store.documents()}
    if not held & set(wanted):
        # No document of these countries is there: then nothing else is passed off as theirs.
        return "" if answer.note and not answer.hits else "other countries' hits, or no word on it"
    found = [hit.passage.metadata.country for hit in answer.hits[:5]]
    others = [code for code in found if code not in wanted]
    return f"found {others}" if others or not found else ""


def _not_places(answer: SearchResponse, ruled_out: list[str], _: Searcher) -> str:
    found = {hit.passage.metadata.country for hit in answer.hits} & set(ruled_out)
    return f"found {found}" if found else ""


def _years(answer: SearchResponse, wanted: list[int | None], _: Searcher) -> str:
    first, last = wanted[0] or 0, wanted[1] or 9999
    found = [hit.passage.metadata.year for hit in answer.hits[:5]]
    others = [year for year in found if not first <= (year or 0) <= last]
    return f"found {others}" if others or not found else ""


def _text(answer: SearchResponse, pattern: str, _: Searcher) -> str:
    texts = [text_of(hit) for hit in answer.hits[:3]]
    return "" if any(_has(pattern, text) for text in texts) else f"in none of {_short(texts)}"


def _first(answer: SearchResponse, pattern: str, _: Searcher) -> str:
    texts = [text_of(hit) for hit in answer.hits[:1]]
    return "" if any(_has(pattern, text) for text in texts) else f"not in {_short(texts)}"


def _all_text(answer: SearchResponse, pattern: str, _: Searcher) -> str:
    texts = [text_of(hit) for hit in answer.hits[:5]]
    lacking = [text for text in texts if not _has(pattern, text)]
    return f"lacking in {_short(lacking)}" if lacking or not texts else ""


def _no_text(answer: SearchResponse, pattern: str, _: Searcher) -> str:
    texts = [hit.passage.passage.text for hit in answer.hits]
    bad = [text for text in texts if _has(pattern, text)]
    return f"it is in {_short(bad)}" if bad else ""


def _read(answer: SearchResponse, wanted: dict[str, str], _: Searcher) -> str:
    chips = answer.interpretation.chips
    for kind, pattern in wanted.items():
        held = [chip for chip in chips if chip.kind in _KINDS[kind]]
        if not any(_has(pattern, f"{chip.value} {chip.label}") for chip in held):
            return f"no {kind} {pattern!r} among {[chip.id for chip in chips]}"
    return ""


def _not_read(answer: SearchResponse, kind: str, _: Searcher) -> str:
    held = [chip.id for chip in answer.interpretation.chips if chip.kind in _KINDS[kind]]
    return f"read {held}" if held else ""


def _same(answer: SearchResponse, wanted: dict[str, Any], searcher: Searcher) -> str:
    other = ask(searcher, wanted["query"])
    ours, theirs = ({hit.passage.passage.id for hit in found.hits[:5]} for found in (answer, other))
    shared = len(ours & theirs)
    return f"{shared} of 5 shared" if shared < wanted["of5"] else ""


def _clean(answer: SearchResponse, _: bool, __: Searcher) -> str:
    bad = [text_of(hit) for hit in answer.hits if _furniture(hit)]
    return f"{_short(bad)}" if bad else ""


def _furniture(hit: Hit) -> bool:
    passage = hit.passage.passage
    # The second is for pages that the parser took for prose.
    return passage.kind in _FURNITURE or len(_LEADER.findall(passage.text)) >= 3


def _note(answer: SearchResponse, pattern: bool | str, _: Searcher) -> str:
    wanted = pattern if isinstance(pattern, str) else "."
    corrected = any(chip.kind is ChipKind.SPELLING for chip in answer.interpretation.chips)
    if pattern is True and corrected:
        return ""
    return "" if re.search(wanted, answer.note, re.IGNORECASE) else f"the note is {answer.note!r}"


def _empty(answer: SearchResponse, _: bool, __: Searcher) -> str:
    return f"{len(answer.hits)} hits" if answer.hits else ""


def _hits(answer: SearchResponse, least: int, _: Searcher) -> str:
    return f"{len(answer.hits)} hits" if len(answer.hits) < least else ""


def _wider(answer: SearchResponse, pattern: str, _: Searcher) -> str:
    offered = [chip.id for chip in answer.wider]
    return "" if any(_has(pattern, name) for name in offered) else f"offered {offered}"


def _languages(answer: SearchResponse, wanted: list[str], _: Searcher) -> str:
    found = [hit.passage.passage.language for hit in answer.hits[:5]]
    others = [language for language in found if language not in wanted]
    return f"found {others}" if others or not found else ""


def _has(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def _short(texts: list[str]) -> list[str]:
    return [text[:90] for text in texts]


_CHECKS: dict[str, Callable[[SearchResponse, Any, Searcher], str]] = {
    "places": _places,
    "not_places": _not_places,
    "years": _years,
    "languages": _languages,
    "first": _first,
    "text": _text,
    "all_text": _all_text,
    "no_text": _no_text,
    "read": _read,
    "not_read": _not_read,
    "same": _same,
    "clean": _clean,
    "note": _note,
    "empty": _empty,
    "hits": _hits,
    "wider": _wider,
}


def by_kind(found: list[Case]) -> Iterator[tuple[str, list[Case]]]:
    """The cases of each category, in the order of their first case."""
    for kind in dict.fromkeys(case.kind for case in found):
        yield kind, [case for case in found if case.kind == kind]
