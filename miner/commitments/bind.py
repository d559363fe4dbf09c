"""Verbs that bind through another: "aims to", "is to", "has to", "it is necessary to"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from miner.commitments.clause import Clause, is_agentive, made_of
from miner.commitments.grammar import Grammar
from miner.commitments.phrases import end_of, noun_phrase
from miner.commitments.state import modal_of
from miner.commitments.unit import Span
from miner.commitments.verbs import Verb, joined, verb_of
from miner.modality.lexicon import ModalClass

if TYPE_CHECKING:
    from spacy.tokens import Token


_BINDS_LESS: tuple[ModalClass, ...] = ("aim", "aspiration")


def chain(verb: Verb, words: Grammar) -> list[Clause] | None:
    """A verb that binds by another that hangs from it: "aims to", "is to", "has to".

    None where it is no such verb; an empty list where it is and binds to nothing.
    """
    token = verb.token
    inner = hanging(token)
    own = modal_of(verb, words)
    complement = next((c for c in token.children if c.dep_ in ("acomp", "attr", "oprd")), None)
    name: ModalClass | None = None
    if token.lemma_ == "be" and complement is None and inner is not None:
        goal = verb.subject is not None and verb.subject.lemma_.lower() in words.goals
        if goal and verb.subject is not None and _of_thing(verb.subject):
            return []
        name = "aim" if goal else "duty"
        if goal and verb.subject is not None:
            actor = next((c for c in verb.subject.children if c.dep_ == "poss"), None)
            start = verb.subject.idx
            to = _to(inner)
            return _bound(verb, inner, name, (start, to if to else end_of(token)), words, actor)
    elif token.lemma_ in ("be", "consider", "deem") and complement is not None:
        return _predicated(verb, complement, inner, own, words)
    elif token.lemma_ == "have" and inner is not None and _is_infinitive(inner):
        name = "duty"
    elif inner is not None and token.lemma_ in words.chains:
        name = words.chains[token.lemma_]
        if name == "duty" and not verb.passive:
            return []
        if token.lemma_ in ("look", "work", "mean", "go") and not (
            token.lemma_ == "go" and token.tag_ == "VBG"
        ):
            name = None
    if name is None or inner is None:
        return None
    if own is not None and name not in _BINDS_LESS and own[0] != "aspiration":
        name = own[0] if token.lemma_ == "have" or name == "plan" else name
        if own[0] in _BINDS_LESS:
            name = own[0]
    if own is not None and own[0] == "aspiration":
        name = "aspiration"
    if inner.lemma_ in words.courtesy:
        return []
    first = verb.auxiliaries[0] if verb.auxiliaries else token
    first = token if first.i > token.i else first
    end = _to(inner) if inner.i - token.i <= 4 else None
    return _bound(verb, inner, name, (first.idx, end or end_of(token)), words, verb.subject)


def _of_thing(goal: Token) -> bool:
    """Whether it is what something is for: "the purpose of such a measure is to"."""
    return goal.lemma_.lower() == "purpose" and any(c.lower_ == "of" for c in goal.children)


def hanging(token: Token) -> Token | None:
    """The verb that a verb governs: an infinitive, or an -ing behind "to" or "at"."""
    for child in token.children:
        if child.dep_ == "xcomp" and child.pos_ in ("VERB", "AUX") and child.i > token.i:
            return child
        if child.dep_ == "prep" and child.lower_ in ("to", "at", "with"):
            for below in child.children:
                if below.dep_ == "pcomp" and below.tag_ == "VBG":
                    return below
    if token.lemma_ in ("intend", "plan", "seek", "aim", "strive", "commit", "undertake"):
        # Purpose clauses of verbs that mean purpose are what they bind to.
        for child in token.children:
            if child.dep_ == "advcl" and child.i > token.i and _is_infinitive(child):
                return child
    return None


def _predicated(
    verb: Verb,
    complement: Token,
    inner: Token | None,
    own: tuple[ModalClass, Span] | None,
    words: Grammar,
) -> list[Clause] | None:
    """ "It is necessary to", "is responsible for", "are committed to"."""
    token = verb.token
    lemma = complement.lemma_.lower()
    inner = inner or hanging(complement)
    start = (verb.auxiliaries[0] if verb.auxiliaries else token).idx
    if lemma in words.needed:
        subject = verb.subject
        told = next((c for c in (*token.children, *complement.children) if c.dep_ == "ccomp"), None)
        if inner is not None and _is_infinitive(inner):
            begin = subject.idx if subject is not None and subject.lower_ == "it" else start
            return _bound(
                verb, inner, "aim", (begin, _to(inner) or end_of(complement)), words, None
            )
        if told is not None and subject is not None and subject.lower_ == "it":
            mark = next((c for c in told.children if c.dep_ == "mark"), None)
            end = end_of(mark) if mark is not None and mark.i == complement.i + 1 else None
            span = (subject.idx, end or end_of(complement))
            return made_of(verb_of(told, None), "aim", span, words)
        return None
    if lemma in ("responsible", "accountable"):
        name: ModalClass = own[0] if own is not None else "operating"
        prep = next(
            (c for c in complement.children if c.dep_ == "prep" and c.lower_ == "for"), None
        )
        if prep is None:
            return None
        below = next((c for c in prep.children if c.dep_ in ("pobj", "pcomp")), None)
        if below is None:
            return None
        if below.tag_ == "VBG":
            return _bound(verb, below, name, (start, end_of(prep)), words, verb.subject)
        return [
            Clause(
                name,
                (start, end_of(token)),
                (complement.idx, end_of(complement)),
                noun_phrase(verb.subject) if verb.subject is not None else None,
                is_agentive(verb.subject, words),
                noun_phrase(below),
                None,
                (token.i, complement.i),
            )
        ]
    if inner is not None and lemma in ("committed", "determined", "due", "set", "bound", "obliged"):
        name = "duty" if lemma in ("bound", "obliged") else "plan"
        return _bound(
            verb, inner, name, (start, _to(inner) or end_of(complement)), words, verb.subject
        )
    return None


def _is_infinitive(token: Token) -> bool:
    return any(child.dep_ == "aux" and child.lower_ == "to" for child in token.children)


def _to(token: Token) -> int | None:
    """The end of the "to" of an infinitive."""
    for child in token.children:
        if child.dep_ == "aux" and child.lower_ == "to":
            return end_of(child)
    return None


def _bound(
    outer: Verb, inner: Token, modal: ModalClass, span: Span, words: Grammar, actor: Token | None
) -> list[Clause]:
    """The clauses of a verb that another governs, and of those joined to it."""
    passive = any(c.dep_ == "auxpass" for c in inner.children)
    subject = outer.subject if passive and outer.subject is not None else actor
    first = Verb(inner, subject, passive, (), inner)
    made = [
        clause
        for verb in joined(first)
        if verb.token.i == inner.i or verb.inherited
        for clause in made_of(verb, modal, span, words)
    ]
    return [replace(one, verbs=(*one.verbs, outer.token.i)) for one in made[:1]] + made[1:]
