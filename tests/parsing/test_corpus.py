"""Real documents: what was once seen on their rendered pages. Skipped where they are absent."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from parsing_helpers import blocks, check

from miner.document import BlockType, Document
from miner.errors import MinerError, OcrUnavailable, UnreadableDocument
from miner.parsing import ParseOptions, ocr, parse
from miner.passages import split


@lru_cache(maxsize=32)
def _read(path: Path) -> Document:
    document = parse(path, options=ParseOptions(ocr="off"))
    check(document)
    return document


@pytest.fixture
def corpus(shared: Path) -> Path:
    return shared / "corpus"


def in_order(text: str, *marks: str) -> bool:
    places = [text.find(mark) for mark in marks]
    return -1 not in places and places == sorted(places)


def test_three_columns_of_the_federal_register(corpus: Path) -> None:
    document = _read(corpus / "us_federal_register_pdf/doi_05_15_2018.pdf")
    first = document.text[document.pages[0].start : document.pages[0].end]
    # First column's last words go on at the second's first; then the third.
    assert "imposed on parties to the World Trade" in first
    assert in_order(
        first, "FCC Form 312", "BILLING CODE", "SUMMARY:", "SUPPLEMENTARY", "existence."
    )
    assert "Vol. 83, No. 94" not in document.text


def test_two_columns_of_the_us_strategy(corpus: Path) -> None:
    document = _read(corpus / "cyber_pdf/US_2018_National-Cyber-Strategy.pdf")
    assert {page.status for page in document.pages} == {"text", "empty"}
    headings = blocks(document, BlockType.HEADING)
    assert any(h.startswith("PILLAR I Protect the American People") for h in headings)
    assert "Protecting the American people, the" in document.text
    assert "FURTHER CENTRALIZE MANAGEMENT AND OVERSIGHT" in document.text
    page = document.pages[14]
    text = document.text[page.start : page.end]
    assert in_order(
        text, "OBJECTIVE:", "Secure Federal Networks", "cross-agency", "Priority Actions"
    )


def test_laws_have_their_articles_as_sections(corpus: Path) -> None:
    for name in (
        "eu_law_pdf/CELEX_32016R0679_EN_TXT.pdf",
        "cyber_pdf/EU_2022_NIS2-directive_b.pdf",
    ):
        document = _read(corpus / name)
        headings = blocks(document, BlockType.HEADING)
        articles = [h for h in headings if h.startswith("Article ")]
        assert len(articles) > 40
        assert any(h == "Article 4 Definitions" or h == "Article 6 Definitions" for h in headings)
        # Only the annex's turned pages keep their running heads.
        assert document.text.count("EN Official Journal of the") < 10


def test_numbered_paragraphs_of_the_un_are_body(corpus: Path) -> None:
    document = _read(corpus / "un_upr_pdf/albania2014.pdf")
    assert "I. Summary of the proceedings of the review process" in blocks(
        document, BlockType.HEADING
    )
    body = blocks(document, BlockType.BODY)
    assert sum(text[:2].rstrip(".").isdigit() for text in body) > 30


def test_doubled_letters_are_seen(corpus: Path) -> None:
    document = _read(corpus / "ncss_txt/Brunei_2010_unpan042980.txt")
    assert len(document.pages) == 29
    assert min(page.quality for page in document.pages) < 0.6
    assert any("doubled letters" in warning for warning in document.warnings)
    assert "What does the future hold?" in document.text


def test_one_garbled_page_of_a_good_document(corpus: Path) -> None:
    document = _read(corpus / "ncss_txt/Bangladesh_10041_41196.txt")
    assert [page.status for page in document.pages[:3]] == ["garbled", "text", "text"]
    assert document.language == "en"


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("ncss_txt/Greek_National_Cyber_Strategy_IN_GREEK_ver_2.txt", "el"),
        ("ncss_txt/Russia_2014_Orig_Draft_41d4b3dfbdb25cea8a73.txt", "ru"),
        ("ncss_txt/Azerbaijan_2004_Orig.txt", "az"),
        ("ncss_txt/SEDEN_IN_SWEDISH-NCSS.txt", "sv"),
        ("indc_pdf/SAU_Saudi-Arabia_INDC_Arabic.pdf", "ar"),
        ("indc_pdf/QAT_Qatar_INDC_Arabic.pdf", "ar"),
        ("indc_pdf/SEN_Senegal_INDC_French.pdf", "fr"),
    ],
)
def test_other_languages_and_scripts_are_not_garbled(
    corpus: Path, name: str, language: str
) -> None:
    document = _read(corpus / name)
    assert document.language == language
    assert {page.status for page in document.pages} <= {"text", "empty"}
    assert min(page.quality for page in document.pages) > 0.85
    passages = split(document)
    assert sum(p.language == language for p in passages) >= 0.9 * len(passages)


@pytest.mark.parametrize(
    ("name", "letters", "pages"),
    [
        ("ncss_txt/Korea_RepublicOf_2011_KOR_NCSS_2011.txt", 0, 5),
        ("ncss_txt/Latvia_2014_LVA_CSS_2014-2018.txt", 29, 28),
    ],
)
def test_texts_of_scans_are_refused(corpus: Path, name: str, letters: int, pages: int) -> None:
    with pytest.raises(UnreadableDocument, match=f"{letters} letters in {pages} pages.*scan"):
        _read(corpus / name)


def test_scans_need_ocr(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    for name in ("IDN_Indonesia_INDC_English.pdf", "SRB_Serbia_INDC_English.pdf"):
        with pytest.raises(OcrUnavailable, match="tesseract"):
            parse(corpus / "indc_pdf" / name)
    partly = parse(corpus / "indc_pdf/BRN_Brunei_INDC_English.pdf")
    assert partly.pages[1].status == "unread"
    assert any("Page 2" in warning for warning in partly.warnings)


@pytest.mark.skipif(not ocr.available(), reason="tesseract is not installed")
def test_a_real_scan_is_recognised(corpus: Path) -> None:
    document = parse(corpus / "indc_pdf/PHL_Philippines_INDC_Addendum_English.pdf")
    assert [page.status for page in document.pages] == ["ocr"]
    assert "CLIMATE CHANGE COMMISSION" in document.text


def test_footnotes_and_contents_of_a_text(corpus: Path) -> None:
    document = _read(corpus / "ncss_txt/SLOVAKIA_NCSS_-2.txt")
    assert len(blocks(document, BlockType.FOOTNOTE)) > 10
    contents = " ".join(blocks(document, BlockType.CONTENTS))
    assert "List of annexes" in contents
    assert ("2 Basis and Principles of Cyber Security",) in {
        block.heading_path for block in document.blocks
    }


def test_block_types_over_the_texts_are_plausible(corpus: Path) -> None:
    shares: dict[BlockType, int] = dict.fromkeys(BlockType, 0)
    lengths: list[int] = []
    taken = 0
    for path in sorted((corpus / "ncss_txt").iterdir()):
        try:
            document = parse(path)
        except MinerError:
            continue
        taken += 1
        for block in document.blocks:
            shares[block.type] += block.end - block.start
        lengths += [len(passage.text.split()) for passage in split(document)]
    total = sum(shares.values())
    assert taken >= 65
    assert shares[BlockType.CONTENTS] < 0.05 * total
    assert shares[BlockType.HEADING] < 0.05 * total
    assert shares[BlockType.BODY] + shares[BlockType.LIST] > 0.85 * total
    assert max(lengths) <= 180
    assert sum(length < 40 for length in lengths) < 0.15 * len(lengths)
