"""Slips: misspelt words, and acronyms that the documents write out."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from miner.catalogue.phrase import tokens
from miner.query.chip import ChipKind
from miner.query.lexicon import acronyms
from miner.query.line import Line
from miner.query.words import FUNCTION
from miner.vocabulary import COMMON, Vocabulary, is_english


def note_slips(line: Line, vocabulary: Vocabulary | None, without: Collection[str]) -> None:
    """Note what misspelt words were meant to be, for names, labels and the text to be searched.

    without: ids of chips that are switched off.
    """
    for position, right in _slips(line, vocabulary):
        if f"{ChipKind.SPELLING}:{right}" not in without:
            line.spelt[position] = right
            corrected = next(iter(tokens(right)))
            line.names_spelt[position] = corrected.folded
            line.labels_spelt[position] = corrected.stem


def _slips(line: Line, vocabulary: Vocabulary | None) -> Iterator[tuple[int, str]]:
    held = _held(line, vocabulary)
    for position, token in enumerate(line.tokens):
        right = line.lexicon.corrected(token.folded)
        if right is None and vocabulary and held.get(token.folded, COMMON) < COMMON:
            known = {token.folded, token.stem} & line.lexicon.known
            right = None if known else vocabulary.correction(token.folded)
        if right:
            yield position, right


def _held(line: Line, vocabulary: Vocabulary | None) -> dict[str, int]:
    """In how many passages each word stands that may be misspelt; acronyms are not."""
    doubtful = [t.folded for t in line.tokens if t.folded not in FUNCTION and not t.raw.isupper()]
    return vocabulary.passages(doubtful) if vocabulary else {}


def claim_spellings(line: Line, vocabulary: Vocabulary | None, without: Collection[str]) -> None:
    """Chips for what is searched instead of what was typed.

    A misspelt word that names nothing becomes the right one, an acronym that no passage holds
    what it stands for. A corrected name or label shows in its own chip.
    """
    if vocabulary is None:
        line.spelt = {at: right for at, right in line.spelt.items() if at in line.taken}
        return
    held = _held(line, vocabulary)
    for position, right in list(line.spelt.items()):
        word = line.tokens[position].folded
        if position in line.taken:
            continue
        if held.get(word, COMMON) < COMMON and vocabulary.passages([right])[right]:
            _claim(line, position, right)
        else:
            del line.spelt[position]
    for position, meant in _acronyms(line, vocabulary):
        if f"{ChipKind.SPELLING}:{meant}" not in without:
            line.spelt[position] = meant
            _claim(line, position, meant)


def _acronyms(line: Line, vocabulary: Vocabulary) -> Iterator[tuple[int, str]]:
    """Acronyms that stand in no passage, and what they stand for."""
    concepts = {
        at
        for claim in line.found
        if claim.chip.kind is ChipKind.CONCEPT
        for at in range(claim.first, claim.last)
    }
    for position, token in enumerate(line.tokens):
        meant = acronyms().get(token.folded.upper())
        if meant is None or position in line.taken - concepts:
            continue
        written = token.raw.isupper() or not is_english(token.folded)
        if written and not vocabulary.passages([token.folded])[token.folded]:
            yield position, meant


def _claim(line: Line, position: int, right: str) -> None:
    label = f"{right} (for “{line.tokens[position].raw}”)"
    line.claim(ChipKind.SPELLING, right, label, position, position + 1, kept=True)
