"""Word: paragraphs, lists, tables and footnotes of a .docx file, in order."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from zipfile import BadZipFile

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from miner.document import BlockType
from miner.errors import UnreadableDocument
from miner.parsing import marks
from miner.parsing.characters import clean, squeeze
from miner.parsing.drafts import Draft

_HEADING = re.compile(r"^(?:heading|titre|überschrift|título|titolo)\s*(\d)", re.IGNORECASE)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def drafts_of(data: bytes, name: str) -> list[Draft]:
    """The blocks of a Word file; Word stores no pages, all is page 1.

    Raises UnreadableDocument where the file is damaged.
    """
    try:
        document = docx.Document(io.BytesIO(data))
        drafts: list[Draft] = []
        for part in document.iter_inner_content():
            drafts += _table(part) if isinstance(part, Table) else _paragraph(part)
        drafts += _notes(document)
    except (OpcError, BadZipFile, KeyError, ValueError, AttributeError, etree.LxmlError) as error:
        raise UnreadableDocument(
            name, "the Word file is damaged", "Open and save it in Word, or give a PDF"
        ) from error
    return [draft for draft in drafts if draft.text]


def _paragraph(paragraph: Paragraph) -> Iterator[Draft]:
    text = squeeze(clean(paragraph.text.replace("\n", " ")))
    style = (paragraph.style.name if paragraph.style is not None else "") or ""
    heading = _HEADING.match(style)
    if heading is not None:
        yield Draft(BlockType.HEADING, text).with_level(int(heading.group(1)))
    elif style in ("Title", "Titel", "Titre", "Título"):
        yield Draft(BlockType.HEADING, text, level=1)
    elif style.lower().startswith("toc ") or style.lower().startswith("table of figures"):
        yield Draft(BlockType.CONTENTS, text)
    elif _is_item(paragraph, style):
        yield Draft(BlockType.LIST, text, tight=True)
    elif style.lower().startswith(("bibliography", "literaturverzeichnis")):
        yield Draft(BlockType.REFERENCE, text)
    elif _is_bold_line(paragraph, text):
        yield Draft(BlockType.HEADING, text, level=5)
    else:
        kind = BlockType.LIST if marks.is_bullet(text) else BlockType.BODY
        yield Draft(kind, text, tight=kind is BlockType.LIST)


def _is_item(paragraph: Paragraph, style: str) -> bool:
    properties = paragraph._p.pPr
    return style.lower().startswith("list") or (
        properties is not None and properties.numPr is not None
    )


def _is_bold_line(paragraph: Paragraph, text: str) -> bool:
    """Many authors set headings by hand: a short bold line without a full stop."""
    runs = [run for run in paragraph.runs if run.text.strip()]
    return (
        bool(runs)
        and all(run.bold for run in runs)
        and len(text.split()) <= 14
        and text[-1:] not in ".:;,"
    )


def _table(table: Table) -> Iterator[Draft]:
    rows = []
    for row in table.rows:
        cells: list[str] = []
        seen: set[int] = set()
        for cell in row.cells:  # merged cells come once for every column they span
            if id(cell._tc) not in seen:
                seen.add(id(cell._tc))
                cells.append(squeeze(clean(cell.text.replace("\n", " "))))
        rows.append(" | ".join(cell for cell in cells if cell))
    yield Draft(BlockType.TABLE, "\n".join(row for row in rows if row))


def _notes(document: object) -> Iterator[Draft]:
    """Footnotes and endnotes, after the text: python-docx does not read them itself."""
    relations = document.part.rels.values()  # type: ignore[attr-defined]
    for relation in relations:
        if relation.reltype not in (RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.ENDNOTES):
            continue
        root = etree.fromstring(relation.target_part.blob)
        for note in root:
            words = "".join(node.text or "" for node in note.iter(f"{_W}t"))
            if note.get(f"{_W}type") is None and words.strip():
                yield Draft(BlockType.FOOTNOTE, squeeze(clean(words)))
