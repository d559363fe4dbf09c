"""A Passage: 40 to 180 words of one section, the unit that is tagged, embedded and found."""

from __future__ import annotations

import hashlib
import re
import uuid
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from miner.document import Block, BlockType, Box, Document
from miner.linguistics import sentences
from miner.parsing.language import Profile

MIN_WORDS = 40
MAX_WORDS = 180
_WORD = re.compile(r"\S+")
_CLAUSE_ENDS = frozenset(",;:–—")


@dataclass(frozen=True, slots=True)
class Passage:
    """`document.text[start:end] == text`, exactly.

    kind: the type of most of its blocks (never `heading` or `header_footer`).
    page, last_page: the pages on which it begins and ends, from 1.
    position: 0-based rank within the document.
    language: ISO 639-1 code, or `und` where it could not be told.
    """

    id: str
    document: str
    position: int
    text: str
    start: int
    end: int
    page: int
    last_page: int
    kind: BlockType
    heading_path: tuple[str, ...]
    language: str
    boxes: tuple[Box, ...] = ()


def passage_id(document: str, start: int, text: str) -> str:
    """UUID made from the document's id, the offset and the words: same content, same id."""
    digest = hashlib.sha256(f"{document}\0{start}\0{text}".encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=5))


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, item or table row: what a passage is never cut within."""

    start: int
    end: int
    words: int
    block: int
    kind: BlockType


def split(
    document: Document, *, min_words: int = MIN_WORDS, max_words: int = MAX_WORDS
) -> tuple[Passage, ...]:
    """The passages of a document, in order of their place in its text.

    A passage stays within one section and one kind of block; blocks of a section are put
    together until `min_words` and cut between sentences before `max_words`. A section with
    fewer words is a short passage. A sentence of more than `max_words` is cut between words,
    at a clause's end where there is one. Headings are in `heading_path` only.
    """
    if not 0 < min_words <= max_words:
        raise ValueError(f"min_words {min_words} must be from 1 to max_words {max_words}")
    profile = Profile(document.text, document.language)
    starts = [page.start for page in document.pages]
    found: list[Passage] = []
    for run in _runs(document):
        units = [unit for index in run for unit in _units(document, index, max_words)]
        for first, last in _groups(units, document, min_words, max_words):
            span = document.text[units[first].start : units[last].end]
            if not any(char.isalpha() for char in span):
                continue  # years and figures out of a chart
            found.append(_passage(document, units[first : last + 1], len(found), profile, starts))
    return tuple(found)


def _family(kind: BlockType) -> BlockType:
    """Kinds that share passages: lists belong to the text around them."""
    return BlockType.BODY if kind is BlockType.LIST else kind


def _runs(document: Document) -> Iterator[list[int]]:
    """Indexes of neighbouring blocks of one section and family."""
    run: list[int] = []
    for index, block in enumerate(document.blocks):
        skipped = block.type in (BlockType.HEADING, BlockType.HEADER_FOOTER)
        before = document.blocks[run[-1]] if run else None
        if before is not None and (
            skipped
            or before.heading_path != block.heading_path
            or _family(before.type) is not _family(block.type)
        ):
            yield run
            run = []
        if not skipped and document.text[block.start : block.end].strip():
            run.append(index)
    if run:
        yield run


def _units(document: Document, index: int, max_words: int) -> Iterator[_Unit]:
    block = document.blocks[index]
    text = document.text[block.start : block.end]
    for start, end in sentences(text, document.language):
        for first, last in _bites(text, start, end, max_words):
            words = len(text[first:last].split())
            yield _Unit(block.start + first, block.start + last, words, index, block.type)


def _bites(text: str, start: int, end: int, max_words: int) -> Iterator[tuple[int, int]]:
    """The span, or pieces of at most `max_words` where it is longer."""
    words = [(match.start(), match.end()) for match in _WORD.finditer(text, start, end)]
    while len(words) > max_words:
        # The last clause end in the second half; else anywhere between words.
        cut = next(
            (
                at
                for at in range(max_words, max_words // 2, -1)
                if text[words[at - 1][1] - 1] in _CLAUSE_ENDS
            ),
            max_words,
        )
        yield words[0][0], words[cut - 1][1]
        words = words[cut:]
    if words:
        yield words[0][0], words[-1][1]


def _groups(
    units: list[_Unit], document: Document, min_words: int, max_words: int
) -> list[tuple[int, int]]:
    """(first, last) unit of each passage of a run: filled block by block, then evened out."""
    groups: list[tuple[int, int]] = []
    first, size = 0, 0
    for index, unit in enumerate(units):
        if index > first and (
            size + unit.words > max_words
            or (size >= min_words and _may_part(units, index, size, document, max_words))
        ):
            groups.append((first, index - 1))
            first, size = index, 0
        size += unit.words
    if units:
        groups.append((first, len(units) - 1))
    return _without_lead_ends(_evened(groups, units, min_words, max_words), units, document)


def _may_part(
    units: list[_Unit], index: int, size: int, document: Document, max_words: int
) -> bool:
    """Whether a passage that is long enough should end before `units[index]`."""
    unit, before = units[index], units[index - 1]
    if unit.block == before.block:
        return False
    if unit.kind in (BlockType.TABLE, BlockType.CONTENTS):
        return False
    if unit.kind is BlockType.LIST:
        # Items stay with their lead-in and with each other while there is room.
        length = sum(one.words for one in _rest_of_block(units, index))
        return size + length > max_words
    length = sum(one.words for one in _rest_of_block(units, index))
    if document.text[before.end - 1 : before.end] == ":":
        return size + length > max_words
    return size + length > max_words or size >= (max_words * 2) // 5


def _rest_of_block(units: list[_Unit], index: int) -> Iterator[_Unit]:
    block = units[index].block
    while index < len(units) and units[index].block == block:
        yield units[index]
        index += 1


def _evened(
    groups: list[tuple[int, int]], units: list[_Unit], min_words: int, max_words: int
) -> list[tuple[int, int]]:
    """Groups shorter than `min_words` joined to a neighbour, or filled up from the one before."""

    def size(group: tuple[int, int]) -> int:
        return sum(unit.words for unit in units[group[0] : group[1] + 1])

    done: list[tuple[int, int]] = []
    for group in groups:
        if done and min(size(group), size(done[-1])) < min_words:
            before = done[-1]
            if size(before) + size(group) <= max_words:
                done[-1] = (before[0], group[1])
                continue
            cut = group[0]
            while size(group) < min_words and cut - 1 > before[0]:
                if size((before[0], cut - 2)) < min_words:
                    break
                if size((cut - 1, group[1])) > max_words:
                    break
                cut -= 1
                group = (cut, group[1])
            done[-1] = (before[0], cut - 1)
        done.append(group)
    return done


def _without_lead_ends(
    groups: list[tuple[int, int]], units: list[_Unit], document: Document
) -> list[tuple[int, int]]:
    """A lead-in ("...the following:") at a passage's end moved to the items after it."""
    done = list(groups)
    for at in range(len(done) - 1):
        (first, last), (start, end) = done[at], done[at + 1]
        lead = units[last]
        listed = units[start].kind is BlockType.LIST and lead.kind is not BlockType.LIST
        if listed and document.text[lead.end - 1] == ":" and last > first:
            words = sum(unit.words for unit in units[last : end + 1])
            if words <= MAX_WORDS:
                done[at], done[at + 1] = (first, last - 1), (last, end)
    return done


def _passage(
    document: Document,
    units: list[_Unit],
    position: int,
    profile: Profile,
    starts: list[int],
) -> Passage:
    start, end = units[0].start, units[-1].end
    text = document.text[start:end]
    blocks = document.blocks[units[0].block : units[-1].block + 1]
    boxes = tuple(box for block in blocks for box in _boxes(block, start, end))
    kinds: Counter[BlockType] = Counter()
    for unit in units:
        kinds[unit.kind] += unit.words
    page, last_page = _page_at(starts, start), _page_at(starts, end - 1)
    return Passage(
        id=passage_id(document.id, start, text),
        document=document.id,
        position=position,
        text=text,
        start=start,
        end=end,
        page=document.pages[page].number if document.pages else 1,
        last_page=document.pages[last_page].number if document.pages else 1,
        kind=kinds.most_common(1)[0][0],
        heading_path=blocks[0].heading_path,
        language=profile.language(text),
        boxes=boxes,
    )


def _page_at(starts: list[int], offset: int) -> int:
    """Index of the last page that begins at or before `offset`; empty pages share a start."""
    return max(bisect_right(starts, offset) - 1, 0)


def _boxes(block: Block, start: int, end: int) -> Iterator[Box]:
    """The block's lines that the span touches: a line's share of text is its share of width."""
    if start <= block.start and end >= block.end:
        yield from block.boxes
        return
    total = sum(box.x1 - box.x0 for box in block.boxes) or 1.0
    scale = (block.end - block.start) / total
    at = float(block.start)
    for box in block.boxes:
        after = at + (box.x1 - box.x0) * scale
        # Half a dozen characters of slack: widths only approximate the text.
        if after > start + 6 and at < end - 6:
            yield box
        at = after
