"""Markdown: blocks by markdown-it's tokens."""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from miner.document import BlockType
from miner.parsing.characters import clean, squeeze
from miner.parsing.drafts import Draft

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_NOTE = re.compile(r"^\[\^[^\]]+\]:\s*")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def drafts_of(text: str) -> list[Draft]:
    """The blocks of a Markdown text; pages are unknown, all is page 1."""
    text = _FRONT_MATTER.sub("", text.replace("\r\n", "\n").replace("\f", "\n"))
    tokens = _parser().parse(text)
    drafts: list[Draft] = []
    heading = 0
    depth = 0
    rows: list[str] = []
    row: list[str] = []
    in_table = False
    for token in tokens:
        if token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type == "heading_close":
            heading = 0
        elif token.type == "list_item_open":
            depth += 1
        elif token.type == "list_item_close":
            depth -= 1
        elif token.type == "table_open":
            in_table, rows = True, []
        elif token.type == "table_close":
            in_table = False
            drafts.append(Draft(BlockType.TABLE, "\n".join(rows)))
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            rows.append(" | ".join(cell for cell in row if cell))
        elif token.type == "inline":
            content = _plain(token)
            if in_table:
                row.append(content)
            elif content:
                drafts.append(_draft(content, heading, depth))
        elif token.type in ("code_block", "fence") and token.content.strip():
            drafts.append(Draft(BlockType.BODY, squeeze(token.content)))
    return [draft for draft in drafts if draft.text]


def _draft(content: str, heading: int, depth: int) -> Draft:
    if heading:
        return Draft(BlockType.HEADING, content, level=heading)
    if depth:
        return Draft(BlockType.LIST, content, tight=True)
    kind = BlockType.FOOTNOTE if _NOTE.match(content) else BlockType.BODY
    return Draft(kind, content)


def _plain(token: Token) -> str:
    """The words of an inline token, without marks, images and link targets."""
    parts: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return squeeze(clean("".join(parts)))
