"""The reader: from the plainest signs to the least plain; each word is taken once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from miner.catalogue.gazetteer import Named
from miner.catalogue.language import language_name
from miner.catalogue.phrase import Match, tokens
from miner.query.chip import Chip, ChipKind
from miner.query.claim import Claim
from miner.query.lexicon import Lexicon
from miner.query.line import Line
from miner.query.negation import claim_negations
from miner.query.slips import claim_spellings, note_slips
from miner.query.words import (
    MEMBERS,
    NEGATORS,
    NOUN_PLAN_AFTER,
    NOUN_WILL_AFTER,
    STANCE_LABELS,
    STANCES,
)
from miner.query.years import periods
from miner.taxonomy import Stance
from miner.vocabulary import Vocabulary

_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|«([^»]*)»|„([^“”]*)[“”]')
# "in French" ends here or goes on with one of these; "in French strategies" is about France.
_AFTER_LANGUAGE = frozenset(
    "and or from since before after on about of for by with but not language text only in".split()
)


def read_line(
    query: str, lexicon: Lexicon, vocabulary: Vocabulary | None, without: Collection[str]
) -> Line:
    """A query with the claims that its words make, in their order.

    without: ids of chips that are switched off, of which only spellings matter here.
    """
    line = Line(query, tokens(query), lexicon)
    note_slips(line, vocabulary, without)
    _phrases(line)
    claim_negations(line)
    _languages(line)
    _names_and_labels(line)
    _years(line)
    _stances(line)
    claim_spellings(line, vocabulary, without)
    line.found.sort(key=lambda claim: (claim.chip.start, claim.chip.end))
    return line


def _phrases(line: Line) -> None:
    for quoted in _QUOTED.finditer(line.query):
        phrase = next(filter(None, quoted.groups()), "").strip()
        inside = [
            position
            for position, token in enumerate(line.tokens)
            if quoted.start() <= token.start and token.end <= quoted.end()
        ]
        if not inside:
            continue
        start, end = quoted.span()
        ruled_out = _rules_out(line, start, inside[0])
        kind, label = ChipKind.PHRASE, f"“{phrase}”"
        if ruled_out is not None:
            kind, label, start = ChipKind.NOT, f"not “{phrase}”", ruled_out
            inside = [at for at, token in enumerate(line.tokens) if start <= token.start < end]
            phrase = phrase.lower()
        chip = Chip(kind, phrase, label, start, end)
        kept = kind is ChipKind.PHRASE
        line.found.append(Claim(chip, inside[0], inside[-1] + 1, kept=kept))
        line.taken.update(inside)


def _rules_out(line: Line, start: int, position: int) -> int | None:
    """Where a dash or negator right before a quotation mark at `start` begins."""
    if line.query[start - 1 : start] == "-" and not line.query[: start - 1][-1:].strip():
        return start - 1
    if position and line.word(position - 1) in NEGATORS:
        return line.tokens[position - 1].start
    return None


def _languages(line: Line) -> None:
    for position, token in enumerate(line.tokens):
        code = line.lexicon.languages.get(token.folded)
        if code is None or position in line.taken:
            continue
        before, after = line.word(position - 1), line.word(position + 1)
        whole = line.query[token.end : token.end + 9].lower()
        first, last = position, position + 1
        if whole in {"-language", " language"}:
            last += 1
            after = line.word(last)
            first -= before in {"in", "the"}
            first -= first < position and line.word(first - 1) == "in"
        elif before == "in" and (not after or after in _AFTER_LANGUAGE or after.isdigit()):
            first -= 1
        elif line.named(position) is not None:
            continue
        if line.word(first - 1) in {"written", "published", "available"}:
            first -= 1
        if line.free(first, last):
            label = f"in {language_name(code)}"
            line.claim(ChipKind.LANGUAGE, code, label, first, last)


def _names_and_labels(line: Line) -> None:
    position = 0
    while position < len(line.tokens):
        name = None if position in line.taken else line.named(position)
        label = None if position in line.taken else line.labelled(position)
        if name and (label is None or name.last >= label.last):
            position = name.last
            _name(line, name)
        elif label:
            concept = label.entry.value
            line.claim(
                ChipKind.CONCEPT, concept.id, concept.label, label.first, label.last, kept=True
            )
            position = label.last
        else:
            position += 1


def _name(line: Line, match: Match[Named]) -> None:
    named = match.entry.value
    if named.kind == "neither":
        return
    kind = ChipKind.COUNTRY if named.kind == "country" else ChipKind.ORGANISATION
    line.claim(kind, named.id, named.label, match.first, match.last, named=named)
    line.taken.update(range(match.last, line.absorbed(match.last)))


def _years(line: Line) -> None:
    spans = [(line.tokens[at].start, line.tokens[at].end) for at in sorted(line.taken)]
    for period in periods(line.query, spans):
        inside = [
            at
            for at, token in enumerate(line.tokens)
            if period.start <= token.start and token.end <= period.end
        ]
        if not inside:
            continue
        member = _membership(line, inside[0])
        label = period.label if member is None else f"members in {period.label}"
        chip = Chip(ChipKind.YEAR, period.value, label, period.start, period.end)
        first = inside[0] if member is None else member
        dates = member is not None
        line.found.append(Claim(chip, first, inside[-1] + 1, period=period, of_members=dates))
        line.taken.update(range(first, inside[-1] + 1))


def _membership(line: Line, position: int) -> int | None:
    """Where "members" begins, if the words before `position` end in "EU member states"."""
    first = position
    while line.word(first - 1) in MEMBERS:
        first -= 1
    named = {c.last for c in line.found if c.chip.kind is ChipKind.ORGANISATION}
    words = {line.word(at) for at in range(first, position)}
    return first if first in named and words & {"member", "members"} else None


def _stances(line: Line) -> None:
    position = 0
    while position < len(line.tokens):
        found = next(_stances_at(line, position), None)
        if found is None:
            position += 1
            continue
        stance, last = found
        line.claim(ChipKind.STANCE, stance.value, STANCE_LABELS[stance], position, last)
        position = last


def _stances_at(line: Line, position: int) -> Iterator[tuple[Stance, int]]:
    before = line.word(position - 1)
    for pattern, stance in STANCES:
        last = position + len(pattern)
        if not line.free(position, last):
            continue
        if not all(line.word(position + i) in words for i, words in enumerate(pattern)):
            continue
        if line.word(position).startswith("plan") and before in NOUN_PLAN_AFTER:
            continue
        yield stance, last
    follows = line.word(position + 1)
    verb = follows and follows not in {"to", "of", "and", "or", "for"}
    subject = before and before not in NOUN_WILL_AFTER
    if line.word(position) == "will" and verb and subject and line.free(position, position + 1):
        yield Stance.COMMITMENT, position + 1
