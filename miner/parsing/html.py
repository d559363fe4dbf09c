"""HTML: headings, paragraphs, lists and tables of a page's main part, by lxml."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from miner.document import BlockType
from miner.errors import UnreadableDocument
from miner.parsing.characters import clean, squeeze
from miner.parsing.drafts import Draft

_DROPPED = (
    "script", "style", "nav", "noscript", "template", "svg", "iframe", "form", "button", "head",
    "aside", "select", "canvas", "object",
)  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BREAKS = {
    "p", "div", "section", "article", "main", "body", "blockquote", "pre", "dd", "dt", "dl",
    "figure", "figcaption", "address", "hr", "header", "footer", "ul", "ol", "table", "li",
    "details", "summary", "fieldset", "center", *_HEADINGS,
}  # fmt: skip


def drafts_of(text: str, name: str) -> list[Draft]:
    """The blocks of an HTML text; pages are unknown, all is page 1.

    Raises UnreadableDocument where nothing can be made of it.
    """
    try:
        root: Any = lxml_html.document_fromstring(text.encode("utf-8"), parser=_parser())
    except (etree.LxmlError, ValueError, RecursionError) as error:
        raise UnreadableDocument(
            name, "the HTML holds no elements", "Save the page again"
        ) from error
    for tag in _DROPPED:
        for element in list(root.iter(tag)):
            element.drop_tree()
    for element in [*root.xpath("//*[@hidden or @aria-hidden='true']")]:
        if element.getparent() is not None:
            element.drop_tree()
    for tag in ("header", "footer"):  # the site's, not a section's
        for element in root.xpath(f"/html/body/{tag} | /html/body/div/{tag}"):
            if element.find(".//h1") is None:
                element.drop_tree()
    return [draft for draft in _walk(root) if draft.text]


def _parser() -> Any:
    return lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)


def _walk(root: Any) -> Iterator[Draft]:
    """Blocks in document order; loose text between block elements is a paragraph."""
    loose: list[str] = []
    item = 0

    def flush() -> Iterator[Draft]:
        text = squeeze(clean("".join(loose)))
        loose.clear()
        if text:
            kind = BlockType.LIST if item else BlockType.BODY
            yield Draft(kind, text, tight=bool(item))

    skipped: Any = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if skipped is not None:
            if event == "end" and element is skipped:
                skipped = None
                loose.append(element.tail or "")
            continue
        if event == "start" and tag in (*_HEADINGS, "table"):
            yield from flush()
            if tag == "table":
                yield from _table(element, bool(item))
            else:
                title = squeeze(clean(element.text_content()))
                yield Draft(BlockType.HEADING, title, level=_HEADINGS[tag])
            skipped = element
            continue
        if tag in _BREAKS:
            yield from flush()
        if event == "start":
            item += tag == "li"
            loose.append(" " if tag == "br" else "")
            loose.append(element.text or "")
        else:
            item -= tag == "li"
            if element is not root:
                loose.append(element.tail or "")
    yield from flush()


def _table(table: Any, in_item: bool) -> Iterator[Draft]:
    """A table's rows, or its cells as paragraphs where it only lays out the page."""
    nested = table.find(".//table") is not None
    rows = []
    for row in table.iter("tr"):
        cells = [squeeze(clean(cell.text_content())) for cell in row.iter("td", "th")]
        rows.append([cell for cell in cells if cell])
    if nested or all(len(row) <= 1 for row in rows):
        yield from (Draft(BlockType.BODY, cell) for row in rows if not nested for cell in row)
        if nested:
            for cell in table.iterchildren():
                yield from _walk(cell)
        return
    text = "\n".join(" | ".join(row) for row in rows if row)
    yield Draft(BlockType.TABLE, text, tight=in_item)
