from __future__ import annotations

import io

import docx
import pytest
from parsing_helpers import PROSE, blocks, check

from miner.document import BlockType
from miner.errors import UnreadableDocument
from miner.parsing import parse_bytes

MARKDOWN = f"""---
title: x
---
# Strategy

{PROSE}

## Goals

Intro with **bold** and a [link](https://a.b):

- first goal
- second goal
  1. nested

| Goal | Owner |
|---|---|
| Safe | Police |
"""
HTML = f"""<!DOCTYPE html><html><head><title>x</title><style>p {{}}</style></head><body>
<header>Site name</header><nav><ul><li>Menu</li></ul></nav><script>var a = 1;</script>
<main><h1>Strategy</h1><p>{PROSE}</p>loose text<h2>Go<em>als</em></h2>
<ul><li>first goal<ul><li>inner</li></ul></li><li><p>second goal</p></li></ul>
<table><tr><th>Goal</th><th>Owner</th></tr><tr><td>Safe</td><td>Police</td></tr></table>
<p>Line one<br>line&nbsp;two &amp; more</p></main><footer>Imprint</footer></body></html>"""


def test_markdown() -> None:
    document = parse_bytes(MARKDOWN.encode(), "a.md")
    check(document)
    assert document.media_type == "text/markdown"
    assert blocks(document, BlockType.HEADING) == ["Strategy", "Goals"]
    assert blocks(document, BlockType.LIST) == ["first goal", "second goal", "nested"]
    assert blocks(document, BlockType.TABLE) == ["Goal | Owner\nSafe | Police"]
    assert blocks(document, BlockType.BODY) == [PROSE, "Intro with bold and a link:"]
    assert document.blocks[-1].heading_path == ("Strategy", "Goals")


def test_html() -> None:
    document = parse_bytes(HTML.encode(), "a.html")
    check(document)
    assert blocks(document, BlockType.HEADING) == ["Strategy", "Goals"]
    assert blocks(document, BlockType.LIST) == ["first goal", "inner", "second goal"]
    assert blocks(document, BlockType.TABLE) == ["Goal | Owner\nSafe | Police"]
    assert blocks(document, BlockType.BODY) == [PROSE, "loose text", "Line one line two & more"]
    for dropped in ("Menu", "var a", "Site name", "Imprint"):
        assert dropped not in document.text


def test_html_without_text() -> None:
    with pytest.raises(UnreadableDocument):
        parse_bytes(b"<html><body><script>x()</script></body></html>", "a.html")


def test_word() -> None:
    made = docx.Document()
    made.add_heading("Strategy", 1)
    made.add_paragraph(PROSE)
    made.add_heading("Goals", 2)
    made.add_paragraph("first goal", style="List Bullet")
    table = made.add_table(rows=2, cols=2)
    for row, texts in enumerate((("Goal", "Owner"), ("Safe", "Police"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    made.add_paragraph().add_run("Set by hand").bold = True
    made.add_paragraph(PROSE)
    stream = io.BytesIO()
    made.save(stream)
    document = parse_bytes(stream.getvalue(), "a.docx")
    check(document)
    assert blocks(document, BlockType.HEADING) == ["Strategy", "Goals", "Set by hand"]
    assert blocks(document, BlockType.LIST) == ["first goal"]
    assert blocks(document, BlockType.TABLE) == ["Goal | Owner\nSafe | Police"]
    assert document.blocks[-1].heading_path == ("Strategy", "Goals", "Set by hand")
    cut = stream.getvalue()[:-200]
    with pytest.raises(UnreadableDocument, match=r"a\.docx"):
        parse_bytes(cut, "a.docx")
