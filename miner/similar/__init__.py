"""Similar: passages like a passage.

What "like" means is the same everywhere: near in meaning (the embedding), about the same
concepts, in the same words. Repeats of one wording are folded, for ten copies are one answer.
"""

from miner.similar.finder import Finder
from miner.similar.request import SimilarHit, SimilarRequest, SimilarResponse

__all__ = ["Finder", "SimilarHit", "SimilarRequest", "SimilarResponse"]
