"""Characters: what text layers put between us and the words, taken out again."""

from __future__ import annotations

import re
import unicodedata

from miner.parsing.line import LINE_HYPHEN

# NFKC for the ligatures alone: on whole texts it would also change superscripts and fractions.
_LIGATURES = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in (*range(0xFB00, 0xFB07), *range(0xFB13, 0xFB18), 0x132, 0x133)
}
# Arabic presentation forms are shapes of letters, not letters: search needs the letters.
_PRESENTATION = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in (*range(0xFB50, 0xFDFC), *range(0xFE70, 0xFEFD))
    if unicodedata.name(chr(code), "").startswith("ARABIC")
}
_SPACES = dict.fromkeys(
    [0x09, 0x0B, 0x0C, 0x0D, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000],
    " ",
)
_HYPHENS = {0x02: LINE_HYPHEN, 0xFFFE: LINE_HYPHEN, 0x2010: "-", 0x2011: "-"}
# Bullets of the Symbol and Wingdings fonts, which stand in the private-use area.
_BULLETS = dict.fromkeys(
    [0xF0B7, 0xF0A7, 0xF0D8, 0xF0FC, 0xF0A8, 0xF0B0, 0xF076, 0xF06E, 0xF0E0, 0xF071, 0xF0F0], "•"
)
_DROPPED = dict.fromkeys(
    [
        *(code for code in range(0x20) if code not in (0x02, 0x09, 0x0A, 0x0B, 0x0C, 0x0D)),
        *range(0x7F, 0x85),
        *range(0x86, 0xA0),
        0xFEFF,
        0x200B,
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        0x2060,
        *range(0x2066, 0x206A),
    ]
)
_TABLE: dict[int, str | None] = {
    **_DROPPED,
    **_LIGATURES,
    **_PRESENTATION,
    **_SPACES,
    **_HYPHENS,
    **_BULLETS,
    0xF02D: "–",
}
_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_] ){3,}[^\W\d_](?!\S)")
_WIDE = re.compile(r" {2,}")
_SPLIT_LIGATURE = re.compile(
    r"(?<=[^\W\d_])([\ufb00-\ufb06]) (?=[a-z])|([\ufb00-\ufb06]) (?=[a-z]{2})"
)


def clean(text: str) -> str:
    """`text` of one line with plain spaces, letters for ligatures and no control characters.

    Line-end hyphens that a text layer marks (U+0002, U+FFFE) become `LINE_HYPHEN` at the end
    of the line; soft hyphens elsewhere are dropped.
    """
    text = _SPLIT_LIGATURE.sub(lambda match: match.group(1) or match.group(2), text)
    text = text.translate(_TABLE)
    body = text.rstrip(" ")
    if LINE_HYPHEN in body:
        ends = body.endswith(LINE_HYPHEN)
        body = body.replace(LINE_HYPHEN, "") + (LINE_HYPHEN if ends else "")
    return body


def squeeze(text: str) -> str:
    """`text` with single spaces and none at its ends."""
    return " ".join(text.split())


def join_spaced_letters(text: str) -> str:
    """Letter-spaced words joined: "P R I O R I T Y  O N E" becomes "PRIORITY ONE".

    Two spaces or more part the words; capitals may stand in pairs, as kerning leaves them.
    """
    if not _SPACED.search(text):
        return text
    return " ".join(_joined(part) for part in _WIDE.split(text))


def _joined(part: str) -> str:
    tokens = part.split(" ")
    single = sum(len(token) == 1 for token in tokens)
    if (
        len(tokens) > 2
        and 2 * single >= len(tokens)
        and all(len(token) <= 2 and token.isalpha() and token.isupper() for token in tokens)
    ):
        return "".join(tokens)
    return _SPACED.sub(lambda match: match.group().replace(" ", ""), part)


def undouble(text: str) -> str:
    """Text printed twice for boldness ("WWhhaatt") halved, where nearly all of it is so."""
    if text[:1] != text[1:2]:
        return text
    words = text.split()
    doubled = [len(word) % 2 == 0 and len(word) > 1 and word[::2] == word[1::2] for word in words]
    letters = sum(len(word) for word in words)
    hit = sum(len(word) for word, yes in zip(words, doubled, strict=True) if yes)
    if letters < 6 or hit < 0.8 * letters or not any(char.isalpha() for char in text):
        return text
    return " ".join(w[::2] if yes else w for w, yes in zip(words, doubled, strict=True))
