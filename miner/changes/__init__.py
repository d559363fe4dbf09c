"""Changes: what a newer strategy added, strengthened, weakened or dropped against an older one.

Both documents' commitments are found, compared one by one and concept by concept, and each claim
carries the words on both sides, or the nearest ones where a side has none. docs/changes.md has
the rule and its figures.
"""

from miner.changes.change import KINDS, Change, Changes, ConceptChange, ConceptSide, Kind
from miner.changes.comparer import Comparer
from miner.changes.pair import Pair, pair_of
from miner.changes.pledge import Pledge
from miner.changes.shared import Said, SharedPromise, side_by_side

__all__ = [
    "KINDS",
    "Change",
    "Changes",
    "Comparer",
    "ConceptChange",
    "ConceptSide",
    "Kind",
    "Pair",
    "Pledge",
    "Said",
    "SharedPromise",
    "pair_of",
    "side_by_side",
]
