"""Alignment: how far a document addresses a framework, concept by concept, with the passages.

Rule as data (`rule`) -> what the passages say (`measure`) -> scores (`score`) and their
intervals (`interval`) -> the passages that count (`evidence`) -> the answer (`answer`).
docs/alignment.md states the rule on one page.
"""

from miner.alignment.align import align
from miner.alignment.answer import Alignment, ConceptAlignment, GroupAlignment
from miner.alignment.evidence import EvidencePassage
from miner.alignment.measure import Pair
from miner.alignment.rates import Rate
from miner.alignment.rule import RULE_VERSION, Rule, data_version, rule

__all__ = [
    "RULE_VERSION",
    "Alignment",
    "ConceptAlignment",
    "EvidencePassage",
    "GroupAlignment",
    "Pair",
    "Rate",
    "Rule",
    "align",
    "data_version",
    "rule",
]
