"""Coverage: who commits to what across documents, countries and regions, and what nobody does."""

from miner.coverage.cell import Cell, Level, Mark
from miner.coverage.comparison import Comparison, compare
from miner.coverage.gaps import Gap, Gaps, gaps
from miner.coverage.matrix import Matrix, Row, matrix
from miner.coverage.profile import Profile, Source
from miner.coverage.profiles import Profiles
from miner.coverage.region import Region, Rollup, roll_up
from miner.coverage.selection import Selection

__all__ = [
    "Cell",
    "Comparison",
    "Gap",
    "Gaps",
    "Level",
    "Mark",
    "Matrix",
    "Profile",
    "Profiles",
    "Region",
    "Rollup",
    "Row",
    "Selection",
    "Source",
    "compare",
    "gaps",
    "matrix",
    "roll_up",
]
