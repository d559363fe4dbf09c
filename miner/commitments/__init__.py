"""Commitments: who has promised what by when, and how firmly.

`strength` tells how firmly a passage binds from its words alone; `extract` parses passages and
gives their Commitments with spans. docs/commitments.md has the rules and the figures.
"""

from miner.commitments.commitment import Commitment
from miner.commitments.deadline import Deadline
from miner.commitments.extract import Source, extract, version
from miner.commitments.grade import Strength, grade, strongest
from miner.commitments.quick import strength

__all__ = [
    "Commitment",
    "Deadline",
    "Source",
    "Strength",
    "extract",
    "grade",
    "strength",
    "strongest",
    "version",
]
