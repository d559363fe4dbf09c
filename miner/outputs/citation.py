"""Citations of documents and passages as CSL-JSON, RIS and BibTeX, with the page.

Formats: citation-style-language/schema (csl-data.json, draft-07, no further properties allowed);
RIS as Reference Manager and Zotero read it; BibTeX of the technical report kind. Text is UTF-8.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from miner.catalogue.name import fold
from miner.document import Metadata
from miner.errors import InputError
from miner.passages import Passage
from miner.store import StoredDocument, StoredPassage

Style = Literal["csl", "ris", "bibtex"]
STYLES: tuple[Style, ...] = get_args(Style)
MEDIA_TYPES: dict[Style, str] = {
    "csl": "application/vnd.citationstyles.csl+json",
    "ris": "application/x-research-info-systems",
    "bibtex": "application/x-bibtex",
}
_LAWS = frozenset({"law", "decree", "directive", "regulation"})
_LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited: a document, and a passage of it where `pages` is set.

    key: letters, digits and hyphens; the same for the same document or passage. pages: "7" or
    "7-8". section: the headings above the passage. quote: the passage's words, start and end
    their span in the document's text.
    """

    key: str
    document: str
    title: str
    author: str
    year: int | None
    kind: Literal["report", "legislation"]
    genre: str
    country: str
    language: str
    url: str
    pages: str = ""
    section: str = ""
    passage: str = ""
    quote: str = ""
    start: int = 0
    end: int = 0


def of_document(stored: StoredDocument) -> Citation:
    """The citation of a whole document."""
    return _citation(stored.id, stored.metadata)


def of_passage(stored: StoredPassage) -> Citation:
    """The citation of a passage, with its pages."""
    return _citation(stored.passage.document, stored.metadata, stored.passage)


def style_named(name: str) -> Style:
    """The style of this name. Raises InputError."""
    for style in STYLES:
        if style == name:
            return style
    raise InputError(f"style {name!r}", "there is no such style", f"Use {', '.join(STYLES)}.")


def render(citations: Sequence[Citation], style: Style) -> str:
    """Citations in one of the styles, as the text of a file."""
    if style == "csl":
        return json.dumps([csl(one) for one in citations], ensure_ascii=False, indent=2) + "\n"
    write = ris if style == "ris" else bibtex
    return "\n".join(write(one) for one in citations)


def csl(one: Citation) -> dict[str, Any]:
    """A CSL-JSON item. `locator` is the page; what CSL has no field for is under `custom`."""
    item: dict[str, Any] = {
        "id": one.key,
        "type": one.kind,
        "title": one.title,
        "author": [{"literal": one.author}] if one.author else [],
        "issued": {"date-parts": [[one.year]]} if one.year else None,
        "publisher": one.author,
        "publisher-place": one.country,
        "genre": one.genre,
        "language": one.language,
        "URL": one.url,
        "locator": one.pages,
        "section": one.section,
        "custom": {"document": one.document},
    }
    if one.passage:
        item["custom"] |= {
            "passage": one.passage,
            "quote": one.quote,
            "start": one.start,
            "end": one.end,
        }
    return {name: value for name, value in item.items() if value not in ("", [], None)}


def ris(one: Citation) -> str:
    """A RIS record; the quote is its note."""
    first, _, last = one.pages.partition("-")
    fields = [
        ("TY", "STAT" if one.kind == "legislation" else "RPRT"),
        ("ID", one.key),
        ("TI", one.title),
        ("AU", one.author),
        ("PY", str(one.year) if one.year else ""),
        ("PB", one.author),
        ("CY", one.country),
        ("M3", one.genre),
        ("LA", one.language),
        ("SP", first),
        ("EP", last),
        ("SE", one.section),
        ("UR", one.url),
        ("N1", f"“{one.quote}”" if one.quote else ""),
    ]
    lines = [f"{tag}  - {_line(value)}" for tag, value in fields if value]
    return "\n".join([*lines, "ER  - ", ""])


def bibtex(one: Citation) -> str:
    """A BibTeX entry; names in two braces are not taken apart into first and last names."""
    kind = "misc" if one.kind == "legislation" else "techreport"
    fields = [
        ("title", f"{{{_tex(one.title)}}}"),
        ("author", f"{{{_tex(one.author)}}}" if one.author else ""),
        ("howpublished" if kind == "misc" else "institution", _tex(one.author)),
        ("year", str(one.year) if one.year else ""),
        ("address", _tex(one.country)),
        ("type", _tex(one.genre)),
        ("language", one.language),
        ("pages", one.pages.replace("-", "--")),
        ("chapter" if kind == "techreport" else "note", _tex(one.section)),
        ("url", _url(one.url)),
        ("annote", _tex(f"“{one.quote}”") if one.quote else ""),
    ]
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields if value)
    return f"@{kind}{{{one.key},\n{body}}}\n"


def _citation(document: str, about: Metadata, passage: Passage | None = None) -> Citation:
    kind = about.type or ""
    place = about.country_name or about.country or ""
    name = re.sub(r"[^a-z]", "", fold(about.country or about.issuing_body or "document"))[:12]
    base = Citation(
        key=f"{name or 'document'}{about.year or ''}-{document[:8]}",
        document=document,
        title=about.title or document,
        author=about.issuing_body or place,
        year=about.year,
        kind="legislation" if kind in _LAWS else "report",
        genre=kind.replace("_", " ").capitalize(),
        country=place,
        language=about.language or "",
        url=about.url or "",
    )
    if passage is None:
        return base
    pages = str(passage.page)
    if passage.last_page != passage.page:
        pages += f"-{passage.last_page}"
    return replace(
        base,
        key=f"{base.key}-p{passage.page}-{passage.position}",
        pages=pages,
        section=" > ".join(_line(heading) for heading in passage.heading_path[-2:]),
        passage=passage.id,
        quote=passage.text,
        start=passage.start,
        end=passage.end,
    )


def _line(text: str) -> str:
    """One line without control characters: a line end would end the field."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _tex(text: str) -> str:
    return "".join(_LATEX.get(char, char) for char in _line(text))


def _url(text: str) -> str:
    return _line(text).replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
