"""What several of these tests need."""

from __future__ import annotations

import pickle
from typing import Any

from miner.document import BlockType, Document

PROSE = (
    "The government will strengthen the security of networks and will report each year to "
    "parliament on the progress that has been made by all ministries and agencies concerned."
)


def wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` characters."""
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) + 1 > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


def put(canvas: Any, lines: list[str], x: float, y: float, size: float = 10) -> float:
    """Prints lines downwards from `y` (points from the foot); returns the next line's y."""
    canvas.setFont("Helvetica", size)
    for line in lines:
        canvas.drawString(x, y, line)
        y -= 1.2 * size
    return y


def blocks(document: Document, kind: BlockType) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if b.type is kind]


def check(document: Document) -> None:
    """What holds for every document."""
    end = 0
    for block in document.blocks:
        assert end <= block.start < block.end <= len(document.text)
        text = document.text[block.start : block.end]
        assert text == text.strip()
        assert (block.level > 0) == (block.type is BlockType.HEADING)
        end = block.end
    at = 0
    for span in document.pages:
        assert span.start == at
        assert span.end >= span.start
        assert 0 <= span.quality <= 1
        at = span.end
    assert at == len(document.text)
    assert pickle.loads(pickle.dumps(document)) == document
