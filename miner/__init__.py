"""Policy Miner: from a policy document to passages, tags, answers and alignment scores.

A document's way is the layout of this package: `parsing` (file -> Document), `passages`
(Document -> Passages), `catalogue` (what is known about it), `embedding` and `tagging`
(vectors, Tags), `index` and `store` (kept), `search` and `alignment` (asked).
"""

__version__ = "0.1.0"
