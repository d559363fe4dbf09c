"""Main clauses that promise, oblige or report, of one parsed text.

One sentence gives one Clause per main verb; verbs that share an object are one. Rules go by the
dependency labels of spaCy's English models (ClearNLP's scheme).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from miner.commitments.bind import chain, hanging
from miner.commitments.clause import Clause, made_of
from miner.commitments.grammar import Grammar, grammar
from miner.commitments.state import stated
from miner.commitments.verbs import Verb, joined, main_verbs, verb_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


def clauses(doc: Doc, *, item: bool = False) -> Iterator[Clause]:
    """The clauses of a parsed text, in order.

    item: the text is an item to which a subject was given ("We will", "It"): what that subject
    does is always a clause, of the class `plan`.
    """
    words = grammar()
    found = [
        clause
        for sentence in doc.sents
        for verb in main_verbs(sentence.root)
        for clause in _clauses(verb, words, item)
    ]
    yield from sorted(found, key=lambda one: one.action)


def _clauses(verb: Verb, words: Grammar, item: bool) -> Iterator[Clause]:
    token, subject = verb.token, verb.subject
    if item and subject is not None and subject.i == 0:
        if verb.inherited and token.tag_ == "VBZ":
            return  # "analyse the part that is ours, or supports it"
        if token.lemma_ in ("aim", "seek", "strive", "try") and hanging(token) is not None:
            yield from chain(verb, words) or ()
        else:
            yield from made_of(verb, "plan", None, words)
        return
    if subject is not None and subject.lemma_.lower() in words.texts and not verb.passive:
        return
    if token.lemma_ in words.courtesy or token.sent.text.rstrip().endswith("?"):
        return
    if any(child.dep_ == "expl" for child in token.children):
        return
    told = _reported(verb)
    if told is not None:
        yield from _joined_clauses(told, words)
        return
    bound = chain(verb, words)
    if bound is not None:
        yield from bound
        return
    said = stated(verb, words)
    if said is not None:
        yield from made_of(verb, said[0], said[1], words)


def _joined_clauses(token: Token, words: Grammar) -> Iterator[Clause]:
    for verb in joined(verb_of(token, None)):
        yield from _clauses(verb, words, False)


def _reported(verb: Verb) -> Token | None:
    """What "it is envisaged that" introduces, where that has a modal of its own."""
    if verb.subject is None or verb.subject.lower_ != "it" or not verb.passive:
        return None
    for child in verb.token.children:
        if child.dep_ == "ccomp" and any(c.tag_ == "MD" for c in child.children):
            return child
    return None
