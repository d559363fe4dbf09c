"""How much of a document could be read."""

from __future__ import annotations

from collections.abc import Sequence

from miner.document import Page

# Pages of real documents whose text layer is sound have a quality of 0.85 and more.
_SOUND = 0.75


def unread_share(pages: Sequence[Page]) -> float:
    """The share of the pages that could not be read, 0 to 1; empty pages are left out.

    A garbled page and an image without OCR count whole, a page of poor quality by what of it
    does not look like language.
    """
    held = [page for page in pages if page.status != "empty"]
    if not held:
        return 0.0
    return sum(_unread(page) for page in held) / len(held)


def _unread(page: Page) -> float:
    if page.status in ("garbled", "unread"):
        return 1.0
    return 1 - page.quality if page.quality < _SOUND else 0.0
