"""A Clause: one main verb with who does what; spans are of the parsed text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from miner.commitments.gain import gainer, is_people
from miner.commitments.grammar import Grammar, grammar
from miner.commitments.phrases import (
    clause_span,
    end_of,
    is_time,
    noun_phrase,
    with_adverbial,
)
from miner.commitments.unit import Span
from miner.commitments.verbs import Verb, own_subject
from miner.modality.lexicon import ModalClass, lexicon

if TYPE_CHECKING:
    from spacy.tokens import Token


@dataclass(frozen=True, slots=True)
class Clause:
    """Spans are of the parsed text. verbs: indexes of the tokens that make the verb group.

    agentive: the actor is one who can act, not a thing or a text.
    """

    modal: ModalClass
    modal_span: Span | None
    action: Span
    actor: Span | None
    agentive: bool
    object: Span | None
    beneficiary: Span | None
    verbs: tuple[int, ...]


def made_of(verb: Verb, modal: ModalClass, span: Span | None, words: Grammar) -> list[Clause]:
    first, token = verb.first, verb.token
    verbs = [token.i, verb.first.i]
    while token.lemma_ in words.light and not verb.passive:
        inner = next(
            (
                c
                for c in token.children
                if c.dep_ == "xcomp" and c.pos_ == "VERB" and c.i == token.i + 2
            ),
            None,
        )
        if inner is None:
            break
        token = inner
        verbs.append(token.i)
    particle = next(
        (
            c
            for c in token.children
            if c.i == token.i + 1
            and (c.dep_ == "prt" or c.lower_ in ("aside", "forward", "together"))
        ),
        None,
    )
    action = (first.idx, end_of(particle or token))
    if verb.passive:
        actor = _agent(token)
        target = noun_phrase(verb.subject) if verb.subject is not None else None
        gains = gainer(token, verb.subject, words)
        agentive = actor is not None
    else:
        actor = verb.subject
        if actor is not None and actor.dep_ == "csubj":
            actor = None
        head, target = _target(token, first)
        gains = gainer(token, head, words)
        agentive = is_agentive(actor, words)
    doer = noun_phrase(actor) if actor is not None else None
    return [Clause(modal, span, action, doer, agentive, target, gains, tuple(verbs))]


def is_agentive(token: Token | None, words: Grammar) -> bool:
    """Whether a subject is one who can act: a body, a person or a name."""
    if token is None:
        return False
    if token.pos_ == "PRON":
        return token.lower_ in ("we", "they", "i", "it", "who", "us")
    heads = [token, *(c for c in token.conjuncts)]
    if token.lower_ in words.things:
        return False
    return any(
        one.lemma_.lower() in words.actors
        or one.pos_ == "PROPN"
        or (one.text.isupper() and len(one) > 1)
        or (one.text[0].isupper() and lexicon().actor.search(one.text) is not None)
        for one in heads
    )


def has_agent(token: Token) -> bool:
    """Whether a passive names who does it."""
    return _agent(token) is not None


def _agent(token: Token) -> Token | None:
    """Who does what a passive says: "by the Ministry", "through the authorities"."""
    words = grammar()
    for child in token.children:
        if child.dep_ == "agent" and not is_time(child):
            named = next((c for c in child.children if c.dep_ == "pobj"), None)
            # "By telephone" and "by a fine" are no actors.
            if named is not None and (is_agentive(named, words) or is_people(named, words)):
                return named
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ in ("through", "via", "between"):
            named = next((c for c in child.children if c.dep_ == "pobj"), None)
            if named is not None and named.lemma_.lower() in words.actors:
                return named
    return None


def _target(token: Token, first: Token) -> tuple[Token | None, Span | None]:
    """What an active verb is done to: its head noun and its span."""
    for verb in (token, first):
        for child in verb.children:
            placed = child.lower_ in ("place", "force") and child.nbor(-1).lower_ in ("in", "into")
            if child.dep_ == "dobj" and child.tag_ != "PRP$" and not placed:
                return child, with_adverbial(noun_phrase(child), token)
    for child in token.children:
        if child.dep_ in ("ccomp", "xcomp") and child.i > token.i:
            small = own_subject(child)
            marked = any(c.dep_ == "mark" for c in child.children)
            finite = child.tag_ in ("VBZ", "VBP", "VBD", "MD") or any(
                c.dep_ in ("aux", "auxpass") and c.lower_ != "to" for c in child.children
            )
            if child.dep_ == "ccomp" and (marked or finite):
                return None, clause_span(child)
            if small is not None:
                return small, noun_phrase(small)
            if child.tag_ == "VBG":
                return None, clause_span(child)
    for child in token.children:
        if child.dep_ in ("attr", "acomp") and child.i > token.i:
            return child, noun_phrase(child)
    for child in token.children:
        if child.dep_ in ("prep", "dative") and child.i > token.i and not is_time(child):
            below = next((c for c in child.children if c.dep_ in ("pobj", "pcomp")), None)
            if below is None or child.lower_ in ("by", "through", "via", "as", "due", "because"):
                if child.lower_ == "as" and below is not None and token.lemma_ in ("act", "serve"):
                    return below, noun_phrase(below)
                continue
            if below.tag_ == "VBG" and below.dep_ == "pcomp":
                return None, clause_span(below)
            return below, noun_phrase(below)
    return None, None
