"""A Unit: a part of a passage that is parsed by itself, made ready for the parser.

The parser knows sentences, and action plans are written in items ("Establish a national CERT",
"to train police", "Strengthening relations ..."). An item is therefore given the beginning of a
sentence ("We will"), which is taken off again; offsets of the passage are kept throughout.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Literal

Form = Literal["sentence", "imperative", "gerund", "nominal", "third", "lead"]
Span = tuple[int, int]

# What an item that begins with a noun of action is made the object of.
NOMINAL_VERB = "oversee"
_PREFIX: dict[Form, str] = {
    "sentence": "",
    "imperative": "We will ",
    "gerund": "We are ",
    "nominal": f"We will {NOMINAL_VERB} ",
    "third": "It ",
    "lead": "",
}
# "coor\xad dinator", "desig- nation": a word that a line's end broke.
_BROKEN = re.compile(r"\xad\s*|(?<=[a-z]{2})-[ \n]+(?=[a-z]{3})(?!and\b|or\b|to\b)")
# The tokenizer is quadratic in brackets without a space between them.
_LONGEST = 2000
_DROPPED = frozenset("•●▪■□✓\u200b")


@dataclass(frozen=True, slots=True)
class Parsed:
    """Text for the parser. places: for each character its offset in the passage, -1 in the
    `prefix` characters that were put before it."""

    text: str
    places: tuple[int, ...]
    prefix: int

    def span(self, inner: Span | None) -> Span | None:
        """A span of `text` as one of the passage; None where it is empty or in the prefix."""
        if inner is None or inner[0] >= inner[1] or inner[0] < self.prefix:
            return None
        return self.places[inner[0]], self.places[inner[1] - 1] + 1

    def inner(self, span: Span) -> Span:
        """A span of the passage as one of `text`."""
        return (
            bisect_left(self.places, span[0], self.prefix),
            bisect_left(self.places, span[1], self.prefix),
        )


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a passage that is parsed by itself.

    start, end: the words that are parsed, as a span of the passage. whole: the same with its
    bullet and its fields. lead: index of the unit that introduces it. closed: it belongs to a
    list that promises nothing (outcomes, risks). fields: spans by name, of the fields that
    follow ("Lead: ...").
    """

    start: int
    end: int
    whole: Span
    form: Form
    lead: int | None = None
    closed: bool = False
    fields: dict[str, Span] = field(default_factory=dict)

    def parsed(self, text: str) -> Parsed:
        """What the parser reads: one line, without bullets and line-end hyphens within it."""
        prefix = _PREFIX[self.form]
        letters, places = list(prefix), [-1] * len(prefix)
        end = min(self.end, self.start + _LONGEST)
        while self.form == "lead" and end > self.start and text[end - 1] in ": ":
            end -= 1
        at = self.start
        while at < end:
            broken = _BROKEN.match(text, at, end)
            if broken is not None:
                at = broken.end()
                continue
            letter = " " if text[at].isspace() else text[at]
            if not (letter == " " and letters and letters[-1] == " ") and letter not in _DROPPED:
                letters.append(letter)
                places.append(at)
            at += 1
        if prefix and len(letters) > len(prefix) + 1 and letters[len(prefix) + 1].islower():
            letters[len(prefix)] = letters[len(prefix)].lower()[:1]
        return Parsed("".join(letters), tuple(places), len(prefix))
