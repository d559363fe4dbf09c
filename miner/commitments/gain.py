"""Beneficiaries: who is to gain from what a verb does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miner.commitments.grammar import Grammar
from miner.commitments.phrases import noun_phrase
from miner.commitments.unit import Span
from miner.commitments.verbs import own_subject

if TYPE_CHECKING:
    from spacy.tokens import Token


def gainer(token: Token, target: Token | None, words: Grammar) -> Span | None:
    """Who is to gain: a receiver behind "to" or "for", the object of verbs that benefit, whose
    skills or rights are the object, or who is supported by it."""
    if target is not None and token.lemma_ in words.benefits and is_people(target, words):
        return noun_phrase(target)
    places = [token] if target is None else [token, target]
    for place in places:
        for child in place.children:
            found = _receiver(child, words)
            if found is not None:
                return noun_phrase(found)
    for place in places:
        found = _owner_of(place, words) or _helped(place, words)
        if found is not None:
            return noun_phrase(found)
    return None


def _receiver(child: Token, words: Grammar) -> Token | None:
    if child.dep_ == "dative" and child.lower_ not in ("to", "for"):
        return child if is_people(child, words) else None
    if child.dep_ in ("prep", "dative") and child.lower_ in ("to", "for", "among"):
        below = next((c for c in child.children if c.dep_ == "pobj"), None)
        if below is None or any(c.dep_ == "prep" and c.lower_ == "of" for c in below.children):
            # "for the administration of registers", "for users of the net" are told by what is of
            return below if below is not None and _is_of_people(below, words) else None
        passed = child.head.lemma_ in words.passes and child.lower_ != "for"
        if is_people(below, words) or (passed and below.lemma_.lower() in words.actors):
            return below
    return None


def _owner_of(place: Token, words: Grammar) -> Token | None:
    """Whose skills, rights or awareness it is: "the awareness of citizens"; and who is to have
    what is ensured: "ensure that all staff have access"."""
    for child in place.children:
        if child.dep_ == "ccomp":
            subject = own_subject(child)
            if subject is not None and child.lemma_ in ("have", "receive", "get", "benefit"):
                return subject if is_people(subject, words) else None
        if place.lemma_.lower() not in words.owned:
            continue
        if child.dep_ == "poss" and is_people(child, words):
            return child
        if child.dep_ == "prep" and child.lower_ in ("of", "among"):
            below = next((c for c in child.children if c.dep_ == "pobj"), None)
            if below is not None and is_people(below, words):
                return below
    return None


def _helped(place: Token, words: Grammar) -> Token | None:
    """Whom it is to help: "software to support citizens"."""
    for child in place.children:
        if child.dep_ in ("acl", "advcl", "relcl") and child.lemma_ in (
            "support",
            "help",
            "assist",
        ):
            below = next((c for c in child.children if c.dep_ in ("dobj", "nsubj")), None)
            if below is not None and is_people(below, words):
                return below
    return None


def _is_of_people(token: Token, words: Grammar) -> bool:
    return is_people(token, words) and token.lemma_.lower() != "administration"


def is_people(token: Token, words: Grammar) -> bool:
    """Whether a noun is one of people or bodies."""
    return any(
        one.lemma_.lower() in words.people
        or (one.tag_ == "NNPS" and one.lower_.endswith(("ians", "icans", "anders")))
        for one in (token, *token.conjuncts)
    )
