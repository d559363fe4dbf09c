from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from parsing_helpers import PROSE, blocks, check, put, wrapped
from reportlab.lib import pdfencrypt

from miner.document import BlockType, Document
from miner.errors import MinerError, OcrUnavailable, TooLarge, UnreadableDocument
from miner.parsing import ParseOptions, ocr, parse_bytes

MakePdf = Callable[..., bytes]


def read(data: bytes, **options: Any) -> Document:
    document = parse_bytes(data, "a.pdf", options=ParseOptions(**options))
    check(document)
    return document


def column(letter: str, lines: int) -> list[str]:
    return [f"{letter}{n} words of column prose in line {n} here" for n in range(lines)]


@pytest.mark.parametrize("across", [False, True])
def test_columns_are_read_one_after_the_other(make_pdf: MakePdf, across: bool) -> None:
    def draw(canvas: Any) -> None:
        put(canvas, ["A title that goes over all of the columns of this page"], 60, 780, 16)
        left, middle, right = column("L", 20), column("M", 20), column("R", 20)
        if across:  # printed line by line over the columns, as some makers do
            for n in range(20):
                y = 740 - 10 * n
                for x, lines in ((30, left), (215, middle), (400, right)):
                    put(canvas, [lines[n]], x, y, 8)
        else:
            for x, lines in ((400, right), (30, left), (215, middle)):
                put(canvas, lines, x, 740, 8)

    document = read(make_pdf(draw))
    found = [word for word in document.text.split() if word[0] in "LMR" and word[1:].isdigit()]
    assert found == [f"{letter}{n}" for letter in "LMR" for n in range(20)]


def test_a_heading_over_two_columns_parts_them(make_pdf: MakePdf) -> None:
    def draw(canvas: Any) -> None:
        put(canvas, column("A", 10), 60, 780, 10)
        put(canvas, column("B", 10), 320, 780, 10)
        put(canvas, ["Middle heading over the two columns of this page"], 120, 630, 18)
        put(canvas, column("C", 10), 60, 590, 10)
        put(canvas, column("D", 10), 320, 590, 10)

    text = read(make_pdf(draw)).text
    places = [text.index(mark) for mark in ("A0", "A9", "B0", "B9", "Middle", "C0", "D0")]
    assert places == sorted(places)


def test_headings_by_size_and_weight_have_paths(make_pdf: MakePdf) -> None:
    def draw(canvas: Any) -> None:
        y = put(canvas, ["Chapter on networks"], 60, 780, 20) - 10
        for title in ("First part", "Second part"):
            canvas.setFont("Helvetica-Bold", 10)
            canvas.drawString(60, y, title)
            y = put(canvas, wrapped(PROSE * 2, 80), 60, y - 20, 10) - 14

    document = read(make_pdf(draw))
    assert blocks(document, BlockType.HEADING) == [
        "Chapter on networks",
        "First part",
        "Second part",
    ]
    bodies = [b for b in document.blocks if b.type is BlockType.BODY]
    assert [b.heading_path[-1] for b in bodies] == ["First part", "Second part"]
    assert all(b.heading_path[0] == "Chapter on networks" for b in bodies)
    lines = len(wrapped(PROSE * 2, 80))
    assert len(bodies[0].boxes) == lines
    assert all(0 < box.y0 < box.y1 < 842 and box.x0 >= 59 for b in bodies for box in b.boxes)


def test_running_heads_and_page_numbers_go(make_pdf: MakePdf) -> None:
    def page(number: int) -> Callable[[Any], None]:
        def draw(canvas: Any) -> None:
            put(canvas, ["Strategy of Erewhon"], 60, 810, 8)
            put(canvas, [f"Page {number} of 4"], 280, 30, 8)
            put(canvas, wrapped(("x" * number + " " + PROSE) * 3, 80), 60, 760, 10)

        return draw

    document = read(make_pdf(*(page(n) for n in range(1, 5))))
    assert "Erewhon" not in document.text
    assert "of 4" not in document.text


def test_paragraphs_by_indent_and_by_space(make_pdf: MakePdf) -> None:
    def draw(canvas: Any) -> None:
        y = 780.0
        for _ in range(3):
            first, *rest = wrapped(PROSE, 70)
            y = put(canvas, [first], 75, y)
            y = put(canvas, rest, 60, y)
        put(canvas, wrapped(PROSE, 70), 60, y - 12)

    assert len(read(make_pdf(draw)).blocks) == 4


def test_footnotes_stand_apart_and_the_sentence_goes_on(make_pdf: MakePdf) -> None:
    lines = wrapped(PROSE * 2, 80)

    def first(canvas: Any) -> None:
        put(canvas, lines[:-2], 60, 780)
        put(canvas, ["1 See the report of the ministry of the interior, 2014."], 60, 90, 7)

    def second(canvas: Any) -> None:
        put(canvas, lines[-2:], 60, 780)

    document = read(make_pdf(first, second))
    assert blocks(document, BlockType.FOOTNOTE) == [
        "1 See the report of the ministry of the interior, 2014."
    ]
    assert blocks(document, BlockType.BODY) == [" ".join(lines)]
    boxes = next(b for b in document.blocks if b.type is BlockType.BODY).boxes
    assert {box.page for box in boxes} == {1, 2}


def test_ruled_tables_become_rows(make_pdf: MakePdf) -> None:
    def draw(canvas: Any) -> None:
        put(canvas, wrapped(PROSE, 80), 60, 780)
        for n in range(4):
            canvas.line(60, 700 - 20 * n, 360, 700 - 20 * n)
        for n in range(4):
            canvas.line(60 + 100 * n, 640, 60 + 100 * n, 700)
        for row in range(3):
            for cell in range(3):
                put(canvas, [f"Cell {row}{cell}"], 65 + 100 * cell, 686 - 20 * row)
        put(canvas, wrapped(PROSE, 80), 60, 600)

    document = read(make_pdf(draw))
    assert blocks(document, BlockType.TABLE) == [
        "Cell 00 | Cell 01 | Cell 02\nCell 10 | Cell 11 | Cell 12\nCell 20 | Cell 21 | Cell 22"
    ]
    assert len(blocks(document, BlockType.BODY)) == 2
    plain = read(make_pdf(draw), tables=False)
    assert all(f"Cell {r}{c}" in plain.text for r in range(3) for c in range(3))


def test_failing_tables_never_lose_text(make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no")

    monkeypatch.setattr("miner.parsing.pdf.tables_of", broken)
    assert PROSE in read(make_pdf(lambda canvas: put(canvas, wrapped(PROSE, 80), 60, 700))).text


def test_rotated_pages_and_margin_stamps(make_pdf: MakePdf) -> None:
    def draw(canvas: Any) -> None:
        put(canvas, wrapped(PROSE * 2, 80), 60, 700)
        canvas.saveState()
        canvas.rotate(90)
        put(canvas, ["Printed by the office of the state"], 200, -30, 8)
        canvas.restoreState()

    document = read(make_pdf(draw))
    assert document.text.endswith("Printed by the office of the state")
    assert PROSE in document.text


def test_blank_and_tinted_pages_are_empty(make_pdf: MakePdf) -> None:
    def tint(canvas: Any) -> None:
        canvas.setFillGray(0.9)
        canvas.rect(20, 20, 500, 700, fill=1, stroke=0)

    def prose(canvas: Any) -> None:
        put(canvas, wrapped(PROSE, 80), 60, 780)

    document = read(make_pdf(prose, tint, lambda _: None))
    assert [page.status for page in document.pages] == ["text", "empty", "empty"]
    with pytest.raises(UnreadableDocument, match="blank"):
        read(make_pdf(lambda _: None))


def scan(canvas: Any) -> None:
    """A page whose text is an image."""
    from PIL import Image, ImageDraw, ImageFont
    from reportlab.lib.utils import ImageReader

    image = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(image)
    for n, line in enumerate(wrapped(PROSE, 50)):
        pen.text((120, 150 + 60 * n), line, fill=0, font=ImageFont.load_default(40))
    canvas.drawImage(ImageReader(image), 0, 0, 595, 842)


def test_a_scan_without_an_engine(make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    with pytest.raises(OcrUnavailable, match=r"pages 1 to 2.*tesseract"):
        read(make_pdf(scan, scan))

    def prose(canvas: Any) -> None:
        put(canvas, wrapped(PROSE, 80), 60, 780)

    document = read(make_pdf(prose, scan))
    assert [page.status for page in document.pages] == ["text", "unread"]
    assert any("Page 2" in warning for warning in document.warnings)


@pytest.mark.skipif(not ocr.available(), reason="tesseract is not installed")
def test_a_scan_with_an_engine(make_pdf: MakePdf) -> None:
    document = read(make_pdf(scan))
    assert [page.status for page in document.pages] == ["ocr"]
    assert "security of networks" in document.text
    box = document.blocks[0].boxes[0]
    assert 40 < box.x0 < 75
    assert 60 < box.y0 < 95
    with pytest.raises(OcrUnavailable):
        read(make_pdf(scan), ocr="off")


def test_a_failing_engine_is_named(make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: True)
    monkeypatch.setattr(ocr, "_languages", lambda: "eng")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnreadableDocument, match="page 1"):
        read(make_pdf(scan))


def test_encrypted_files(make_pdf: MakePdf) -> None:
    def prose(canvas: Any) -> None:
        put(canvas, wrapped(PROSE, 80), 60, 780)

    data = make_pdf(prose, encrypt=pdfencrypt.StandardEncryption("secret", "owner"))
    with pytest.raises(UnreadableDocument, match=r"encrypted.*[Pp]assword"):
        read(data)
    with pytest.raises(UnreadableDocument, match="wrong"):
        read(data, password="other")
    assert PROSE in read(data, password="secret").text


def test_truncated_and_damaged_files(make_pdf: MakePdf) -> None:
    data = make_pdf(*[lambda canvas: put(canvas, wrapped(PROSE, 80), 60, 780)] * 3)
    for cut in range(0, len(data), max(1, len(data) // 23)):
        for damaged in (data[:cut], data[:cut] + bytes(40) + data[cut + 40 :]):
            with contextlib.suppress(MinerError):
                read(damaged)


def test_too_many_pages(make_pdf: MakePdf) -> None:
    with pytest.raises(TooLarge, match="3 pages"):
        read(make_pdf(*[lambda canvas: put(canvas, [PROSE], 60, 780)] * 3), max_pages=2)


def test_drop_caps_and_spaced_titles(make_pdf: MakePdf) -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont("Helvetica", 14)
        x = 60.0
        for letter in "PRIORITY":
            canvas.drawString(x, 800, letter)
            x += 16
        canvas.setFont("Helvetica", 30)
        canvas.drawString(60, 730, "P")
        lines = wrapped("rotecting " + PROSE, 60)
        put(canvas, lines[:2], 84, 742)
        put(canvas, lines[2:], 60, 718)

    text = read(make_pdf(draw)).text
    assert "PRIORITY" in text
    assert "Protecting The government" in text
