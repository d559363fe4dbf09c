"""Items that begin with a noun of action: "Establishment of a national CERT"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from miner.commitments.clause import Clause
from miner.commitments.phrases import end_of, noun_phrase
from miner.commitments.unit import NOMINAL_VERB, Parsed, Span
from miner.modality.lexicon import lexicon

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


def named_action(clause: Clause, doc: Doc, parsed: Parsed) -> Clause:
    """The clause with the noun as its action and what stands behind "of" as its object.

    The verb before the noun was put there for the parser; where the noun is none of those that
    name an action the clause is left as it is, and falls away with that verb.
    """
    if parsed.span(clause.action) is not None:
        return clause
    head = next((t for t in doc if t.dep_ == "dobj" and t.head.lemma_ == NOMINAL_VERB), None)
    opened = None if head is None else lexicon().opens.match(f"{head.lower_} of ")
    if head is None or opened is None or opened["verb"]:
        return clause
    last = head
    for token in sorted(head.conjuncts, key=lambda one: one.i):
        between = doc[last.i + 1 : token.i]
        if token.i > last.i and all(t.dep_ in ("cc", "punct") for t in between):
            last = token
    action = (head.idx, end_of(last))
    return replace(clause, action=action, object=_below(last) or _below(head), actor=None)


def _below(noun: Token) -> Span | None:
    for wanted in ("of", "for", "to", "in"):
        for child in noun.children:
            if child.dep_ == "prep" and child.lower_ == wanted:
                below = next((c for c in child.children if c.dep_ in ("pobj", "pcomp")), None)
                if below is not None:
                    return noun_phrase(below)
    return None
