"""What a sentence says of its author's country and a body that it names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from miner.bodies.body import Role

# Stand in for names while a sentence is read: the body's own, and any other's.
_THIS, _OTHER = "\x01", "\x02"
_GAP = r"[^.;\x01]{0,80}?"
_SHORT = r"\W*(?:[\w\x02]+\W+){0,4}?\W*"
# "A, B (b), D and the C" is one enumeration, whichever of them is meant.
_LISTED = re.compile(
    rf"(?:{_OTHER}(?:\W|\band\b|\bor\b|\bthe\b|\bas well as\b|\bwith\b){{0,12}}?)+(?={_THIS})"
)


@dataclass(frozen=True, slots=True)
class RoleRule:
    """A role, the patterns that tell it and those that rule it out."""

    role: Role
    label: str
    patterns: tuple[re.Pattern[str], ...]
    never: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class RoleRules:
    """The rules in the order in which they are tried."""

    rules: tuple[RoleRule, ...]

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]]) -> RoleRules:
        """From bodies.yaml. KeyError, ValueError or re.error where it is not what it should be."""
        return cls(
            tuple(
                RoleRule(
                    Role(row["id"]),
                    row["label"],
                    tuple(map(_compiled, row["patterns"])),
                    tuple(map(_compiled, row.get("never") or ())),
                )
                for row in rows
            )
        )

    @property
    def labels(self) -> Mapping[Role, str]:
        """What people call the roles."""
        return {rule.role: rule.label for rule in self.rules} | {
            Role.OWN: "its own team",
            Role.MENTIONS: "mentions",
        }

    def role(self, text: str, this: tuple[int, int], others: Sequence[tuple[int, int]]) -> Role:
        """The role of the body at `text[this]`.

        others: spans of other bodies' names; an enumeration of them is read as one word, so that
        its last member is as near to the verb as its first.
        """
        read = _marked(text, this, others)
        for rule in self.rules:
            fits = any(pattern.search(read) for pattern in rule.patterns)
            if fits and not any(pattern.search(read) for pattern in rule.never):
                return rule.role
        return Role.MENTIONS


def _compiled(pattern: str) -> re.Pattern[str]:
    filled = pattern.replace("{body}", _THIS).replace("{gap}", _GAP).replace("{short}", _SHORT)
    return re.compile(filled, re.I)


def _marked(text: str, this: tuple[int, int], others: Sequence[tuple[int, int]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in sorted([this, *others]):
        if start < at:
            continue
        parts += [text[at:start], _THIS if (start, end) == this else _OTHER]
        at = end
    return _LISTED.sub("", "".join([*parts, text[at:]]))
