"""Rules that carry their own evidence: phrases per concept, with phrases that rule them out.

A rule is a list of regular expressions over the passage's words. Rules vote beside the heads;
where a rule matches, its words are the first evidence shown. Negative phrases (look-alikes by
the codebook's exclude rules) cancel a match that they overlap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from miner.errors import InputError
from miner.evidence import Evidence
from miner.taxonomy.codebook import shipped

_TOKEN = re.compile(r"\\.|\[[^\]]*\]|\{[^}]*\}|\(\?(?:[a-z-]*:|[=!])|.")
_OPENING = re.compile(r"\((?:\?[a-z-]*:)?")
_SHORTEST_HINT = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """The patterns of one concept. hints: letters of which each match holds some; where there are
    none, any text may match. Looking for them first takes a tenth of the time."""

    concept: str
    positive: re.Pattern[str]
    negative: re.Pattern[str] | None
    hints: tuple[str, ...] = ()

    def matches(self, text: str, lowered: str | None = None) -> tuple[Evidence, ...]:
        """The spans of `text` that speak for the concept. lowered: the text in small letters,
        where the caller has it."""
        if self.hints:
            lowered = text.lower() if lowered is None else lowered
            for hint in self.hints:
                if hint in lowered:
                    break
            else:
                return ()
        barred = [m.span() for m in self.negative.finditer(text)] if self.negative else []
        return tuple(
            Evidence(m.start(), m.end(), m.group())
            for m in self.positive.finditer(text)
            if not any(start < m.end() and m.start() < end for start, end in barred)
        )


@cache
def rules() -> Mapping[str, Rule]:
    """The shipped rules by concept id (models/taxonomy/patterns.yaml)."""
    return {
        concept: Rule(
            concept,
            _compiled(concept, row["positive"]),
            _compiled(concept, row["negative"]) if row.get("negative") else None,
            _hints(row["positive"]),
        )
        for concept, row in shipped("patterns.yaml").items()
    }


def _hints(phrases: list[str]) -> tuple[str, ...]:
    """Letters of each phrase of which every match holds some; none where a phrase has none."""
    found = [_needed(phrase) for phrase in phrases]
    return tuple(sorted(frozenset().union(*found))) if all(found) else ()


def _needed(phrase: str) -> frozenset[str]:
    """Letters of which every match of a phrase holds some; the set whose shortest are longest."""
    branches, depth = [""], 0
    for token in _TOKEN.findall(phrase):
        depth += token.startswith("(") - (token == ")")
        if depth == 0 and token == "|":
            branches.append("")
        else:
            branches[-1] += token
    if len(branches) == 1:
        return max(_parts(phrase), key=_worth, default=frozenset())
    each = [_needed(branch) for branch in branches]
    return frozenset().union(*each) if all(each) else frozenset()


def _parts(phrase: str) -> Iterator[frozenset[str]]:
    """What each part of a phrase without branches needs: letters as they stand, and groups."""
    run, group, depth = "", "", 0
    for token in [*_TOKEN.findall(phrase), " "]:
        optional = token[0] in "?*{"
        if group and depth == 0:
            # What a look ahead wants, or wants not, is no part of the match.
            if not optional and not group.startswith(("(?=", "(?!")):
                yield _needed(_OPENING.sub("", group, count=1)[:-1])
            group = ""
        if token.startswith("(") or depth:
            depth += token.startswith("(") - (token == ")")
            group += token
        elif token.isalpha():
            run += token.lower()
            continue
        if len(run := run[:-1] if optional else run) >= _SHORTEST_HINT:
            yield frozenset({run})
        run = ""


def _worth(needed: frozenset[str]) -> int:
    return min(map(len, needed), default=0)


def _compiled(concept: str, phrases: list[str]) -> re.Pattern[str]:
    """Phrases as one pattern: a space also matches a line-end hyphen and any white space, and one
    with a question mark nothing as well."""
    try:
        loose = [phrase.replace(" ?", r"[\s\-–]*").replace(" ", r"[\s\-–]+") for phrase in phrases]
        return re.compile(r"\b(?:" + "|".join(loose) + r")\b", re.IGNORECASE)
    except re.error as error:
        raise InputError(
            f"patterns of {concept}", f"not a regular expression ({error})", "Mend patterns.yaml."
        ) from error
