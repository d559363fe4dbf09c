"""Read: a file or its bytes into a Document; the way in to this package.

The parser of a format is imported with its first file: a search must not wait for all of them.
"""

from __future__ import annotations

from pathlib import Path

from miner.document import BlockType, Document, Page, document_id, sha256_of
from miner.errors import (
    NoText,
    NotFound,
    OcrUnavailable,
    TooLarge,
    UnreadableDocument,
)
from miner.parsing.assemble import assemble
from miner.parsing.build import drafts_of
from miner.parsing.decode import decode
from miner.parsing.drafts import Draft
from miner.parsing.kind import Kind, sniff
from miner.parsing.language import language_of
from miner.parsing.line import RawPage
from miner.parsing.options import ParseOptions

_MIN_LETTERS = 60
_DEFAULTS = ParseOptions()


def parse(path: Path, *, options: ParseOptions = _DEFAULTS) -> Document:
    """Reads the file at `path`.

    A pure function of the file's bytes, its name and `options`. Raises NotFound, TooLarge,
    UnsupportedFormat, UnreadableDocument or OcrUnavailable, each naming the file, the cause and
    the next step.
    """
    name = str(path)
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise UnreadableDocument(name, "it is a folder", "Give the files inside it")
        _check_size(size, name, options)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(name, "there is no such file", "Check the path") from error
    except OSError as error:
        cause = error.strerror or "the file cannot be opened"
        raise UnreadableDocument(name, cause.lower(), "Check the file's permissions") from error
    return parse_bytes(data, name, options=options)


def parse_bytes(data: bytes, name: str, *, options: ParseOptions = _DEFAULTS) -> Document:
    """Reads `data`, which was taken from `name`; the bytes tell what kind of file it is.

    Raises as `parse` does.
    """
    _check_size(len(data), name, options)
    kind, warning = sniff(data, name)
    warnings = [warning] if warning else []
    if kind is Kind.PDF:
        from miner.parsing import pdf

        pages = list(pdf.pages_of(data, name, options))
        drafts = drafts_of(pages)
    elif kind is Kind.DOCX:
        from miner.parsing import word

        drafts = word.drafts_of(data, name)
        pages = [RawPage(1)]
    else:
        text, encoding = decode(data, name)
        if not encoding.startswith("utf"):
            warnings.append(f"The text is not UTF-8; it was read as {encoding}.")
        if kind is Kind.HTML:
            from miner.parsing import html

            drafts, pages = html.drafts_of(text, name), [RawPage(1)]
        elif kind is Kind.MARKDOWN:
            from miner.parsing import markdown

            drafts, pages = markdown.drafts_of(text), [RawPage(1)]
        else:
            from miner.parsing import plaintext

            pages = plaintext.pages_of(text)
            _check_pages(len(pages), name, options)
            drafts = drafts_of(pages)
    return _document(data, name, kind, drafts, pages, warnings)


def _document(
    data: bytes,
    name: str,
    kind: Kind,
    drafts: list[Draft],
    pages: list[RawPage],
    warnings: list[str],
) -> Document:
    text, blocks, spans = assemble(drafts, pages)
    _check_text(text, spans, name, kind)
    digest = sha256_of(data)
    body = "\n".join(
        text[block.start : block.end]
        for block in blocks
        if block.type in (BlockType.BODY, BlockType.LIST)
    )
    return Document(
        id=document_id(digest),
        sha256=digest,
        source=name,
        media_type=kind.value,
        text=text,
        pages=spans,
        blocks=blocks,
        language=language_of(body if len(body) > 400 else text),
        warnings=tuple(warnings + _warnings(spans, pages)),
    )


def _check_size(size: int, name: str, options: ParseOptions) -> None:
    if size > options.max_bytes:
        raise TooLarge(
            name,
            f"it has {size} bytes, the limit is {options.max_bytes}",
            "Split it, or raise max_bytes",
        )


def _check_pages(count: int, name: str, options: ParseOptions) -> None:
    if count > options.max_pages:
        raise TooLarge(
            name,
            f"it has {count} pages, the limit is {options.max_pages}",
            "Split it, or raise max_pages",
        )


def _check_text(text: str, pages: tuple[Page, ...], name: str, kind: Kind) -> None:
    """Refuses a document that holds no text worth the name."""
    letters = sum(char.isalpha() for char in text)
    unread = [page.number for page in pages if page.status == "unread"]
    garbled = [page.number for page in pages if page.status == "garbled"]
    filled = sum(page.status != "empty" for page in pages)
    if len(garbled) >= 3 and len(garbled) > 0.67 * filled:
        raise UnreadableDocument(
            name,
            f"the text of {len(garbled)} of its {len(pages)} pages is garbled",
            "Give another copy, or run OCR on it",
        )
    if letters >= _MIN_LETTERS or (letters >= 20 and len(pages) == 1 and not unread + garbled):
        return
    if unread and letters < _MIN_LETTERS:
        raise OcrUnavailable(
            name,
            f"no page gives text: {_listed(unread)} without a text layer, and no OCR engine in use",
            "Install the tesseract program (`apt install tesseract-ocr`) and leave OCR on, or "
            "give a file with a text layer",
        )
    if garbled:
        raise UnreadableDocument(
            name,
            f"the text of {_listed(garbled)} is garbled (its fonts do not tell their letters)",
            "Give another copy, or run OCR on it",
        )
    if kind is Kind.PDF and not text.strip():
        raise UnreadableDocument(
            name, f"all its pages ({len(pages)}) are blank", "Give another copy"
        )
    made = ", and is probably made from a scan" if kind in (Kind.TEXT, Kind.PDF) else ""
    # OCR may read a PDF tomorrow.
    refusal = UnreadableDocument if kind is Kind.PDF else NoText
    raise refusal(
        name,
        f"the text has {letters} letters in {len(pages)} {_pages(len(pages))}{made}",
        "Give the original document, or run OCR on it",
    )


def _warnings(spans: tuple[Page, ...], pages: list[RawPage]) -> list[str]:
    found: list[str] = []
    for status, says in (
        ("unread", "not read, images without a text layer and no OCR"),
        ("garbled", "left out, the text is garbled"),
        ("ocr", "read by OCR, which may hold errors"),
    ):
        numbers = [page.number for page in spans if page.status == status]
        if numbers:
            found.append(f"{_listed(numbers).capitalize()}: {says}.")
    repaired = [page.number for page in pages if page.repaired]
    if repaired:
        found.append(f"{_listed(repaired).capitalize()}: doubled letters were halved.")
    empty = [page.number for page in spans if page.status == "empty"]
    if len(spans) >= 4 and len(empty) > len(spans) / 2:
        found.append(f"{len(empty)} of {len(spans)} pages have no text.")
    return found


def _pages(count: int) -> str:
    return "page" if count == 1 else "pages"


def _listed(numbers: list[int]) -> str:
    """Page numbers for people: "pages 1 to 3, 7"; after eight runs only their count."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs[:8]]
    more = "" if len(runs) <= 8 else f" and {sum(map(len, runs[8:]))} more"
    return f"{_pages(len(numbers))} {', '.join(shown)}{more}"
