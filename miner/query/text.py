"""What is left of a query to be searched by meaning, once the chips have taken their words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from miner.catalogue.phrase import Token
from miner.query.chip import ChipKind
from miner.query.claim import Claim
from miner.query.words import CONTAINERS, FUNCTION, MODIFIERS


def remaining(
    query: str, line: Sequence[Token], claims: Sequence[Claim], spelt: Mapping[int, str]
) -> tuple[str, bool]:
    """The text to be searched, and whether it holds content words that no chip accounts for.

    Without chips it is the query as it stands. Words of concepts and phrases stay; the words of
    other chips go, and with them the function words and container nouns at the edges of what is
    left ("in ASEAN strategies" goes whole). Where that leaves nothing, container nouns stay.

    spelt: corrected words by position, used where they belong to a concept.
    """
    if not claims:
        return " ".join(query.split()), any(not _generic(token) for token in line)
    gone = {at for claim in claims if not claim.kept for at in range(claim.first, claim.last)}
    fixed = {at for claim in claims if claim.kept for at in range(claim.first, claim.last)}
    # A corrected word is a word like any other: no filter stands for it.
    mended = {c.first for c in claims if c.chip.kind is ChipKind.SPELLING}
    # A possessive s belongs to the name before it.
    gone |= {at for at in range(1, len(line)) if at - 1 in gone and line[at].folded == "s"}
    kept: list[int] = []
    for run in _runs(len(line), gone):
        kept += _stripped(run, line, fixed)
    residual = any(at not in fixed - mended and not _generic(line[at]) for at in kept)
    if not kept:
        left = [at for at in range(len(line)) if at not in gone]
        kept = [at for at in left if line[at].stem in CONTAINERS | MODIFIERS]
    return _join(query, line, kept, {at: spelt[at] for at in fixed & spelt.keys()}), residual


def _generic(token: Token) -> bool:
    return token.folded in FUNCTION or token.stem in CONTAINERS or token.folded in MODIFIERS


def _runs(count: int, gone: set[int]) -> list[list[int]]:
    runs: list[list[int]] = [[]]
    for at in range(count):
        if at in gone:
            runs.append([])
        else:
            runs[-1].append(at)
    return [run for run in runs if run]


def _stripped(run: list[int], line: Sequence[Token], fixed: set[int]) -> list[int]:
    while run:
        shorter = _without_head(_without_tail(run, line, fixed), line, fixed)
        if shorter == run:
            return run
        run = shorter
    return run


def _without_head(run: list[int], line: Sequence[Token], fixed: set[int]) -> list[int]:
    at = 0
    while at < len(run) and run[at] not in fixed and line[run[at]].folded in MODIFIERS:
        at += 1
    if at < len(run) and run[at] not in fixed and line[run[at]].stem in CONTAINERS:
        return run[at + 1 :]
    return run[1:] if run and run[0] not in fixed and line[run[0]].folded in FUNCTION else run


def _without_tail(run: list[int], line: Sequence[Token], fixed: set[int]) -> list[int]:
    """Without a function word at the end, or a container noun that stands on its own there.

    "on women in national cyber strategies" loses its end; "procurement policy" is one thing.
    """
    if not run or run[-1] in fixed:
        return run
    if line[run[-1]].folded in FUNCTION:
        return run[:-1]
    if line[run[-1]].stem not in CONTAINERS:
        return run
    at = len(run) - 1
    while at and run[at - 1] not in fixed and line[run[at - 1]].folded in MODIFIERS:
        at -= 1
    alone = at == 0 or (run[at - 1] not in fixed and line[run[at - 1]].folded in FUNCTION)
    return run[:at] if alone else run


def _join(query: str, line: Sequence[Token], kept: Sequence[int], spelt: Mapping[int, str]) -> str:
    """The kept words, with the hyphens and other signs between neighbours, without quotes."""
    words: list[str] = []
    before = -2
    for at in kept:
        gap = query[line[before].end : line[at].start] if at == before + 1 else " "
        words += (re.sub('["“”«»„]', "", gap), spelt.get(at, line[at].raw))
        before = at
    return " ".join("".join(words).split())
