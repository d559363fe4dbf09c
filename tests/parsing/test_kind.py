from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from miner.errors import (
    MinerError,
    NoText,
    NotFound,
    TooLarge,
    UnreadableDocument,
    UnsupportedFormat,
)
from miner.parsing import ParseOptions, parse, parse_bytes

SENTENCE = "The government will protect critical infrastructure and report on it every year.\n"


def zip_of(**files: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", NoText),
        (b"%PDF-1.7\n", UnreadableDocument),
        (b"%PDF-1.7\nno objects here at all", UnreadableDocument),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), UnsupportedFormat),
        (b"\xff\xd8\xff\xe0" + bytes(64), UnsupportedFormat),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), UnsupportedFormat),
        (b"{\\rtf1 text}", UnsupportedFormat),
        (bytes(range(256)) * 20, UnsupportedFormat),
        (SENTENCE.encode() + bytes(300), UnsupportedFormat),
        (zip_of(a="text"), UnsupportedFormat),
        (b"PK\x03\x04word/document.xml and no directory", UnreadableDocument),
        (b"   \n\f\n  ", NoText),
        (b"12 34 56\n\f78", NoText),
    ],
)
def test_refusals_name_file_cause_and_next_step(data: bytes, error: type[MinerError]) -> None:
    with pytest.raises(error) as caught:
        parse_bytes(data, "upload.xyz")
    assert type(caught.value) is error
    assert caught.value.what == "upload.xyz"
    assert caught.value.cause
    assert caught.value.next_step


def test_a_zip_with_word_inside_that_is_broken_is_unreadable() -> None:
    with pytest.raises(UnreadableDocument, match="damaged"):
        parse_bytes(zip_of(**{"word/document.xml": "<w:oops"}), "a.docx")


def test_few_letters_are_counted_in_the_message() -> None:
    with pytest.raises(UnreadableDocument, match=r"5 letters in 2 pages, .*scan"):
        parse_bytes(b"Title\f\n\f\n", "a.txt")


def test_the_bytes_win_over_the_name() -> None:
    html = f"<!DOCTYPE html><html><body><p>{SENTENCE}</p></body></html>".encode()
    document = parse_bytes(html, "page.pdf")
    assert document.media_type == "text/html"
    assert any(".pdf" in warning for warning in document.warnings)
    assert parse_bytes(SENTENCE.encode(), "a.txt").warnings == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = "Die Bundesregierung schützt die öffentliche Verwaltung und ihre Bürger für alle.\n" * 4
    document = parse_bytes(text.encode(encoding), "a.txt")
    assert "öffentliche Verwaltung" in document.text
    assert document.language == "de"


def test_cyrillic_code_page() -> None:
    text = "Правительство обеспечивает безопасность критической инфраструктуры страны.\n" * 8
    document = parse_bytes(text.encode("cp1251"), "a.txt")
    assert "безопасность критической" in document.text
    assert any("cp1251" in warning for warning in document.warnings)


@pytest.mark.parametrize("quotes", ["“%s”".encode("gb18030"), b"%s", "caf\xe9 %s".encode("cp1252")])
def test_bytes_paired_as_utf16_are_taken_apart(quotes: bytes) -> None:
    halves = b"\r\n".join([quotes % SENTENCE.strip().encode()] * 20)
    paired = (halves + b" " * (len(halves) % 2)).decode("utf-16-le")
    document = parse_bytes(paired.encode(), "a.txt")
    assert SENTENCE.strip() in document.text
    assert document.language == "en"
    assert any("paired as UTF-16" in warning for warning in document.warnings)


def test_chinese_stays_chinese() -> None:
    text = "国家网络安全战略由政府制定并由各部门实施，以保护关键信息基础设施。\n" * 20
    document = parse_bytes(text.encode(), "a.txt")
    assert "网络安全战略" in document.text
    assert document.warnings == ()


def test_stray_control_characters_are_dropped() -> None:
    document = parse_bytes((SENTENCE * 20).replace("protect", "pro\x00tect", 1).encode(), "a.txt")
    assert "\x00" not in document.text


def test_limits(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="bytes"):
        parse_bytes(b"x" * 11, "a.txt", options=ParseOptions(max_bytes=10))
    with pytest.raises(TooLarge, match="3 pages"):
        parse_bytes(b"a\fb\fc", "a.txt", options=ParseOptions(max_pages=2))
    big = tmp_path / "big.txt"
    big.write_bytes(b"x" * 11)
    with pytest.raises(TooLarge):
        parse(big, options=ParseOptions(max_bytes=10))


def test_paths(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        parse(tmp_path / "none.txt")
    with pytest.raises(UnreadableDocument, match="folder"):
        parse(tmp_path)
    file = tmp_path / "a.txt"
    file.write_text(SENTENCE)
    document = parse(file)
    assert document.source == str(file)
    assert document.id == document.sha256[:16]
