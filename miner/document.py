"""A Document: one file, read. Its text, pages and blocks, and what is known about it.

Coordinates are PDF points (1/72 inch) with the origin at the top left of the page; formats
without a page geometry have no boxes. Offsets count Unicode code points of `Document.text`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class BlockType(StrEnum):
    """What a block is on its page."""

    HEADING = "heading"
    BODY = "body"
    LIST = "list"
    TABLE = "table"
    FOOTNOTE = "footnote"
    CONTENTS = "contents"
    REFERENCE = "reference"
    HEADER_FOOTER = "header_footer"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page (page counts from 1; x to the right, y downwards, in points)."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Block:
    """A run of `Document.text` with one role: `text[start:end]`.

    `heading_path` holds the headings above the block, outermost first (a heading block's own
    text is not in its own path). `level` is 1 to 6 for headings, else 0. `boxes` has one
    rectangle per printed line, in reading order.
    """

    type: BlockType
    start: int
    end: int
    page: int
    heading_path: tuple[str, ...] = ()
    level: int = 0
    boxes: tuple[Box, ...] = ()


PageStatus = Literal["text", "ocr", "empty", "garbled", "unread"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its span `text[start:end]`, its size in points, and how well it could be read.

    status: `text` (usable text layer), `ocr` (recognised), `empty` (blank page), `garbled`
    (text layer that is not language), `unread` (an image with no text, and no OCR engine).
    quality: 0 to 1, the share of its characters that look like written language.
    """

    number: int
    start: int
    end: int
    width: float = 0.0
    height: float = 0.0
    status: PageStatus = "text"
    quality: float = 1.0


Provenance = Literal["manifest", "guessed", "given", "unknown"]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the catalogue knows about a document.

    country: ISO 3166-1 alpha-3 (or user-assigned XAA to XZZ); None for an organisation's text.
    organisations: ids of the regional organisations whose member the country was in `year`
    (today's membership where the year is unknown).
    provenance: for each field that is set, where it came from.
    """

    title: str = ""
    country: str | None = None
    country_name: str | None = None
    organisations: tuple[str, ...] = ()
    year: int | None = None
    language: str | None = None
    issuing_body: str | None = None
    type: str | None = None
    url: str | None = None
    licence: str | None = None
    provenance: dict[str, Provenance] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read.

    id: first 16 hex digits of the SHA-256 of the file's bytes: the same bytes are the same
    document wherever they lie. `source` is the path or name it was taken from.
    warnings: sentences for people on what could not be read, e.g. unread pages.
    """

    id: str
    sha256: str
    source: str
    media_type: str
    text: str
    pages: tuple[Page, ...]
    blocks: tuple[Block, ...]
    language: str
    metadata: Metadata = field(default_factory=Metadata)
    warnings: tuple[str, ...] = ()


def sha256_of(data: bytes) -> str:
    """SHA-256 of `data`, 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def document_id(sha256: str) -> str:
    """The document id that belongs to a file's SHA-256."""
    return sha256[:16]
