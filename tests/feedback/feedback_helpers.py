"""Documents and tags that are easy to foretell."""

from __future__ import annotations

from collections.abc import Callable

from miner.document import Block, BlockType, Document, Metadata, Page, document_id, sha256_of
from miner.evidence import Evidence
from miner.feedback import Decision, Verdict
from miner.passages import Passage, passage_id
from miner.points import text_key
from miner.tagging.tag import StanceTag, Tag, TaggedPassage
from miner.taxonomy import Stance, codebook

Put = Callable[..., str]
MODEL = "test@1"
DIMENSION = 8
TEAM = "The Government will set up a national response team."
SCHOOL = "Schools teach pupils how to stay safe online."
LAW = "A law on computer crime was adopted."


def tagged(
    *concepts: str,
    stance: Stance = Stance.COMMITMENT,
    model: str = "tagger-old",
    abstained: str | None = None,
) -> TaggedPassage:
    """What a model says: these concepts, with their first three letters as evidence."""
    return TaggedPassage(
        tuple(
            Tag(
                name,
                0.9 if name in concepts else 0.05,
                name in concepts and abstained is None,
                "head",
                (Evidence(0, 3, "..."),) if name in concepts else (),
            )
            for name in codebook()
        ),
        StanceTag(stance, 0.8),
        model,
        abstained,
    )


def document(source: str, *texts: str) -> tuple[Document, list[Passage]]:
    text = "\n\n".join(texts)
    sha256 = sha256_of(text.encode())
    name = document_id(sha256)
    found, start = [], 0
    for position, words in enumerate(texts):
        end = start + len(words)
        found.append(
            Passage(
                passage_id(name, start, words),
                name,
                position,
                words,
                start,
                end,
                1,
                1,
                BlockType.BODY,
                (),
                "en",
            )
        )
        start = end + 2
    about = Metadata(title=source, country="XAA", year=2020)
    pages = (Page(1, 0, len(text)),)
    blocks = (Block(BlockType.BODY, 0, len(text), 1),)
    return Document(name, sha256, source, "text/plain", text, pages, blocks, "en", about), found


def said(
    verdict: Verdict,
    concept: str | None = None,
    *,
    stance: str | None = None,
    who: str = "A",
    text: str = TEAM,
    quote: str = "",
    comment: str = "",
) -> Decision:
    """A decision on the words of a passage."""
    return Decision(
        0, text_key(text), "p", "d", "Title", text, "en", who, "2026-01-01T00:00:00+00:00",
        verdict, concept, stance, quote, "tagger-old", comment,
    )  # fmt: skip
