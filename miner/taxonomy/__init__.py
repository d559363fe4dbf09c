"""The taxonomy: concepts, frameworks, their crosswalks, and how they are read and written."""

from miner.taxonomy.codebook import codebook
from miner.taxonomy.concept import Concept, Match, Relation, Stance
from miner.taxonomy.framework import Framework, Source
from miner.taxonomy.load import framework_from, load_framework, parse_framework
from miner.taxonomy.shipped import framework, frameworks

__all__ = [
    "Concept",
    "Framework",
    "Match",
    "Relation",
    "Source",
    "Stance",
    "codebook",
    "framework",
    "framework_from",
    "frameworks",
    "load_framework",
    "parse_framework",
]
