"""Decode: bytes of a text file into a string."""

from __future__ import annotations

import re

from charset_normalizer import from_bytes

from miner.errors import UnreadableDocument

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_FALLBACKS = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1256", "iso8859_2", "iso8859_5"]
_SAMPLE = 20_000


def decode(data: bytes, name: str) -> tuple[str, str]:
    """The text of `data` and the encoding used; UTF-8 and UTF-16 first, then a guess.

    Raises UnreadableDocument where no encoding gives text.
    """
    text, encoding = _decode(data, name)
    whole = unpaired(text)
    if whole != text:
        text, encoding = whole, f"bytes that were paired as UTF-16 ({encoding})"
    if len(_CONTROL.findall(text)) > 2 + 0.01 * len(text):
        raise UnreadableDocument(
            name, "it holds control characters as binary data does", "Give the original document"
        )
    return text, encoding


def unpaired(text: str) -> str:
    """The text itself, or what it was before its bytes were read two by two as UTF-16.

    Such a text looks Chinese from end to end, and its halves are nearly all ASCII; in real Chinese
    half of the low bytes are not.
    """
    if sum(char > "\u07ff" for char in text) < 0.5 * len(text):
        return text
    halves = text.encode("utf-16-le", "replace")
    if sum(byte < 0x7F for byte in halves) < 0.9 * len(halves):
        return text
    # Programs that misread bytes this way also left Chinese quotation marks, two bytes each.
    pairs = all(len(run) % 2 == 0 for run in _HIGH.findall(halves))
    return halves.decode("gb18030" if pairs else "cp1252", "replace").removeprefix("\ufeff")


def _decode(data: bytes, name: str) -> tuple[str, str]:
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace").removeprefix("\ufeff"), encoding
    try:
        text = data.decode("utf-8")
        if text.count("\x00") < 0.2 * len(text):
            return text.removeprefix("\ufeff"), "utf-8"
    except UnicodeDecodeError:
        pass
    zeros = data[1:2000:2].count(0), data[:2000:2].count(0)
    if max(zeros) > 200 or max(zeros) > 0.35 * min(len(data), 2000):
        encoding = "utf-16-le" if zeros[0] > zeros[1] else "utf-16-be"
        return data.decode(encoding, "replace"), encoding
    return _guess(data, name)


def _guess(data: bytes, name: str) -> tuple[str, str]:
    # A broken byte or two in UTF-8 is damage, not another encoding.
    lenient = data.decode("utf-8", "replace")
    high = sum(ord(char) > 127 for char in lenient)
    if lenient.count("\ufffd") < 0.1 * high:
        return lenient, "utf-8"
    # Sampling where the high bytes are: a page of ASCII tells nothing about the code page.
    lines = [line for line in data.splitlines() if any(byte > 127 for byte in line)]
    best = from_bytes(b"\n".join(lines)[:_SAMPLE], cp_isolation=_FALLBACKS).best()
    encoding = best.encoding if best is not None else "cp1252"
    try:
        return data.decode(encoding, "replace"), encoding
    except LookupError as error:
        raise UnreadableDocument(
            name, "its character encoding is not known", "Save the text as UTF-8"
        ) from error
