"""Examples for the documentation; countries, documents and sentences are invented."""

from __future__ import annotations

from typing import Any

DOCUMENT_ID = "3f9a1c0b7d2e4586"
OTHER_DOCUMENT_ID = "b81d5f60a9c34e27"
PASSAGE_ID = "6f1f3a52-84c9-5b0e-9d7e-2c1c4a1f7b90"
JOB_ID = "0b4c8b1f6f0e4f7c9f6d0f6a6c1d2e3f"
MODEL = "heads-8fbdd2369c4b"
CONCEPT = "norm.j_vulnerability_reporting"
QUOTE = "publish a policy on the disclosure of vulnerabilities"
TEXT = (
    "The National Cyber Authority will publish a policy on the disclosure of vulnerabilities by "
    "June 2023 and will answer every report within ten days."
)
START = TEXT.index(QUOTE)

DOCUMENT: dict[str, Any] = {
    "id": DOCUMENT_ID,
    "title": "National Cyber Resilience Strategy 2022-2027",
    "country": "XCV",
    "country_name": "Calvessa",
    "organisations": ["MCA"],
    "year": 2022,
    "language": "en",
    "issuing_body": "National Cyber Authority",
    "type": "strategy",
    "url": None,
    "licence": "CC0-1.0",
    "provenance": {"title": "manifest", "country": "manifest", "year": "guessed"},
    "passages": 41,
    "files": ["calvessa-2022-strategy.pdf"],
    "added": "2026-01-12T09:30:00+00:00",
    "revision": "5b0d3c7e9f1a2486",
}
ABOUT: dict[str, Any] = {
    "document": DOCUMENT_ID,
    "title": DOCUMENT["title"],
    "country": "XCV",
    "country_name": "Calvessa",
    "organisations": ["MCA"],
    "year": 2022,
}
BOX: dict[str, Any] = {"page": 7, "x0": 72.0, "y0": 310.5, "x1": 290.2, "y1": 322.1}
EVIDENCE: dict[str, Any] = {"start": START, "end": START + len(QUOTE), "quote": QUOTE}
TAG: dict[str, Any] = {
    "concept": CONCEPT,
    "probability": 0.94,
    "evidence": [EVIDENCE],
    "by": "pattern",
}
STANCE: dict[str, Any] = {
    "label": "commitment",
    "probability": 0.97,
    "by": "head",
    "evidence": [{"start": START - 5, "end": START - 1, "quote": "will"}],
}
PASSAGE: dict[str, Any] = {
    **ABOUT,
    "position": 12,
    "text": TEXT,
    "start": 20412,
    "end": 20412 + len(TEXT),
    "page": 7,
    "last_page": 7,
    "kind": "body",
    "heading_path": ["3. Secure products", "3.2 Disclosure"],
    "language": "en",
    "boxes": [BOX],
    "tags": [TAG],
    "stance": STANCE,
    "abstained": None,
    "model": MODEL,
    "citation": (
        "National Cyber Authority, National Cyber Resilience Strategy 2022-2027, 2022, p. 7, "
        "“3. Secure products > 3.2 Disclosure”"
    ),
}
COMMITMENT: dict[str, Any] = {
    "value": 0.87,
    "modal": "plan",
    "has_actor": True,
    "has_deadline": True,
    "has_resource": False,
    "rule": "1",
}
RATE: dict[str, Any] = {"value": 0.82, "low": 0.64, "high": 0.93, "n": 27}
EVIDENCE_PASSAGE: dict[str, Any] = {
    "passage": PASSAGE_ID,
    "page": 7,
    "heading_path": PASSAGE["heading_path"],
    "quote": QUOTE,
    "start": 20412 + START,
    "end": 20412 + START + len(QUOTE),
    "text": TEXT,
    "probability": 0.94,
    "by": "pattern",
    "stance": "commitment",
    "words": 29,
    "commitment": COMMITMENT,
    "boxes": [BOX],
}
CONCEPT_ALIGNMENT: dict[str, Any] = {
    "concept": CONCEPT,
    "label": "Report vulnerabilities",
    "group": "norm",
    "score": 0.71,
    "present": True,
    "presence": 0.94,
    "depth": 0.31,
    "commitment": 0.9,
    "interval": [0.52, 0.78],
    "evidence": [EVIDENCE_PASSAGE],
    "nearest": [],
    "note": "",
    "claim": "found",
    "counted": 1,
    "share": 0.0224,
    "percentile": 0.83,
    "recall": RATE,
    "precision": RATE,
    "offset": 0.35,
}
OVERALL: dict[str, Any] = {
    "group": "overall",
    "score": 0.58,
    "interval": [0.49, 0.63],
    "present": 19,
    "concepts": 28,
}
GROUP: dict[str, Any] = {
    "group": "norm",
    "score": 0.55,
    "interval": [0.44, 0.62],
    "present": 8,
    "concepts": 11,
}
PROBLEM: dict[str, Any] = {
    "type": "/problems/not-found",
    "title": "There is no such thing",
    "status": 404,
    "detail": "document '00ff': it is not in the store. List what is there with GET /v1/documents.",
    "instance": "/v1/documents/00ff",
    "what": "document '00ff'",
    "cause": "it is not in the store",
    "next_step": "List what is there with GET /v1/documents.",
    "request_id": "7d0c9f4e2b6a4c1d8e5f3a2b1c0d9e8f",
}
CHIP: dict[str, Any] = {
    "id": "organisation:MCA",
    "kind": "organisation",
    "value": "MCA",
    "label": "Meridian Coast Association",
    "start": 37,
    "end": 61,
}
