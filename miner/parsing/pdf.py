"""PDF: page by page, the text layer first and recognition where there is none."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from miner.document import PageStatus
from miner.errors import TooLarge, UnreadableDocument
from miner.parsing import ocr
from miner.parsing.characters import join_spaced_letters
from miner.parsing.glyphs import Frame, Word, frame_of, words_of
from miner.parsing.layout import lines_of
from miner.parsing.line import RawPage
from miner.parsing.options import ParseOptions
from miner.parsing.quality import is_garbled, quality
from miner.parsing.rules import Bounds, edges_of, objects_of, tables_of

_MIN_CHARS = 8
"""Fewer characters than this beside an image: a page number on a scan, not a text layer."""


def pages_of(data: bytes, name: str, options: ParseOptions) -> Iterator[RawPage]:
    """The pages of a PDF in order, one at a time.

    Raises UnreadableDocument (damaged, encrypted, no pages) and TooLarge (too many pages).
    """
    document = _open(data, name, options)
    try:
        count = len(document)
        if count == 0:
            raise UnreadableDocument(name, "the PDF has no pages", "Fetch the file again")
        if count > options.max_pages:
            raise TooLarge(
                name, f"it has {count} pages, the limit is {options.max_pages}",
                "Split it, or raise max_pages",
            )  # fmt: skip
        failed = 0
        for index in range(count):
            try:
                yield _page(document, index, name, options)
            except (pdfium.PdfiumError, ctypes.ArgumentError, ValueError, OverflowError):
                failed += 1
                if failed == count:
                    raise UnreadableDocument(
                        name, "none of the PDF's pages can be loaded", "Fetch the file again"
                    ) from None
                yield RawPage(index + 1, status="unread", quality=0.0)
    finally:
        document.close()


def _open(data: bytes, name: str, options: ParseOptions) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data, password=options.password)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            cause = "the password is wrong" if options.password else "it is encrypted"
            raise UnreadableDocument(
                name, cause, "Give the password, or save an unprotected copy"
            ) from error
        if "security" in str(error).lower():
            raise UnreadableDocument(
                name, "its encryption is of an unknown kind", "Save an unprotected copy"
            ) from error
        raise UnreadableDocument(
            name, "the PDF is damaged or cut off", "Fetch the file again or print it to a new PDF"
        ) from error


def _page(document: pdfium.PdfDocument, index: int, name: str, options: ParseOptions) -> RawPage:
    page = document[index]
    try:
        width, height = page.get_size()
        frame = frame_of(page)
        words = [word for word in words_of(page, frame) if _within(word, width, height)]
        text = " ".join(word.text for word in words)
        share = quality(join_spaced_letters(text))
        garbled = is_garbled(text, share)
        number = index + 1
        if garbled or len(text.replace(" ", "")) < _MIN_CHARS:
            drawn = garbled or _is_drawn(page)
            if drawn and options.ocr == "auto" and ocr.available():
                read = ocr.words_of(page, name, number)
                lines = tuple(lines_of(read, number, []))
                seen = " ".join(word.text for word in read)
                status: PageStatus = "ocr" if lines else "empty"
                return RawPage(number, lines, width, height, status, quality(seen))
            if garbled:
                return RawPage(number, (), width, height, "garbled", share)
            if drawn:
                return RawPage(number, (), width, height, "unread", 0.0)
            if not words:
                return RawPage(number, (), width, height, "empty", 1.0)
        tables = _tables(page, frame, options)
        lines = tuple(lines_of(words, number, tables))
        return RawPage(number, lines, width, height, "text", share)
    finally:
        page.close()


def _tables(page: pdfium.PdfPage, frame: Frame, options: ParseOptions) -> list[list[Bounds]]:
    if not options.tables:
        return []
    try:
        return tables_of(edges_of(page, frame))
    except (ValueError, KeyError, IndexError, TypeError, pdfium.PdfiumError):
        return []  # tables are a gain; the text must not depend on them


def _within(word: Word, width: float, height: float) -> bool:
    """Whether the word lies on the visible page: crop marks and off-page notes do not."""
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return -2 <= x <= width + 2 and -2 <= y <= height + 2


def _is_drawn(page: pdfium.PdfPage) -> bool:
    """Whether a page without text shows something: tint and single rules are nothing."""
    kinds = [kind for kind, _ in objects_of(page, 5000)]
    if raw.FPDF_PAGEOBJ_IMAGE not in kinds and kinds.count(raw.FPDF_PAGEOBJ_PATH) < 20:
        return False
    bitmap = page.render(scale=0.5, grayscale=True)
    try:
        pixels = bitmap.to_numpy()
        middle = int(pixels[pixels.shape[0] // 10 :].mean()) if pixels.size else 255
        # Ink against the page's own tone, so that a tinted blank page stays blank.
        return bool((abs(pixels.astype("int16") - middle) > 40).mean() > 0.002)
    finally:
        bitmap.close()
