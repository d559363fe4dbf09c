"""Forms: how an item begins, and so what the parser is to be given with it."""

from __future__ import annotations

import re

from miner.commitments.grammar import grammar
from miner.commitments.unit import Form
from miner.modality.lexicon import lexicon

FINITE = re.compile(
    r"(?<!that )(?<!which )(?<!who )\b(?:will|shall|must|should|could|may|might|would|is|are|was|"
    r"were|has|have|had|can|needs|aims|intends|seeks|requires?|contributes?|includes?)\b",
    re.I,
)
_NOUN_NEXT = re.compile(
    r"\s+(?:for|of|in|on|from|by|is|are|was|were|has|have|had|will|shall|must|can)\b"
)
_FINITE_NEXT = re.compile(r"\s+(?:is|are|was|were|has|have|had|will|shall|must|should|can|may)\b")
_INFINITIVE = re.compile(r"[Tt]o\s+(?:\w+ly\s+)?(?=[a-z]{2,}\b)")
_GERUND = re.compile(r"(?:[A-Za-z]+ly\s+)?([A-Za-z]{2,}ing)\b")
_THIRD = re.compile(r"(?:[A-Za-z]+ly\s+)?([A-Za-z][a-z]+(?:es|s))[,\s]+(?=[a-z])")
_THIRD_WORD = re.compile(r"\b[a-z]+s(?=\s+(?:the|an?|its|their|all|[a-z]+)\b)")
_CLAUSE_END = re.compile(r",|;|\s(?:if|where|when|that|which|who|so|as)\s")
_ADVERB = re.compile(r"(?:[A-Za-z]+ly|Further|Also|Continuously)\s+")
_ARTICLE = re.compile(r"(?:the|an?)\s+", re.I)


def infinitive(text: str, start: int, end: int) -> int:
    """Where the verb of an item begins that may begin with "to"."""
    opened = _INFINITIVE.match(text, start, end)
    if opened is None:
        return start
    return start + 3 if opened.group().rstrip().endswith("ly") else opened.end()


def form_of(text: str, start: int, end: int, listed: bool) -> Form:
    """What a unit begins with."""
    words = grammar()
    if _INFINITIVE.match(text, start, end) and (listed or text[start] == "T"):
        # "To address the lack of laws, Congress enacted ..." is a sentence.
        return "sentence" if text[end - 1] == "." and not listed else "imperative"
    body = _ADVERB.match(text, start, end)
    at = body.end() if body else start
    opens = lexicon().opens.match(text, at, end)
    if opens is not None and opens["verb"]:
        first = opens["verb"].lower()
        verb_end = opens.end("verb")
        if not _FINITE_NEXT.match(text, verb_end, end) and not (
            first in words.ambiguous
            and _NOUN_NEXT.match(text, verb_end, end)
            and not re.match(r"\s+on\b", text[verb_end:end])
        ):
            return "imperative"
    whole_sentence = text[end - 1] in ".!?" and not listed
    gerund = _GERUND.match(text, start, end)
    if gerund is not None and gerund[1].lower() not in words.not_gerunds:
        # In an item "..., ensuring that data are deleted" is no main clause.
        until = _main_part(text, start, end) if listed else end
        if whole_sentence or FINITE.search(text, start, until) or is_title(text[start:end]):
            return "sentence"
        return "gerund"
    article = _ARTICLE.match(text, start, end)
    nominal = lexicon().opens.match(text, article.end() if article else start, end)
    if nominal is not None and not nominal["verb"]:
        finite = FINITE.search(text, start, end) is not None
        if article is not None and whole_sentence:
            finite = finite or _tells(text, article.end(), end)
        return "sentence" if finite else "nominal"
    third = _THIRD.match(text, start, end)
    if third is not None and listed and _lemma(third[1].lower()) in words.operating:
        return "third"
    return "sentence"


def _main_part(text: str, start: int, end: int) -> int:
    """Where the first clause of an item ends."""
    found = _CLAUSE_END.search(text, start, end)
    return found.start() if found is not None else end


def _tells(text: str, start: int, end: int) -> bool:
    """Whether a sentence has a verb in the third person: "A coordination unit supports ..."."""
    words = grammar()
    return any(
        _lemma(one[0]) in words.operating and _lemma(one[0]) not in words.ambiguous - {"support"}
        for one in _THIRD_WORD.finditer(text, start, end)
    )


def is_title(words: str) -> bool:
    """Whether a few words are a heading: "Guiding Principles"."""
    parts = words.split()
    return len(parts) < 2 or (len(parts) <= 4 and all(part[0].isupper() for part in parts))


def _lemma(word: str) -> str:
    """A verb's base form from its third person."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1]
