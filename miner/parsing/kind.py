"""Kind: what a file is, told from its bytes; the name only breaks ties."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum
from pathlib import PurePath

from miner.errors import NoText, UnreadableDocument, UnsupportedFormat


class Kind(StrEnum):
    """The kinds that can be read; the value is the media type."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    HTML = "text/html"
    MARKDOWN = "text/markdown"
    TEXT = "text/plain"


_SUFFIXES = {
    ".pdf": Kind.PDF,
    ".docx": Kind.DOCX,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
}
_BINARY: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a legacy Office file (.doc)", "Save it as .docx or PDF"),
    (b"{\\rtf", "a Rich Text file", "Save it as .docx or PDF"),
    (b"\x89PNG", "a PNG image", "Put its pages into a PDF"),
    (b"\xff\xd8\xff", "a JPEG image", "Put its pages into a PDF"),
    (b"GIF8", "a GIF image", "Put its pages into a PDF"),
    (b"II*\x00", "a TIFF image", "Put its pages into a PDF"),
    (b"MM\x00*", "a TIFF image", "Put its pages into a PDF"),
    (b"BM", "a bitmap image", "Put its pages into a PDF"),
    (b"\x1f\x8b", "a gzip archive", "Unpack it and give the documents"),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it and give the documents"),
    (b"Rar!", "a RAR archive", "Unpack it and give the documents"),
    (b"%!PS", "a PostScript file", "Convert it to PDF"),
    (b"\x7fELF", "a program", "Give a PDF, text, Markdown, HTML or Word (.docx) file"),
    (b"SQLite format 3", "a database", "Give a PDF, text, Markdown, HTML or Word (.docx) file"),
)
_TAKEN = "Give a PDF, text, Markdown, HTML or Word (.docx) file"
_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")


def sniff(data: bytes, name: str) -> tuple[Kind, str | None]:
    """The kind of `data`, and a warning where the name says something else.

    Raises UnreadableDocument for no bytes, UnsupportedFormat for a kind that is not taken.
    """
    if not data:
        raise NoText(name, "the file is empty (0 bytes)", "Fetch the file again")
    kind = _from_bytes(data, name)
    said = _SUFFIXES.get(PurePath(name).suffix.lower())
    if kind is Kind.TEXT and said is Kind.MARKDOWN:
        kind = Kind.MARKDOWN
    if said is None or said is kind:
        return kind, None
    return kind, f"The name ends in {PurePath(name).suffix}, but the file is {kind.value}."


def _from_bytes(data: bytes, name: str) -> Kind:
    # PDF readers accept up to a kilobyte of rubbish before the header.
    if b"%PDF-" in data[:1024]:
        return Kind.PDF
    if data[:4] == b"PK\x03\x04":
        if _is_docx(data, name):
            return Kind.DOCX
        raise UnsupportedFormat(name, "it is a zip archive, not a Word file", _TAKEN)
    for magic, what, advice in _BINARY:
        if data.startswith(magic) and (len(magic) > 2 or b"\x00" in data[:64]):
            raise UnsupportedFormat(name, f"it is {what}", advice)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        raise UnsupportedFormat(name, "it is a WebP image", "Put its pages into a PDF")
    head = data[:65536]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_utf16(head):
        return Kind.TEXT
    # Text made from PDFs holds a stray control character now and then; binary is full of them.
    if len(_CONTROL.findall(head)) > 2 + 0.01 * len(head):
        raise UnsupportedFormat(name, "it is binary data of no known kind", _TAKEN)
    return Kind.HTML if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")) else Kind.TEXT


def _is_docx(data: bytes, name: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        # The central directory is at the end: a zip that starts well and has none was cut off.
        if b"word/" in data or name.lower().endswith(".docx"):
            raise UnreadableDocument(
                name, "the Word file is cut off or damaged", "Fetch the file again"
            ) from error
        return False


def _looks_utf16(head: bytes) -> bool:
    """UTF-16 without a mark: every second byte of Latin text is zero."""
    even, odd = head[:2000:2], head[1:2000:2]
    if len(odd) < 8:
        return False
    share_even, share_odd = even.count(0) / len(even), odd.count(0) / len(odd)
    return max(share_even, share_odd) > 0.7 and min(share_even, share_odd) < 0.05
