"""Feedback: what analysts decide about tags, kept for ever, shown first, and learnt from."""

from miner.feedback.decide import Request, decide
from miner.feedback.decision import Decision, Verdict
from miner.feedback.judgements import Judgements
from miner.feedback.rows import training_rows

__all__ = ["Decision", "Judgements", "Request", "Verdict", "decide", "training_rows"]
