"""Rules that carry their own evidence: phrases per concept, with phrases that rule them out.

A rule is a list of regular expressions over the passage's words. Rules vote beside the heads;
where a rule matches, its words are the first evidence shown. Negative phrases (look-alikes by
the codebook's exclude rules) cancel a match that they overlap.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from miner.errors import InputError
from miner.tagging.tag import Evidence


@dataclass(frozen=True, slots=True)
class Rule:
    """The patterns of one concept."""

    concept: str
    positive: re.Pattern[str]
    negative: re.Pattern[str] | None

    def matches(self, text: str) -> tuple[Evidence, ...]:
        """The spans of `text` that speak for the concept."""
        barred = [m.span() for m in self.negative.finditer(text)] if self.negative else []
        return tuple(
            Evidence(m.start(), m.end(), m.group())
            for m in self.positive.finditer(text)
            if not any(start < m.end() and m.start() < end for start, end in barred)
        )


@cache
def rules() -> Mapping[str, Rule]:
    """The shipped rules by concept id (models/taxonomy/patterns.yaml)."""
    text = (files("models") / "taxonomy" / "patterns.yaml").read_text("utf-8")
    return {
        concept: Rule(
            concept,
            _compiled(concept, row["positive"]),
            _compiled(concept, row["negative"]) if row.get("negative") else None,
        )
        for concept, row in yaml.safe_load(text).items()
    }


def _compiled(concept: str, phrases: list[str]) -> re.Pattern[str]:
    """Phrases as one pattern: a space also matches a line-end hyphen and any white space."""
    try:
        loose = [phrase.replace(" ", r"[\s\-–]+") for phrase in phrases]
        return re.compile(r"\b(?:" + "|".join(loose) + r")\b", re.IGNORECASE)
    except re.error as error:
        raise InputError(
            f"patterns of {concept}", f"not a regular expression ({error})", "Mend patterns.yaml."
        ) from error
