"""From a query to its Interpretation."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from miner.catalogue.geography import Geography
from miner.query.chip import Chip, ChipKind, Interpretation
from miner.query.lexicon import lexicon
from miner.query.reader import Reader
from miner.query.text import remaining
from miner.query.where import filter_of
from miner.taxonomy import Concept

_LONGEST = 2000


def read_query(
    query: str,
    geography: Geography,
    concepts: Mapping[str, Concept],
    *,
    without: Collection[str] = (),
) -> Interpretation:
    """Read what a query names; never fails. Words past the 2,000th character are not looked at.

    without: ids of chips that the user switched off; their words are searched as text again.
    """
    reader = Reader(query[:_LONGEST], lexicon(geography, concepts))
    claims = [claim for claim in reader.claims() if claim.chip.id not in without]
    chips: dict[str, Chip] = {}
    for claim in claims:
        chips.setdefault(claim.chip.id, claim.chip)
    text, residual = remaining(query, reader.line, claims, reader.spelt)
    return Interpretation(
        query=query,
        chips=tuple(chips.values()),
        text=text,
        residual=residual,
        where=filter_of(claims, reader.line, geography),
        phrases=tuple(chip.value for chip in chips.values() if chip.kind is ChipKind.PHRASE),
        excluded=tuple(
            dict.fromkeys(
                claim.chip.value
                for claim in claims
                if claim.chip.kind is ChipKind.NOT and claim.named is None
            )
        ),
    )
