"""The reader: from the plainest signs to the least plain; each word is taken once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from miner.catalogue.gazetteer import Named
from miner.catalogue.language import language_name
from miner.catalogue.phrase import Match, Token, tokens
from miner.query.chip import Chip, ChipKind
from miner.query.claim import Claim
from miner.query.lexicon import Lexicon, acronyms
from miner.query.words import (
    BRIDGES,
    CONTAINERS,
    FUNCTION,
    NEGATORS,
    NO_NEGATION_BEFORE,
    NOUN_PLAN_AFTER,
    NOUN_WILL_AFTER,
    STANCE_LABELS,
    STANCES,
)
from miner.query.years import periods
from miner.taxonomy import Concept, Stance
from miner.vocabulary import COMMON, Vocabulary, is_english

_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|«([^»]*)»|„([^“”]*)[“”]')
_JOINS = frozenset({"and", "or", "nor"})
_WORD_NEGATORS = frozenset({"not", "without", "minus"})
_WHOSE = frozenset({"in", "from", "by", "of", "those", "for"})
_MONEY = frozenset("$€£")
_CURRENCIES = frozenset({"dollar", "dollars", "pound", "pounds", "franc", "francs"})
_MEMBERS = frozenset({"member", "members", "states", "countries", "as"})
# "in French" ends here or goes on with one of these; "in French strategies" is about France.
_AFTER_LANGUAGE = frozenset(
    "and or from since before after on about of for by with but not language text only in".split()
)


@dataclass(slots=True)
class Reader:
    """One query in the course of being read."""

    query: str
    lexicon: Lexicon
    vocabulary: Vocabulary | None = None
    without: Collection[str] = ()
    line: tuple[Token, ...] = ()
    found: list[Claim] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    names_spelt: dict[int, str] = field(default_factory=dict)
    labels_spelt: dict[int, str] = field(default_factory=dict)
    spelt: dict[int, str] = field(default_factory=dict)

    def claims(self) -> list[Claim]:
        self.line = tokens(self.query)
        for position, right in self._slips():
            self.spelt[position] = right
            corrected = next(iter(tokens(right)))
            self.names_spelt[position] = corrected.folded
            self.labels_spelt[position] = corrected.stem
        self._phrases()
        self._negations()
        self._languages()
        self._names_and_labels()
        self._years()
        self._stances()
        self._acronyms()
        self._spellings()
        return sorted(self.found, key=lambda claim: (claim.chip.start, claim.chip.end))

    def _slips(self) -> Iterator[tuple[int, str]]:
        """Positions of misspelt words, and what they were meant to be."""
        doubtful = [
            token.folded
            for token in self.line
            if token.folded not in FUNCTION and not token.raw.isupper()
        ]
        held = self.vocabulary.passages(doubtful) if self.vocabulary else {}
        for position, token in enumerate(self.line):
            word = token.folded
            right = self.lexicon.corrected(word)
            if right is None and self.vocabulary and held.get(word, COMMON) < COMMON:
                known = word in self.lexicon.known or token.stem in self.lexicon.known
                right = None if known else self.vocabulary.correction(word)
            if right and f"{ChipKind.SPELLING}:{right}" not in self.without:
                yield position, right

    def _acronyms(self) -> None:
        """Acronyms that no passage holds: what they stand for is searched."""
        concepts = {
            at
            for claim in self.found
            if claim.chip.kind is ChipKind.CONCEPT
            for at in range(claim.first, claim.last)
        }
        for position, token in enumerate(self.line):
            meant = acronyms().get(token.folded.upper())
            if meant is None or self.vocabulary is None:
                continue
            if position in self.taken - concepts or f"{ChipKind.SPELLING}:{meant}" in self.without:
                continue
            written = token.raw.isupper() or not is_english(token.folded)
            if written and not self.vocabulary.passages([token.folded])[token.folded]:
                self.spelt[position] = meant
                label = f"{meant} (for “{token.raw}”)"
                self._claim(ChipKind.SPELLING, meant, label, position, position + 1, kept=True)

    def _spellings(self) -> None:
        """Misspelt words that no other chip took: what is searched instead, to be seen."""
        for position, right in self.spelt.items():
            word = self.line[position]
            if position in self.taken or not self.vocabulary:
                continue
            if self.vocabulary.passages([right])[right]:
                label = f"{right} (for “{word.raw}”)"
                self._claim(
                    ChipKind.SPELLING, right, label, position, position + 1, kept=True
                )

    def _claim(
        self, kind: ChipKind, value: str, label: str, first: int, last: int, *, kept: bool = False,
        named: Named | None = None,
    ) -> None:  # fmt: skip
        start, end = self.line[first].start, self.line[last - 1].end
        chip = Chip(kind, value, label, start, end)
        self.found.append(Claim(chip, first, last, kept, named=named))
        self.taken.update(range(first, last))

    def _free(self, first: int, last: int) -> bool:
        return last <= len(self.line) and self.taken.isdisjoint(range(first, last))

    def _word(self, position: int) -> str:
        return self.line[position].folded if 0 <= position < len(self.line) else ""

    def _phrases(self) -> None:
        for quoted in _QUOTED.finditer(self.query):
            phrase = next(filter(None, quoted.groups()), "").strip()
            inside = [
                position
                for position, token in enumerate(self.line)
                if quoted.start() <= token.start and token.end <= quoted.end()
            ]
            if not inside:
                continue
            start, end = quoted.span()
            ruled_out = self._rules_out(start, inside[0])
            kind, label = ChipKind.PHRASE, f"“{phrase}”"
            if ruled_out is not None:
                kind, label, start = ChipKind.NOT, f"not “{phrase}”", ruled_out
                inside = [at for at, token in enumerate(self.line) if start <= token.start < end]
                phrase = phrase.lower()
            chip = Chip(kind, phrase, label, start, end)
            kept = kind is ChipKind.PHRASE
            self.found.append(Claim(chip, inside[0], inside[-1] + 1, kept=kept))
            self.taken.update(inside)

    def _rules_out(self, start: int, position: int) -> int | None:
        """Where a dash or negator right before a quotation mark at `start` begins."""
        if self.query[start - 1 : start] == "-" and not self.query[: start - 1][-1:].strip():
            return start - 1
        if position and self._word(position - 1) in NEGATORS:
            return self.line[position - 1].start
        return None

    def _named(self, first: int) -> Match[Named] | None:
        match = self.lexicon.names.at(self.line, first, self.names_spelt)
        if match and (
            self.query[self.line[match.last - 1].end :][:1] in _MONEY
            or self._word(match.last) in _CURRENCIES
        ):
            return None  # "US$951 million" is no country
        return match if match and self._free(match.first, match.last) else None

    def _place(self, first: int) -> Match[Named] | None:
        match = self._named(first) if first < len(self.line) else None
        return match if match and match.entry.value.kind != "neither" else None

    def _labelled(self, first: int) -> Match[Concept] | None:
        match = self.lexicon.labels.at(self.line, first, self.labels_spelt)
        return match if match and self._free(match.first, match.last) else None

    def _negations(self) -> None:
        position = 0
        while position < len(self.line):
            after = self._negated(position)
            if after is None:
                label = self._labelled(position)
                position = label.last if label else position + 1
            else:
                position = after

    def _negated(self, position: int) -> int | None:
        """Claims what the word at `position` rules out; the position after it, None if nothing."""
        token = self.line[position]
        dash = self.query[token.start - 1 : token.start] == "-" and (
            token.start == 1 or self.query[token.start - 2].isspace()
        )
        start = target = position
        if not dash:
            if token.folded not in NEGATORS or self._labelled(position):
                return None
            if self._word(position - 1) == "or" or self._word(position + 1) in NO_NEGATION_BEFORE:
                return None
            target = position + 1
            while self._word(target) in BRIDGES:
                target += 1
        if target >= len(self.line) or not self._free(start, target + 1):
            return None
        name = self._place(target)
        if name is None or self._is_subject(name, start, dash):
            label = self._labelled(target)
            last = name.last if name else label.last if label else target + 1
            word = " ".join(token.folded for token in self.line[target:last])
            if word in FUNCTION and not dash:
                return None
            shown = " ".join(token.raw for token in self.line[target:last])
            self._claim(ChipKind.NOT, word, f"not {shown}", start, last)
            return last
        last = target
        while name is not None:
            named = name.entry.value
            last = self._absorbed(name.last)
            while self._word(last) in _MEMBERS:
                last += 1
            self._claim(ChipKind.NOT, named.id, f"not {named.label}", start, last, named=named)
            start = last
            target = last + (self._word(last) in _JOINS)
            between = self.query[self.line[last - 1].end :][:1]
            joined = target > last or between == ","
            target += joined and self._word(target) == "the"
            name = self._place(target) if joined else None
        return last

    def _is_subject(self, name: Match[Named], start: int, dash: bool) -> bool:
        """Whether a negated organisation is what passages speak of, not who wrote them.

        "cooperation NOT NATO" rules out a word; "not in NATO", "except the EU", "not EU members"
        and "not Germany or NATO" rule out documents.
        """
        if name.entry.value.kind != "organisation":
            return False
        if not dash:
            between = {self._word(at) for at in range(start + 1, name.first)}
            if self._word(start) not in _WORD_NEGATORS or between & _WHOSE:
                return False
        after = self._word(name.last)
        follows = name.last < len(self.line) and self.line[name.last].stem
        return not (after in _JOINS or after in _MEMBERS or follows in CONTAINERS)

    def _languages(self) -> None:
        for position, token in enumerate(self.line):
            code = self.lexicon.languages.get(token.folded)
            if code is None or position in self.taken:
                continue
            before, after = self._word(position - 1), self._word(position + 1)
            whole = self.query[token.end : token.end + 9].lower()
            first, last = position, position + 1
            if whole in {"-language", " language"}:
                last += 1
                after = self._word(last)
                first -= before in {"in", "the"}
                first -= first < position and self._word(first - 1) == "in"
            elif before == "in" and (not after or after in _AFTER_LANGUAGE or after.isdigit()):
                first -= 1
            elif self._named(position) is not None:
                continue
            if self._word(first - 1) in {"written", "published", "available"}:
                first -= 1
            if self._free(first, last):
                label = f"in {language_name(code)}"
                self._claim(ChipKind.LANGUAGE, code, label, first, last)

    def _names_and_labels(self) -> None:
        position = 0
        while position < len(self.line):
            name = None if position in self.taken else self._named(position)
            label = None if position in self.taken else self._labelled(position)
            if name and (label is None or name.last >= label.last):
                position = name.last
                self._name(name)
            elif label:
                concept = label.entry.value
                self._claim(
                    ChipKind.CONCEPT, concept.id, concept.label, label.first, label.last, kept=True
                )
                position = label.last
            else:
                position += 1

    def _name(self, match: Match[Named]) -> None:
        named = match.entry.value
        if named.kind == "neither":
            return
        kind = ChipKind.COUNTRY if named.kind == "country" else ChipKind.ORGANISATION
        self._claim(kind, named.id, named.label, match.first, match.last, named=named)
        self.taken.update(range(match.last, self._absorbed(match.last)))

    def _absorbed(self, position: int) -> int:
        """The position past a possessive s."""
        if self._word(position) == "s" and self.query[self.line[position].start - 1] in "'’":
            return position + 1
        return position

    def _years(self) -> None:
        spans = [(self.line[at].start, self.line[at].end) for at in sorted(self.taken)]
        for period in periods(self.query, spans):
            inside = [
                at
                for at, token in enumerate(self.line)
                if period.start <= token.start and token.end <= period.end
            ]
            if not inside:
                continue
            member = self._membership(inside[0])
            label = period.label if member is None else f"members in {period.label}"
            chip = Chip(ChipKind.YEAR, period.value, label, period.start, period.end)
            first = inside[0] if member is None else member
            dates = member is not None
            self.found.append(Claim(chip, first, inside[-1] + 1, period=period, of_members=dates))
            self.taken.update(range(first, inside[-1] + 1))

    def _membership(self, position: int) -> int | None:
        """Where "members" begins, if the words before `position` end in "EU member states"."""
        first = position
        while self._word(first - 1) in _MEMBERS:
            first -= 1
        named = {c.last for c in self.found if c.chip.kind is ChipKind.ORGANISATION}
        words = {self._word(at) for at in range(first, position)}
        return first if first in named and words & {"member", "members"} else None

    def _stances(self) -> None:
        position = 0
        while position < len(self.line):
            found = next(self._stances_at(position), None)
            if found is None:
                position += 1
                continue
            stance, last = found
            self._claim(ChipKind.STANCE, stance.value, STANCE_LABELS[stance], position, last)
            position = last

    def _stances_at(self, position: int) -> Iterator[tuple[Stance, int]]:
        before = self._word(position - 1)
        for pattern, stance in STANCES:
            last = position + len(pattern)
            if not self._free(position, last):
                continue
            if not all(self._word(position + i) in words for i, words in enumerate(pattern)):
                continue
            if self._word(position).startswith("plan") and before in NOUN_PLAN_AFTER:
                continue
            yield stance, last
        follows = self._word(position + 1)
        verb = follows and follows not in {"to", "of", "and", "or", "for"}
        subject = before and before not in NOUN_WILL_AFTER
        if (
            self._word(position) == "will"
            and verb
            and subject
            and self._free(position, position + 1)
        ):
            yield Stance.COMMITMENT, position + 1
