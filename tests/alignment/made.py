"""Documents made for tests of the alignment: passages with the tags that a test gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import strategies as st

from miner.alignment import Alignment, ConceptAlignment, Pair, align
from miner.document import BlockType
from miner.evidence import Evidence
from miner.passages import Passage, passage_id
from miner.tagging.tag import StanceTag, Tag, TaggedPassage
from miner.taxonomy import Framework, Stance, codebook, framework

CONCEPTS = tuple(codebook())
INCIDENTS, SKILLS, CRIME = (
    "dim.incident_management",
    "dim.education_training",
    "dim.legal_criminal_justice",
)
THRESHOLD = 0.4


def view(name: str | None = None) -> Framework:
    """A shipped framework that takes texts about anything."""
    return replace(framework(name), subject=())


def said(
    words: str | int,
    probabilities: Mapping[str, float] | None = None,
    stance: Stance = Stance.COMMITMENT,
    *,
    kind: BlockType = BlockType.BODY,
    abstained: str | None = None,
    position: int = 0,
) -> Pair:
    """A tagged passage: its words, or how many there are of them."""
    text = (
        words if isinstance(words, str) else " ".join(f"word{position}x{n}" for n in range(words))
    )
    passage = Passage(
        passage_id("doc", position, text),
        "doc",
        position,
        text,
        1000 * position,
        1000 * position + len(text),
        1 + position // 3,
        1 + position // 3,
        kind,
        ("Part",),
        "en",
    )
    given = probabilities or {}
    silent = abstained is not None or stance is Stance.NOISE
    tags = []
    for concept in CONCEPTS:
        probability = given.get(concept, 0.001)
        decided = not silent and probability >= THRESHOLD
        evidence = (Evidence(0, len(text), text),) if decided else ()
        tags.append(Tag(concept, round(probability, 4), decided, "head", evidence))
    return passage, TaggedPassage(tuple(tags), StanceTag(stance, 0.9), "test", abstained)


def placed(pairs: Sequence[Pair]) -> list[Pair]:
    """The passages one after the other in one document."""
    return [
        (replace(passage, position=n, id=passage_id("doc", n, passage.text)), tagged)
        for n, (passage, tagged) in enumerate(pairs)
    ]


def aligned(pairs: Sequence[Pair], name: str | None = None, most: int | None = None) -> Alignment:
    return align("doc", "A strategy", pairs, view(name), most=most)


def concept(found: Alignment, name: str) -> ConceptAlignment:
    return next(row for row in found.concepts if row.concept == name)


@st.composite
def documents(draw: st.DrawFn, most: int = 8) -> list[Pair]:
    """Documents of passages long and short, firm and not, sure and not."""
    made = []
    for position in range(draw(st.integers(0, most))):
        probabilities = draw(
            st.dictionaries(st.sampled_from(CONCEPTS[:5]), st.floats(0, 1, width=32), max_size=5)
        )
        made.append(
            said(
                draw(st.integers(1, 150)),
                probabilities,
                draw(st.sampled_from(list(Stance))),
                kind=draw(st.sampled_from([BlockType.BODY, BlockType.LIST, BlockType.CONTENTS])),
                position=position,
            )
        )
    return made
