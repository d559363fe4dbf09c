"""Reading a query: the countries, years, concepts and the rest that it names, as chips."""

from miner.query.chip import Chip, ChipKind, Interpretation
from miner.query.read import read_query

__all__ = ["Chip", "ChipKind", "Interpretation", "read_query"]
