"""Parsing: any supported file into a Document with pages, blocks and reading order."""

from miner.parsing.options import ParseOptions
from miner.parsing.read import parse, parse_bytes

__all__ = ["ParseOptions", "parse", "parse_bytes"]
