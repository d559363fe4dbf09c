"""Tagging by a user's own framework: at once from its definitions, better with examples."""

from miner.tagging.own.build import build
from miner.tagging.own.examples import read_examples
from miner.tagging.own.model import OwnModel
from miner.tagging.own.tagger import OwnTagged, OwnTagger

__all__ = ["OwnModel", "OwnTagged", "OwnTagger", "build", "read_examples"]
