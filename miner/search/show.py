"""How a passage is shown: the words that answer, and how to quote it."""

from __future__ import annotations

from collections.abc import Sequence

from miner import lexical
from miner.evidence import Evidence
from miner.query import ChipKind, Interpretation
from miner.store import StoredPassage


def highlights(
    stored: StoredPassage, reading: Interpretation, most: int = 6
) -> tuple[Evidence, ...]:
    """The words of the passage that answer: evidence of the concepts asked for, then the
    query's own stems."""
    text = stored.passage.text
    spans: list[tuple[int, int]] = []
    asked = {chip.value for chip in reading.chips if chip.kind is ChipKind.CONCEPT}
    for tag in stored.tagged.tags:
        if tag.concept in asked and tag.decided:
            spans += [(item.start, item.end) for item in tag.evidence]
    wanted = set(lexical.roots(reading.text, stored.passage.language))
    for match in lexical.WORD.finditer(text):
        found = lexical.word_roots(match.group(), stored.passage.language)
        if found and wanted.issuperset(found):
            spans.append(match.span())
    merged = _merged(spans, text)[:most]
    return tuple(Evidence(start, end, text[start:end]) for start, end in merged)


def _merged(spans: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        # Neighbouring words make one highlight; a sentence already marked takes in its words.
        if merged and (start <= merged[-1][1] or text[merged[-1][1] : start].strip(" -") == ""):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def citation(stored: StoredPassage) -> str:
    """Issuing body, title, year, page and section, as far as they are known."""
    about, passage = stored.metadata, stored.passage
    pages = (
        f"p. {passage.page}"
        if passage.page == passage.last_page
        else f"pp. {passage.page}-{passage.last_page}"
    )
    who = about.issuing_body or about.country_name or about.country or ""
    parts = [who, about.title or passage.document, str(about.year or "n.d."), pages]
    section = " > ".join(passage.heading_path[-2:])
    return ", ".join(part for part in parts if part) + (f", “{section}”" if section else "")
