"""From a query to its Interpretation."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from miner.catalogue.geography import Geography
from miner.catalogue.phrase import tokens
from miner.query.chip import Chip, ChipKind, Interpretation
from miner.query.lexicon import lexicon
from miner.query.reader import read_line
from miner.query.text import remaining
from miner.query.where import filter_of
from miner.query.words import FUNCTION
from miner.taxonomy import Concept
from miner.vocabulary import Vocabulary, is_compound, is_english

_LONGEST = 2000


def read_query(
    query: str,
    geography: Geography,
    concepts: Mapping[str, Concept],
    *,
    without: Collection[str] = (),
    vocabulary: Vocabulary | None = None,
) -> Interpretation:
    """Read what a query names; never fails. Words past the 2,000th character are not looked at.

    without: ids of chips that the user switched off; their words are searched as text again.
    vocabulary: words of the store; without it only names and labels are corrected, and
        `unknown` stays empty.
    """
    line = read_line(query[:_LONGEST], lexicon(geography, concepts), vocabulary, without)
    claims = [claim for claim in line.found if claim.chip.id not in without]
    chips: dict[str, Chip] = {}
    for claim in claims:
        chips.setdefault(claim.chip.id, claim.chip)
    text, residual = remaining(query, line.tokens, claims, line.spelt)
    unknown, gibberish = _unknown(text, vocabulary)
    return Interpretation(
        query=query,
        chips=tuple(chips.values()),
        text=text,
        residual=residual,
        where=filter_of(claims, line.tokens, geography),
        phrases=tuple(chip.value for chip in chips.values() if chip.kind is ChipKind.PHRASE),
        excluded=tuple(
            dict.fromkeys(
                claim.chip.value
                for claim in claims
                if claim.chip.kind is ChipKind.NOT and claim.named is None
            )
        ),
        unknown=unknown,
        gibberish=gibberish and not any(chip.kind is ChipKind.CONCEPT for chip in chips.values()),
        doubtful=tuple(c.chip for c in claims if c.period is not None and c.period.bare),
    )


def _unknown(text: str, vocabulary: Vocabulary | None) -> tuple[tuple[str, ...], bool]:
    """The words that no passage holds, and whether there is no other and none is English."""
    if vocabulary is None:
        return (), False
    words = {t.raw.lower(): t.raw for t in tokens(text[:_LONGEST]) if t.folded not in FUNCTION}
    held = vocabulary.passages(words)
    lacking = [w for w in words if w.isalpha() and not held.get(w) and not vocabulary.holds(w)]
    strange = [word for word in lacking if not (is_english(word) or is_compound(word))]
    nothing = bool(words) and len(strange) == len(words)
    return tuple(words[word] for word in lacking), nothing
