"""A reference document as the framework: its statements, and what another says to each."""

from miner.alignment.reference.align import align_reference
from miner.alignment.reference.answer import (
    Beyond,
    MatchedPassage,
    ReferenceAlignment,
    StatementMatch,
)
from miner.alignment.reference.statement import Statement, statements

__all__ = [
    "Beyond",
    "MatchedPassage",
    "ReferenceAlignment",
    "Statement",
    "StatementMatch",
    "align_reference",
    "statements",
]
