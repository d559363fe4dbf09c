"""A Claim: a chip together with the words of the query that it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from miner.catalogue.gazetteer import Named
from miner.query.chip import Chip
from miner.query.years import Period


@dataclass(frozen=True, slots=True)
class Claim:
    """A chip and the words it rests on: `first` to `last` of the tokens, `last` excluded.

    kept: its words stay in the text to be searched.
    of_members: the period dates an organisation's membership, not the documents.
    """

    chip: Chip
    first: int
    last: int
    kept: bool = False
    period: Period | None = None
    named: Named | None = None
    of_members: bool = False
