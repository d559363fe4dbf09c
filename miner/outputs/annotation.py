"""Tags with their evidence as W3C Web Annotations (JSON-LD).

Source: Web Annotation Data Model, W3C Recommendation of 23 February 2017: TextQuoteSelector and
TextPositionSelector on the document's text, FragmentSelector with the page (RFC 3778). What the
model has no word for (probability, stance) is in the namespace `pm`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from miner.document import Document
from miner.evidence import Evidence
from miner.store import StoredPassage
from miner.tagging.tag import Tag
from miner.taxonomy import codebook
from miner.taxonomy.skos import concept_iri

MEDIA_TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
CONTEXT: list[Any] = [
    "http://www.w3.org/ns/anno.jsonld",
    {
        "pm": "urn:policy-miner:terms:",
        "probability": "pm:probability",
        "stance": "pm:stance",
        "decidedBy": "pm:decidedBy",
    },
]
# Words before and after a quote, by which it is found in another copy of the text.
_AROUND = 32


def annotation_page(
    document: Document, passages: Iterable[StoredPassage], concepts: Sequence[str] = ()
) -> dict[str, Any]:
    """An AnnotationPage: one annotation per decided tag and evidence, in reading order.

    concepts: ids; all where empty. An abstained passage has none.
    """
    wanted = set(concepts)
    items = [
        item
        for stored in passages
        for tag in stored.tagged.decided
        if not wanted or tag.concept in wanted
        for item in _annotations(document, stored, tag)
    ]
    return {
        "@context": CONTEXT,
        "id": f"urn:policy-miner:annotations:{document.id}",
        "type": "AnnotationPage",
        "partOf": {
            "id": f"urn:policy-miner:collection:{document.id}",
            "type": "AnnotationCollection",
            "label": f"Concepts in “{document.metadata.title or document.id}”",
            "total": len(items),
        },
        "startIndex": 0,
        "items": items,
    }


def _annotations(document: Document, stored: StoredPassage, tag: Tag) -> Iterator[dict[str, Any]]:
    passage = stored.passage
    concept = codebook().get(tag.concept)
    evidence = tag.evidence or (Evidence(0, len(passage.text), passage.text),)
    for number, words in enumerate(evidence):
        start, end = passage.start + words.start, passage.start + words.end
        yield {
            "id": f"urn:policy-miner:annotation:{passage.id}:{quote(tag.concept)}:{number}",
            "type": "Annotation",
            "motivation": "tagging",
            "generator": {
                "id": f"urn:policy-miner:model:{stored.tagged.model}",
                "type": "Software",
                "name": f"Policy Miner {version('policy-miner')}, {stored.tagged.model}",
            },
            "body": {
                "type": "SpecificResource",
                "source": {
                    "id": concept_iri(tag.concept),
                    "type": "http://www.w3.org/2004/02/skos/core#Concept",
                    "label": concept.label if concept else tag.concept,
                },
                "purpose": "tagging",
                "probability": tag.probability,
                "stance": stored.tagged.stance.label.value,
                "decidedBy": tag.by,
            },
            "target": {
                "source": _source(document),
                "selector": [
                    {
                        "type": "TextQuoteSelector",
                        "exact": words.quote,
                        "prefix": document.text[max(0, start - _AROUND) : start],
                        "suffix": document.text[end : end + _AROUND],
                    },
                    {"type": "TextPositionSelector", "start": start, "end": end},
                    {
                        "type": "FragmentSelector",
                        "conformsTo": "http://tools.ietf.org/rfc/rfc3778",
                        "value": f"page={_page(document, start)}",
                    },
                ],
            },
        }


def _source(document: Document) -> dict[str, Any]:
    """Where the text is published, where that is known."""
    about = document.metadata
    found: dict[str, Any] = {
        "id": about.url or f"urn:policy-miner:document:{document.id}",
        "type": "Text",
        "format": document.media_type,
    }
    if about.language:
        found["language"] = about.language
    return found


def _page(document: Document, start: int) -> int:
    """The page on which the words begin: a passage may run over two."""
    return max((p.number for p in document.pages if p.start <= start), default=1)
