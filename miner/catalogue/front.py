"""A document's front matter, read for its title, its year, its type and who issued it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from miner.document import BlockType, Document

FRONT_PAGES = 3
FRONT_CHARACTERS = 9000

# Nouns that titles of policy documents are made with, in the languages that are met most.
_TITLE_WORD = re.compile(
    r"\b(strateg(y|ies|ija|ije|iji|i|ie|ia|jia)|polic(y|ies)|plan|program(me)?|law|act|decree"
    r"|resolution|directive|doctrine|concept|review|framework|white paper|agenda|guid(e|elines)"
    r"|roadmap|stratégie|estratégia|estrategia|politique|política|loi|ley|lei|décret|decreto"
    r"|doktrina|guia|στρατηγικη|στρατηγική|стратегия|стратегии|стратегија|концепция|доктрина)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"cyber|kiber|security|national|digital|\bict\b|кибер|sécurité|segur", re.I)
_OPEN_END = re.compile(
    r"\b(of|for|and|the|to|in|on|a|an|de|des|la|le|da|do|del|za|dla|für|&)$", re.I
)
_SENTENCE = re.compile(r"\b(is|are|was|has|have|will|shall|which|hereby|this)\b", re.IGNORECASE)
_NOT_TITLE = re.compile(
    r"\W*(?:[ivx\d]+\W+)?(?:contents?|table of contents|.*foreword.*|preface|introduction|abstract"
    r"|executive summary|summary.*|message from.*|appendix.*|annex.*|page.*|acknowledg.*|index|part"
    r"|chapter.*|.*official.*|translation.*|.*isbn.*|sommaire|.*www\..*|.*©.*|copyright.*"
    r"|avant-propos.*|table des mati.*|índice|draft|restricted|public|background|version.*"
    r"|(?:the )?(?:islamic )?(?:republic|kingdom|government|ministry|department|office|cabinet"
    r"|federal ministry|council|agency|presidência|ministério|ministère|république|vlada)\b[^.:]*"
    r"|(?:(?:the|prime|deputy) )*minister\b.*|\d*)\W*\d*\W*",
    re.IGNORECASE,
)
_TITLE_TYPES = frozenset({BlockType.HEADING, BlockType.BODY, BlockType.HEADER_FOOTER})
_RUN, _WORDS, _BLOCKS = 8, 24, 24

_TYPES = (
    ("review", r"\breviews?\b|\bevaluation\b|\bprogress report\b"),
    ("action_plan", r"\baction plan\b|\bplan d.action\b|\bplan de acci|\bimplementation plan\b"),
    ("doctrine", r"\bdoctrin\w*"),
    ("strategy", r"\bstrat[eé]g\w*|\bestrat[eé]g\w*|\bwhite paper\b|\bconcept\b"),
    ("law", r"\b(law|act|decree|bill|directive|regulation|ordinance|loi|ley|lei|d[ée]cret\w*)\b"),
    ("policy", r"\bpolic(y|ies)\b|\bpolitique\b|\bpol[ií]tica\b"),
    ("strategy", r"\bprogram(me)?\b"),
    ("action_plan", r"\bplan\b|\broadmap\b"),
)
_YEAR = re.compile(r"(?<!\d)((?:19[89]|20[0-3])\d)(?!\d)")
_GLUED = re.compile(r"(?<!\d)((?:19[89]|20[0-3])\d)(?:19|20)\d\d(?!\d)")
_MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|janv|févr|mars|avril|mai|juin|juil|août|déc"
    "|ene|abr|ago|dic|maio|fev|set|out|dez"
)
_DATED = re.compile(
    rf"\b(?:{_MONTHS})\w*\.?(?:\s+\d{{1,2}}(?:st|nd|rd|th)?)?,?(?: de)?/?\s*$"
    r"|\b\d{1,4}[./]\s*$|©\D{0,60}$",
    re.IGNORECASE,
)
_DATE = re.compile(rf"\b(?:{_MONTHS})\w*\.?\s+(?:\d{{1,2}},?\s+)?(?:19|20)\d\d", re.IGNORECASE)
_PERIOD = re.compile(r"\.?\s*(?:[-–—/]|to\b)\s*(?:(?:19|20)?\d\d|$)", re.IGNORECASE)
_LATER = re.compile(
    r"\b(by|until|till|to|through|vision|agenda|horizon|target|up to|до)\s*$"
    r"|(?:19|20)\d\d\.?\s*[-–—/]\s*$",
    re.IGNORECASE,
)
_SHORT = 75
_BODY = re.compile(
    r"(?:(?:[A-Z][\w’'-]+|of|and|for)\s+){0,4}"
    r"\b(?:Ministry|Office|Agency|Department|Authority|Directorate|Secretariat|Chancellery|Council"
    r"|Commission|Bureau|Cabinet|Parliament|Ministère|Ministerio|Ministério|Agence|Agencia|Agência)\b"
    r"(?:,?\s+(?:of|for|and|the|on|de|la|le|des|du|del|da|do|d’|et|e|y|&|\w*[A-Z][\w’'-]+|[a-zé]+ien(?:ne)?"
    r"|sécurité|numérique)){0,12}"
)  # fmt: skip


def end_text(document: Document) -> str:
    """The last 1,500 characters, where an imprint stands."""
    return document.text[-1500:]


def front_text(document: Document) -> str:
    """The text of the first three pages, at most 9,000 characters."""
    end = document.pages[min(FRONT_PAGES, len(document.pages)) - 1].end if document.pages else None
    return document.text[:end][:FRONT_CHARACTERS]


def title_of(document: Document) -> str:
    """The title as printed on the first pages; empty where no lines look like one.

    A title is often set on several lines, each a block of its own: runs of short blocks compete.
    """
    best, best_score = "", 1.0
    for run in _runs(document):
        for first in range(len(run)):
            for last in range(first + 1, min(first + _RUN, len(run)) + 1):
                text = " ".join(line for line, _ in run[first:last])
                score = _title_score(text) + max(weight for _, weight in run[first:last])
                if score > best_score:
                    best, best_score = text, score
    # A page number or a Markdown sign may stand before it.
    return re.sub(r"^(?:\d{1,3}|#+)\s+(?=\D)", "", best).strip(" -–—:")


def _runs(document: Document) -> Iterator[list[tuple[str, float]]]:
    first = next((page.number for page in document.pages if page.end - page.start > 20), 1)
    run: list[tuple[str, float]] = []
    page = first
    for index, block in enumerate(b for b in document.blocks if first <= b.page <= first + 1):
        text = _unspaced(document.text[block.start : block.end])
        continues = bool(run) and bool(_OPEN_END.search(run[-1][0]))
        ends = block.type not in _TITLE_TYPES or len(text.split()) > _WORDS or not text
        if ends or block.page != page or (_NOT_TITLE.fullmatch(text) and not continues):
            yield run
            run = []
        if index >= _BLOCKS:
            break
        page = block.page
        if ends or (_NOT_TITLE.fullmatch(text) and not continues):
            continue
        heading = 0.8 - 0.2 * block.level if block.type is BlockType.HEADING else 0.0
        run.append((text, heading - 0.12 * index - (0.4 if page > first else 0.0)))
    yield run


def _title_score(text: str) -> float:
    words = text.split()
    if not 2 <= len(words) <= _WORDS or sum(map(str.isalpha, text)) < 6:
        return -9.0
    score = 0.25 * min(len(words), 9) - 0.2 * max(0, len(words) - 14)
    score += 3.0 if _TITLE_WORD.search(text) else 0.0
    score += 0.6 if _SUBJECT.search(text) else 0.0
    score -= 2.0 if _OPEN_END.search(text) or text.endswith((".", ";")) else 0.0
    score -= 1.5 if re.match(r"(of|in|for|on|and|et|de|za|para)\b", text, re.IGNORECASE) else 0.0
    score -= 1.0 if text[:1].islower() or text.count(". ") else 0.0
    return score - (1.5 if _SENTENCE.search(text) else 0.0) - (1.0 if _DATE.search(text) else 0.0)


def _unspaced(text: str) -> str:
    # "C y b e r   S e c u r i t y" is letter-spaced type; words stand three spaces apart.
    if re.fullmatch(r"(?:\S(?: \S)*\s{2,})+\S(?: \S)*\s*", text) and " " in text[1:2]:
        text = re.sub(r"(?<=\S) (?=\S)", "", text)
    return " ".join(text.split())


def type_of(title: str) -> str | None:
    """What kind of document a title announces; None where it says nothing of it."""
    for name, pattern in _TYPES:
        if re.search(pattern, title, re.IGNORECASE):
            return name
    return None


def year_in_name(name: str) -> int | None:
    """The first year in a file name or title (1980 to next year; a range gives its first)."""
    glued = _GLUED.search(name)
    for found in filter(None, (*_YEAR.finditer(name), glued)):
        if _plausible(int(found[1])) and not _LATER.search(name[: found.start()]):
            return int(found[1])
    return None


def year_in_text(front: str, end: str = "") -> int | None:
    """The year of publication, from dates and periods that stand alone on short lines.

    Looked for on the front pages, then in the imprint at the `end`; a bare year on a short line
    comes last. Years in later sentences are history or plans, and are not taken.
    """
    passes = ((front, _SHORT, True), (end, _SHORT, True), (front[:1500], 400, True))
    for text, longest, dated in (*passes, (front, _SHORT, False)):
        for line in text.splitlines():
            if len(line.strip()) > longest:
                continue
            for found in _YEAR.finditer(line):
                before, after = line[: found.start()], line[found.end() :]
                if not _plausible(int(found[1])) or _LATER.search(before):
                    continue
                if not dated or _DATED.search(before) or _PERIOD.match(after):
                    return int(found[1])
    return None


def _plausible(year: int) -> bool:
    return 1980 <= year <= date.today().year + 1


def issuing_body_of(text: str) -> str | None:
    """The ministry, office or agency that the front matter names, as written; None if none."""
    lines = text[:4000].splitlines()
    for found in (match for line in lines for match in _BODY.finditer(line)):
        words = " ".join(found[0].split())
        words = re.sub(
            r"^(?:(?:of|and|for|The|By|by)\s+)+|(?:[\s,]+(?:of|for|and|the|on|de|la|le|des|du|del|da|do|et|e|y|&))+$",
            "",
            words,
        )
        # "Council, the European Economic and ..." is a list.
        if 2 <= len(words.split()) <= 12 and not re.match(r"\w+,", words):
            return words
    return None
