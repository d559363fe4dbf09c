"""Assemble: drafts into a document's text, blocks with heading paths, and page spans."""

from __future__ import annotations

from collections.abc import Sequence

from miner.document import Block, BlockType, Page
from miner.parsing.drafts import Draft
from miner.parsing.line import RawPage


def assemble(
    drafts: Sequence[Draft], pages: Sequence[RawPage]
) -> tuple[str, tuple[Block, ...], tuple[Page, ...]]:
    """The text (blocks parted by blank lines, list items by line ends), blocks and pages."""
    parts: list[str] = []
    blocks: list[Block] = []
    starts: dict[int, int] = {}
    path: list[tuple[int, str]] = []
    at = 0
    before: Draft | None = None
    for draft in drafts:
        if before is not None:
            tight = draft.tight and draft.type is before.type
            parts.append("\n" if tight else "\n\n")
            at += len(parts[-1])
        if draft.type is BlockType.HEADING:
            while path and path[-1][0] >= draft.level:
                path.pop()
        for offset, page in draft.turns:
            starts.setdefault(page, at + offset)
        blocks.append(
            Block(
                type=draft.type,
                start=at,
                end=at + len(draft.text),
                page=draft.page,
                heading_path=tuple(title for _, title in path),
                level=draft.level if draft.type is BlockType.HEADING else 0,
                boxes=draft.boxes,
            )
        )
        if draft.type is BlockType.HEADING:
            path.append((draft.level, draft.text))
        parts.append(draft.text)
        at += len(draft.text)
        before = draft
    text = "".join(parts)
    return text, tuple(blocks), _spans(pages, starts, len(text))


def _spans(pages: Sequence[RawPage], starts: dict[int, int], length: int) -> tuple[Page, ...]:
    """Page spans that cover the text without gaps; a page without text has an empty span."""
    spans: list[Page] = []
    end = length
    for page in reversed(pages):
        start = min(starts.get(page.number, end), end)
        spans.append(
            Page(
                number=page.number,
                start=start,
                end=end,
                width=round(page.width, 1),
                height=round(page.height, 1),
                status=page.status,
                quality=round(page.quality, 3),
            )
        )
        end = start
    if spans and spans[-1].start > 0:
        first = spans[-1]
        spans[-1] = Page(first.number, 0, first.end, first.width, first.height, first.status,
                         first.quality)  # fmt: skip
    return tuple(reversed(spans))
