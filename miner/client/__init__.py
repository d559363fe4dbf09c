"""A typed client of the HTTP API.

    from miner.client import PolicyMiner

    with PolicyMiner("http://127.0.0.1:8000") as miner:
        found = miner.align(text="The Council will open a national response team by 2027.")
        print(found.overall.score, found.overall.interval)

Answers are frozen dataclasses; fields that a newer service adds are passed over. What does not
change is asked for again with its ETag, and not sent twice. tests/client holds every method,
parameter and field against service/api/openapi.json.
"""

from miner.client.answers import (
    Alignment,
    BatchResult,
    Body,
    BodyDetail,
    BodyList,
    Cell,
    Commitment,
    CommitmentList,
    Comparison,
    Concept,
    ConceptAlignment,
    Coverage,
    Document,
    DocumentList,
    EvidencePassage,
    Framework,
    Gap,
    Gaps,
    GroupAlignment,
    Hit,
    Involvement,
    Job,
    Mark,
    Mention,
    Passage,
    PassageList,
    SearchResponse,
    TaggedRow,
)
from miner.client.client import PolicyMiner
from miner.client.http import Problem, ServiceError

__all__ = [
    "Alignment",
    "BatchResult",
    "Body",
    "BodyDetail",
    "BodyList",
    "Cell",
    "Commitment",
    "CommitmentList",
    "Comparison",
    "Concept",
    "ConceptAlignment",
    "Coverage",
    "Document",
    "DocumentList",
    "EvidencePassage",
    "Framework",
    "Gap",
    "Gaps",
    "GroupAlignment",
    "Hit",
    "Involvement",
    "Job",
    "Mark",
    "Mention",
    "Passage",
    "PassageList",
    "PolicyMiner",
    "Problem",
    "SearchResponse",
    "ServiceError",
    "TaggedRow",
]
