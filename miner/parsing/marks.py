"""Marks: what the first and last characters of a line say about it."""

from __future__ import annotations

import re

from miner.parsing.line import LINE_HYPHEN

_BULLET = re.compile(r"^(?:[•●▪■□◦○‣⁃∙·►▶➢➤✓✔❖◆♦]\s*(?=\S)|[-–—*]\s+(?=[^\W_]|[\"“‘(]))")
_LABEL = re.compile(
    r"^(?:\((?:[a-zа-я]{1,2}|[A-ZА-Я]|[ivxl]{1,6}|[IVXL]{1,6}|\d{1,3})\)"
    r"|(?:[a-zA-Zа-я]|[ivx]{1,5}|[IVX]{1,5}|\d{1,3})\)|\d{1,3}\.(?!\d)|[a-zA-Z]\.(?=\s))\s*(?=\S)"
)
_LONE = re.compile(r"^(?:[•●▪■□◦○‣⁃∙·►▶➢➤✓✔❖◆♦–*-]|\(?(?:[a-z]|[ivxl]{1,6}|\d{1,3})[.)])$", re.I)
_NUMBER = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=[^\W\d_])")
_DEEP_NUMBER = re.compile(r"^\d{1,2}(?:\.\d{1,2}){1,4}\.?\s")
_PART = re.compile(
    r"^(?:chapter|part|section|annex|appendix|pillar|goal|objective|priority|article|title|theme|"
    r"attachment|chapitre|partie|annexe|kapitel|teil|anlage|anhang|capítulo|parte|anexo|sección|"
    r"capitolul|anexa|глава|раздел|приложение|κεφάλαιο|παράρτημα|poglavlje|prilog|kapitulli|bilaga)"
    r"\s+(?:no\.?\s*)?(?:\d{1,3}|[ivxlc]+|[a-z]|one|two|three|four|five|six|seven|eight|nine|ten)\b"
    r"(?:\s*[:.–—-])?",
    re.IGNORECASE,
)
_TERMINAL = ".!?…。؟।"
_CLOSERS = "\"'”’»)]*¹²³⁰⁴⁵⁶⁷⁸⁹0123456789"
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|_{4,}|(?:\s\.){3,}")
_PAGE_TAIL = re.compile(r"(?:^|\.)(\d{1,3}|[ivxl]{1,6})$")


def is_bullet(text: str) -> bool:
    """Whether the line begins with a bullet or a dash used as one."""
    return _BULLET.match(text) is not None


def is_item(text: str) -> bool:
    """Whether the line begins a list item or a numbered paragraph: a bullet, "(a)", "12."."""
    return is_bullet(text) or _LABEL.match(text) is not None


def is_label(text: str) -> bool:
    """Whether the text is nothing but a bullet or an item's label."""
    return _LONE.match(text.strip()) is not None or bool(re.fullmatch(r"\d[\d.]{0,8}", text))


def is_lone_bullet(text: str) -> bool:
    """Whether the text is a bullet with nothing after it."""
    return text.strip() in set("•●▪■◦‣⁃∙·►▶➢✓✔❖◆")


def number_of(text: str) -> str | None:
    """The section number at the start of the line, "4.2" or "4", or None."""
    match = _NUMBER.match(text)
    return match.group(1) if match else None


def has_deep_number(text: str) -> bool:
    """Whether the line begins with a number of two parts or more, as "4.2"."""
    return _DEEP_NUMBER.match(text) is not None


def is_part(text: str) -> bool:
    """Whether the line begins as "Chapter 3", "Annex A", "Pillar two" do."""
    return _PART.match(text) is not None


def ends_sentence(text: str) -> bool:
    """Whether the text ends with a full stop or the like, closing marks aside."""
    core = text.rstrip().rstrip(_CLOSERS).rstrip()
    return bool(core) and core[-1] in _TERMINAL


def ends_unit(text: str) -> bool:
    """Whether a paragraph or an item may end here: sentence end, colon or semicolon."""
    return ends_sentence(text) or text.rstrip().endswith((":", ";"))


def ends_item(text: str) -> bool:
    """Whether a list item may end here: as `ends_unit`, or a comma, "and", "or" or a dash."""
    return ends_unit(text) or text.rstrip().endswith((",", " and", " or", "–", "—"))


def starts_lower(text: str) -> bool:
    """Whether the first letter is lower case and nothing but quotes or brackets precedes it."""
    core = text.lstrip("\"'“‘«([")
    return bool(core) and core[0].islower()


def ends_hyphen(text: str) -> bool:
    """Whether the line ends in the middle of a word."""
    return text.endswith(LINE_HYPHEN) or (
        len(text) > 2 and text.endswith("-") and text[-2].isalpha()
    )


def has_leaders(text: str) -> bool:
    """Whether the line has dot leaders, as contents pages do."""
    return _LEADERS.search(text) is not None


def ends_in_page(text: str) -> int | None:
    """The page number that the line ends in (roman numerals count as 0), or None."""
    parts = text.rsplit(None, 1)
    match = _PAGE_TAIL.search(parts[-1]) if parts else None
    if match is None or (len(parts) == 1 and match.start() == 0):
        return None
    return int(match.group(1)) if match.group(1).isdigit() else 0


def is_caps(text: str) -> bool:
    """Whether the line is in capitals (four letters at least)."""
    letters = [char for char in text if char.isalpha()]
    upper = sum(char.isupper() for char in letters)
    return len(letters) >= 4 and upper >= 0.9 * len(letters) and text.upper() != text.lower()
