"""Changes: what a newer strategy added, strengthened, weakened or dropped against an older one;
and clusters: what several countries promise alike.

Both documents' commitments are found, compared one by one and concept by concept, and each claim
carries the words on both sides, or the nearest ones where a side has none. docs/changes.md has
the rule and its figures.
"""

from miner.changes.change import KINDS, Change, Changes, ConceptChange, ConceptSide, Kind
from miner.changes.clusters import Cluster, ClusterRequest, Clusters, Member, clusters_of
from miner.changes.comparer import Comparer
from miner.changes.pair import Pair, pair_of
from miner.changes.pledge import Pledge

__all__ = [
    "KINDS",
    "Change",
    "Changes",
    "Cluster",
    "ClusterRequest",
    "Clusters",
    "Comparer",
    "ConceptChange",
    "ConceptSide",
    "Kind",
    "Member",
    "Pair",
    "Pledge",
    "clusters_of",
    "pair_of",
]
