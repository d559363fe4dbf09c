from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsing_helpers import blocks, check

from miner.document import BlockType, Document
from miner.errors import MinerError
from miner.parsing import parse_bytes
from miner.parsing.hyphens import join, vocabulary_of


def read(text: str, name: str = "a.txt") -> Document:
    return parse_bytes(text.encode(), name)


PARAGRAPH = (
    "The government will strengthen the security of all its networks and\n"
    "will report each year to parliament on the progress that has been made\n"
    "by the ministries and by the agencies which are concerned with them."
)


def varied(number: int) -> str:
    """The paragraph with other words in every line."""
    lines = PARAGRAPH.split("\n")
    return "\n".join(f"{'abcdefghijkl'[number] * 3} {line}" for line in lines)


def page(number: int, body: str) -> str:
    return f"National Strategy of Erewhon 2030\n\n{body}\n\n{number}\n"


def test_paragraphs_are_reflowed_and_furniture_is_dropped() -> None:
    document = read("\f".join(page(number, varied(number)) for number in range(1, 6)))
    assert "Erewhon" not in document.text
    assert not any(character.isdigit() for character in document.text)
    assert "networks and ccc will report" in document.text
    assert [p.number for p in document.pages] == [1, 2, 3, 4, 5]
    assert [b.page for b in document.blocks] == [1, 2, 3, 4, 5]


def test_lines_that_only_look_alike_modulo_digits_stay() -> None:
    pages = [f"Article {n * n + 3}\n\n{varied(n)}" for n in range(1, 8)]
    assert "Article 12" in read("\f".join(pages)).text


def test_hyphens_are_healed_by_the_documents_own_words() -> None:
    text = (
        "The capability of the state and its risk-based approach are described here in full.\n"
        "This strategy builds the capa-\nbility of all and a risk-\nbased view of multi-\n"
        "stakeholder work with every stakeholder that has a part in the making of policy."
    )
    document = read(text)
    assert "builds the capability of all" in document.text
    assert "a risk-based view of multi-stakeholder work" in document.text


def test_join_keeps_names_numbers_and_addresses() -> None:
    words = vocabulary_of(["the Anglo American year"])
    assert join("the Anglo-", "American year", words) == "the Anglo-American year"
    assert join("in 2014-", "2020 and", words) == "in 2014-2020 and"
    assert join("see http://a.org/", "page", words) == "see http://a.org/page"
    assert join("infor\u00ad", "mation", words) == "information"


def test_a_sentence_that_runs_over_a_page_is_one_paragraph() -> None:
    first = PARAGRAPH + "\nThe second paragraph goes over to the next of the pages because it is"
    second = (
        "so long that one page could not hold it in the width that it was given.\n\n" + PARAGRAPH
    )
    document = read("\f".join([first, second, PARAGRAPH]))
    joined = next(b for b in document.blocks if "goes over" in document.text[b.start : b.end])
    text = document.text[joined.start : joined.end]
    assert "because it is so long" in text
    start = document.pages[1].start
    assert document.text[start:].startswith("so long")


def test_headings_numbers_and_paths() -> None:
    text = (
        f"1 INTRODUCTION\n\n{PARAGRAPH}\n\n2 Goals\n\n{PARAGRAPH}\n\n"
        f"2.1 Safe networks\n\n{PARAGRAPH}\n\n"
        f"2.2 Skilled people\n\n{PARAGRAPH}\n\n3 Outlook\n\n{PARAGRAPH}\n"
    )
    document = read(text)
    assert blocks(document, BlockType.HEADING) == [
        "1 INTRODUCTION",
        "2 Goals",
        "2.1 Safe networks",
        "2.2 Skilled people",
        "3 Outlook",
    ]
    body = [b for b in document.blocks if b.type is BlockType.BODY]
    assert [b.heading_path for b in body] == [
        ("1 INTRODUCTION",),
        ("2 Goals",),
        ("2 Goals", "2.1 Safe networks"),
        ("2 Goals", "2.2 Skilled people"),
        ("3 Outlook",),
    ]
    heading = next(b for b in document.blocks if b.level == 2)
    assert heading.heading_path == ("2 Goals",)


def test_a_heading_without_number_stands_alone() -> None:
    document = read(f"{PARAGRAPH}\n\nA more insidious threat\n\n{PARAGRAPH}\n")
    assert blocks(document, BlockType.HEADING) == ["A more insidious threat"]


def test_names_in_a_row_are_no_headings() -> None:
    names = "\n\n".join(["Ministry of Defence", "Ministry of Finance", "Police", "Central Bank"])
    document = read(f"{PARAGRAPH}\n\n{names}\n\nCourt of Audit\n\n{PARAGRAPH}\n")
    assert len(blocks(document, BlockType.HEADING)) <= 1


def test_lists_keep_one_block_an_item() -> None:
    items = "• protect the networks of the\n  state;\n• train people; and\n(a) report."
    text = f"{PARAGRAPH}\n\nWe will:\n{items}"
    document = read(text)
    assert blocks(document, BlockType.LIST) == [
        "• protect the networks of the state;",
        "• train people; and",
        "(a) report.",
    ]


def test_bullets_set_apart_from_their_items() -> None:
    document = read(f"{PARAGRAPH}\n\n•\n•\n\nFirst item of these.\n\nSecond item of these.\n")
    assert blocks(document, BlockType.LIST) == ["• First item of these.", "• Second item of these."]


def test_contents_pages() -> None:
    contents = "\n".join(f"{n} Chapter about things {'.' * 30} {n * 4}" for n in range(1, 8))
    document = read(f"Contents\n\n{contents}\n\f{PARAGRAPH}\n\f{PARAGRAPH}")
    assert len(blocks(document, BlockType.CONTENTS)) == 1
    assert blocks(document, BlockType.BODY) == [" ".join(PARAGRAPH.split("\n"))] * 2


def test_contents_with_numbers_in_a_column_of_their_own() -> None:
    text = "Table of Contents\n\nForeword\n\n1 Goals\n\n2 Means\n\nAnnex\n\n3\n\n5\n\n9\n"
    document = read(f"{text}\f{PARAGRAPH}")
    assert {b.type for b in document.blocks if b.page == 1} == {BlockType.CONTENTS}


def test_ordinary_prose_is_never_contents() -> None:
    lines = "\n".join(
        f"Spending will grow to the sum of {n} million by {2000 + n}" for n in (3, 5, 8)
    )
    document = read(f"{PARAGRAPH}\n{lines}.\n\n{PARAGRAPH}")
    assert blocks(document, BlockType.CONTENTS) == []


def test_footnotes_and_references() -> None:
    notes = "1 See the report of the ministry, 2014.\n2 Regulation 460/2004 of the Union, OJ L 77."
    end = (
        "References\n\nSmith, J. (2010). On networks. London.\n\nDoe, A. (2011). On states. Paris."
    )
    document = read(f"{PARAGRAPH}\n\n{PARAGRAPH}\n\n{notes}\n\f{PARAGRAPH}\n\n{end}\n")
    assert len(blocks(document, BlockType.FOOTNOTE)) == 2
    assert len(blocks(document, BlockType.REFERENCE)) == 2


def test_page_lines_part_pages() -> None:
    text = "\n".join(f"----------- Page {n}-----------\n\n{varied(n)}\n" for n in range(1, 5))
    document = read(text)
    assert len(document.pages) == 4
    assert "Page" not in document.text


def test_double_spaced_pages() -> None:
    document = read(PARAGRAPH.replace("\n", "\n\n") + "\n\n\n" + PARAGRAPH.replace("\n", "\n\n"))
    assert "networks and will report" in document.text


def test_layout_tables_become_rows() -> None:
    rows = "\n".join(f"Goal {n}      Ministry of {w}      201{n}" for n, w in enumerate("ABCDE"))
    document = read(f"{PARAGRAPH}\n\n{rows}\n\n{PARAGRAPH}")
    assert blocks(document, BlockType.TABLE)[0].split("\n")[0] == "Goal 0 | Ministry of A | 2010"


def test_letter_spacing_ligatures_and_doubled_print() -> None:
    text = "P R I O R I T Y   O N E\n\nO\ufb03ce \ufb01les\n\nWWhhaatt  ddooeess iitt  hhoolldd"
    document = read(f"{text}\n\n{PARAGRAPH}")
    assert "PRIORITY ONE" in document.text
    assert "Office files" in document.text
    assert "What does it hold" in document.text
    assert any("doubled letters" in warning for warning in document.warnings)


@given(st.text(st.characters(codec="utf-8"), max_size=600))
def test_any_text_gives_sound_offsets_or_a_named_refusal(text: str) -> None:
    try:
        document = read(text + "\n" + PARAGRAPH)
    except MinerError:
        return
    check(document)


@pytest.mark.parametrize("name", ["a.md", "a.html", "a.txt"])
def test_empty_pages_do_not_break_spans(name: str) -> None:
    check(read(f"\f\f{PARAGRAPH}\f\f{PARAGRAPH}\f", name))
