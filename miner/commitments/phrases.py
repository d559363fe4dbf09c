"""Phrases of a parsed sentence as spans of its text: what belongs to a noun, and what does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from miner.commitments.unit import Span

if TYPE_CHECKING:
    from spacy.tokens import Token

_APART = frozenset({"relcl", "advcl", "parataxis", "dep", "cc:preconj"})
_EXAMPLES = frozenset(
    {"including", "such", "like", "according", "particularly", "especially", "namely"}
)
_OUTSIDE = frozenset(
    "under through via by during without despite per pursuant because due as until".split()
)
_TIME = frozenset(
    "year years month months week weeks day days end beginning middle decade period term quarter "
    "january february march april may june july august september october november december "
    "future time date basis regard order addition particular case accordance line".split()
)
_ALONG = frozenset("in of for into on within between among across against towards at from".split())
_WITH = frozenset(
    "compliance conformity cooperation co-operation collaboration dialogue partnership agreement "
    "alignment consistency interoperability coordination relations relationship ties".split()
)
_RESULT = frozenset({"thereby", "thus"})
_EDGES = ",;:.–—-•·|[]“‘«(>*"


def end_of(token: Token) -> int:
    """Where a token's last character is."""
    return int(token.idx) + len(token)


def noun_phrase(head: Token) -> Span:
    """The noun with its complements, without relative and purpose clauses, and examples."""
    tokens = sorted(head.subtree, key=lambda one: one.i)
    apart = {inner.i for one in _apart(head) for inner in one.subtree}
    kept = [one for one in tokens if one.i not in apart]
    first = head.i
    for token in reversed([one for one in kept if one.i < head.i]):
        if token.i != first - 1:
            break
        first = token.i
    last = head.i
    for token in (one for one in kept if one.i > head.i):
        # A gap is what was left out: words after it would no longer be a quote.
        if token.i != last + 1:
            break
        last = token.i
    return _trimmed(head.doc[first : last + 1])


def _apart(head: Token) -> Iterator[Token]:
    """Parts below a noun that are not of its phrase."""
    for token in head.subtree:
        if token.i != head.i and _is_apart(token, head):
            yield token


def _is_apart(token: Token, head: Token) -> bool:
    if token.dep_ in ("amod", "advcl") and token.i < head.i and _stands_before(token, head):
        return True
    if token.dep_ == "acl":
        late = token.doc[token.i - 1].text == ","
        return late or _is_purpose(token) or any(c.lower_ in _RESULT for c in token.children)
    if token.dep_ in ("prep", "amod", "advmod") and token.lower_ in _EXAMPLES:
        return True
    if token.dep_ == "prep":
        outside = token.lower_ in _OUTSIDE and token.head.pos_ != "VERB"
        return outside or (token.head.i == head.i and is_time(token))
    if token.dep_ == "appos":
        return not _in_brackets(token) and not _is_listed(token)
    if token.dep_ == "conj":
        # "A coordinated and targeted approach", "reporting and resolving incidents"
        joined = token.head.dep_ == "amod" or (
            token.tag_ == "VBG" and token.head.lower_.endswith("ing")
        )
        return token.pos_ in ("VERB", "AUX") and token.head.pos_ != "VERB" and not joined
    return token.dep_ in _APART


def _stands_before(token: Token, head: Token) -> bool:
    """Whether words stand before the noun and its article: "Aware of the risks, the Board"."""
    return any(c.dep_ == "det" and c.i > token.i for c in head.children)


def _is_purpose(token: Token) -> bool:
    return any(child.lower_ == "to" and child.dep_ == "aux" for child in token.children)


def _in_brackets(token: Token) -> bool:
    before = token.doc[token.left_edge.i - 1].text if token.left_edge.i > 0 else ""
    return before == "(" and len(token.text) <= 15


def _is_listed(token: Token) -> bool:
    """Whether what looks like an apposition is a member of a list: "A, B and C"."""
    return any(child.dep_ in ("conj", "appos") and child.i > token.i for child in token.children)


def is_time(prep: Token) -> bool:
    """Whether a preposition begins an adverb of time or a set phrase ("in order")."""
    if prep.lower_ not in (
        "by",
        "in",
        "until",
        "within",
        "during",
        "over",
        "before",
        "from",
        "for",
        "on",
    ):
        return False
    return any(
        child.dep_ == "pobj"
        and (child.lower_ in _TIME or (child.text.isdigit() and len(child) == 4))
        for child in prep.children
    )


def _trimmed(span: object) -> Span:
    tokens = list(span)  # type: ignore[call-overload]
    while tokens and (tokens[-1].is_space or tokens[-1].text in _EDGES or tokens[-1].dep_ == "cc"):
        tokens.pop()
    while tokens and (
        tokens[0].is_space or tokens[0].text in ",;:.–—-•·|[])>*" or tokens[0].dep_ == "cc"
    ):
        tokens.pop(0)
    if not tokens:
        return (0, 0)
    words = tokens[0].doc.text
    start, end = tokens[0].idx, end_of(tokens[-1])
    # The tokenizer parts "sub-strategies", and the parser may keep its first half only.
    while end + 1 < len(words) and words[end] in "-–/" and words[end + 1].isalnum():
        end += 1
        while end < len(words) and words[end].isalnum():
            end += 1
    # A bracket that is opened and not closed is left out.
    words = words[start:end]
    if words.count("(") > words.count(")"):
        end = start + words.rindex("(")
        end -= len(words[: end - start]) - len(words[: end - start].rstrip(" ,;"))
    elif words.endswith(")") and words.count(")") > words.count("("):
        end -= 1
    return start, end


def with_adverbial(span: Span, verb: Token) -> Span:
    """An object with the place or purpose behind it that the parser gave to the verb.

    Whether "in a few areas" hangs from the verb or from the noun is a guess of the parser's;
    readers take it with the noun.
    """
    for child in verb.children:
        if child.dep_ != "prep" or child.idx != span[1] + 1:
            continue
        last = child.doc[child.i - 1].lower_
        if child.lower_ in _ALONG or (child.lower_ == "with" and last in _WITH):
            below = next((c for c in child.children if c.dep_ in ("pobj", "pcomp")), None)
            if below is not None and not is_time(child):
                end = clause_span(below)[1] if below.dep_ == "pcomp" else noun_phrase(below)[1]
                return span[0], max(end, span[1])
    return span


def clause_span(verb: Token) -> Span:
    """A subordinate clause from behind its "that" to its end."""
    tokens = [one for one in sorted(verb.subtree, key=lambda one: one.i) if not one.is_space]
    while tokens and tokens[0].dep_ == "mark":
        tokens.pop(0)
    if not tokens:
        return (verb.idx, end_of(verb))
    while len(tokens) > 1 and tokens[-1].text in _EDGES:
        tokens.pop()
    return tokens[0].idx, end_of(tokens[-1])
