from __future__ import annotations

import uuid
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miner.document import Block, BlockType, Box, Document, Page
from miner.linguistics import sentences
from miner.parsing import parse_bytes
from miner.passages import MAX_WORDS, MIN_WORDS, Passage, passage_id, split

Made = tuple[BlockType, str, tuple[str, ...]]


def document_of(blocks: Sequence[Made], *, boxes: bool = False) -> Document:
    """A document with the given (type, text, heading path) blocks, a page for each five."""
    text, made, starts = "", [], []
    for index, (kind, words, path) in enumerate(blocks):
        text += "\n\n" if text else ""
        page = index // 5 + 1
        if len(starts) < page:
            starts.append(len(text))
        lines = tuple(
            Box(page, 50, 10.0 * n, 450, 10.0 * n + 9) for n in range(len(words) // 60 + 1)
        )
        made.append(
            Block(kind, len(text), len(text) + len(words), page, path, 0, lines if boxes else ())
        )
        text += words
    ends = [*starts[1:], len(text)][: len(starts)]
    pages = tuple(Page(n, s, e) for n, (s, e) in enumerate(zip(starts, ends, strict=True), 1))
    return Document("d" * 16, "d" * 64, "made", "text/plain", text, pages, tuple(made), "en")


def sentence(words: int) -> str:
    return "The " + " ".join(["state"] * (words - 2)) + " acts."


def check(document: Document, passages: Sequence[Passage], least: int, most: int) -> None:
    last = -1
    for position, passage in enumerate(passages):
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip() != ""
        assert passage.position == position
        assert passage.start > last
        assert len(passage.text.split()) <= most
        assert passage.id == passage_id(document.id, passage.start, passage.text)
        assert passage.page <= passage.last_page
        assert passage.kind not in (BlockType.HEADING, BlockType.HEADER_FOOTER)
        inside = [b for b in document.blocks if b.start < passage.end and b.end > passage.start]
        assert {b.heading_path for b in inside} == {passage.heading_path}
        families = {BlockType.BODY if b.type is BlockType.LIST else b.type for b in inside}
        assert len(families) == 1
        last = passage.end
    assert least <= most


def test_small_blocks_of_a_section_are_joined_and_sections_are_not() -> None:
    blocks = [(BlockType.BODY, sentence(20), ("A",)) for _ in range(4)]
    blocks += [(BlockType.BODY, sentence(10), ("B",))]
    document = document_of(blocks)
    passages = split(document)
    check(document, passages, 40, 180)
    assert [len(p.text.split()) for p in passages] == [80, 10]
    assert [p.heading_path for p in passages] == [("A",), ("B",)]


def test_long_blocks_are_cut_between_sentences() -> None:
    document = document_of([(BlockType.BODY, " ".join([sentence(30)] * 20), ("A",))])
    passages = split(document)
    check(document, passages, 40, 180)
    assert all(p.text.endswith("acts.") for p in passages)
    assert all(MIN_WORDS <= len(p.text.split()) <= MAX_WORDS for p in passages)
    assert "".join(p.text for p in passages).count("acts.") == 20


def test_a_sentence_too_long_is_cut_at_a_clause() -> None:
    clause = " ".join(["word"] * 40) + ", "
    document = document_of([(BlockType.BODY, clause * 6 + "end.", ("A",))])
    passages = split(document)
    check(document, passages, 40, 180)
    assert passages[0].text.endswith(",")
    document = document_of([(BlockType.BODY, "word " * 500 + "end.", ("A",))])
    assert all(len(p.text.split()) <= 180 for p in split(document))


def test_a_list_keeps_its_lead_in() -> None:
    items = [(BlockType.LIST, f"• {sentence(15)}", ("A",)) for _ in range(5)]
    lead = (BlockType.BODY, sentence(30) + " The government will do the following:", ("A",))
    document = document_of([(BlockType.BODY, sentence(60), ("A",)), lead, *items])
    passages = split(document)
    check(document, passages, 40, 180)
    listed = next(p for p in passages if "•" in p.text)
    assert "the following:\n\n•" in listed.text
    assert listed.text.count("•") == 5


def test_contents_notes_references_and_tables_stay_apart() -> None:
    kinds = [BlockType.CONTENTS, BlockType.BODY, BlockType.FOOTNOTE, BlockType.REFERENCE]
    document = document_of([(kind, sentence(12), ("A",)) for kind in kinds])
    assert [p.kind for p in split(document)] == kinds


def test_table_rows_are_grouped_to_the_size() -> None:
    rows = "\n".join(
        f"Goal {n} | ministry of the interior and of justice | year" for n in range(60)
    )
    document = document_of([(BlockType.TABLE, rows, ("A",))])
    passages = split(document)
    check(document, passages, 40, 180)
    assert all(p.text.startswith("Goal") and p.text.endswith("year") for p in passages)
    assert 3 <= len(passages) <= 6


def test_headings_and_figures_alone_give_no_passage() -> None:
    document = document_of([(BlockType.HEADING, "Title", ()), (BlockType.BODY, "2019 | 17 %", ())])
    assert split(document) == ()


def test_boxes_are_the_lines_of_the_passage() -> None:
    document = document_of([(BlockType.BODY, " ".join([sentence(30)] * 12), ("A",))], boxes=True)
    whole = document.blocks[0].boxes
    passages = split(document)
    assert len(passages) > 1
    for passage in passages:
        share = len(passage.text) / len(document.text)
        assert abs(len(passage.boxes) - share * len(whole)) <= 2
    assert passages[0].boxes[0] == whole[0]
    assert passages[-1].boxes[-1] == whole[-1]


def test_ids_are_uuids_of_content() -> None:
    assert uuid.UUID(passage_id("d", 0, "a")).version in (5, 8)
    assert passage_id("d", 0, "a") == passage_id("d", 0, "a")
    assert len({passage_id("d", 0, "a"), passage_id("d", 1, "a"), passage_id("e", 0, "a")}) == 3


def test_pages_of_a_passage() -> None:
    first = "The government acts on its plan " * 20 + "and does not\n\f"
    document = parse_bytes((first + "stop there but goes on with it all.\n").encode(), "a.txt")
    passages = split(document)
    assert (passages[0].page, passages[-1].last_page) == (1, 2)


def test_a_passage_in_another_language_is_told() -> None:
    english = "The government will protect the networks of the country and report on the work. "
    french = (
        "Le gouvernement protège les réseaux du pays et rend compte de son action chaque année. "
    )
    text = "\n\n".join([english * 6] * 8 + [french * 6])
    passages = split(parse_bytes(text.encode(), "a.txt"))
    assert passages[0].language == "en"
    assert passages[-1].language == "fr"


def test_sizes_are_checked() -> None:
    with pytest.raises(ValueError, match="min_words"):
        split(document_of([]), min_words=50, max_words=40)


words = st.text(st.sampled_from("abc .:;,!?\n•–éД"), min_size=1, max_size=400)
block = st.tuples(
    st.sampled_from([k for k in BlockType if k is not BlockType.HEADER_FOOTER]),
    words.map(str.strip).filter(bool),
    st.sampled_from([(), ("A",), ("A", "B")]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(block, max_size=14), st.integers(1, 12), st.integers(0, 30), st.booleans())
def test_offsets_hold_for_any_document(
    blocks: list[Made], least: int, more: int, boxes: bool
) -> None:
    document = document_of(blocks, boxes=boxes)
    passages = split(document, min_words=least, max_words=least + more)
    check(document, passages, least, least + more)
    kept = "".join(p.text for p in passages)
    for made in document.blocks:
        letters = [c for c in document.text[made.start : made.end] if c.isalpha()]
        if made.type is not BlockType.HEADING:
            assert all(letter in kept for letter in letters)


@given(
    st.text(st.sampled_from("ab. AB!?\n1)(”…"), max_size=200), st.sampled_from(["en", "de", "zh"])
)
def test_sentences_cover_every_character(text: str, language: str) -> None:
    at = 0
    for start, end in sentences(text, language):
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        at = end
    assert not text[at:].strip()
