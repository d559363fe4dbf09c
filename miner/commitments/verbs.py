"""Verbs of a sentence: which are main verbs, and what they take over from one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token


_SUBJECTS = ("nsubj", "nsubjpass", "csubj")


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb with what it has from its auxiliaries or from the verb it is joined to."""

    token: Token
    subject: Token | None
    passive: bool
    auxiliaries: tuple[Token, ...]
    first: Token  # where its action begins: an earlier verb that shares its object
    inherited: bool = False


def main_verbs(root: Token) -> Iterator[Verb]:
    """The main verbs of a sentence, in the order of their heads."""
    for token in (root, *_beside(root)):
        if token.pos_ not in ("VERB", "AUX"):
            continue
        yield from joined(verb_of(token, None))


def joined(verb: Verb) -> Iterator[Verb]:
    """A verb and those joined to it; verbs with nothing between share what follows."""
    following = [
        c for c in verb.token.conjuncts if c.i > verb.token.i and c.pos_ in ("VERB", "AUX")
    ]
    first, last = verb.first, verb
    for token in sorted(following, key=lambda one: one.i):
        made = verb_of(token, last)
        if made.inherited and not _alike(made, last):
            continue
        if last.auxiliaries and not made.auxiliaries and token.tag_ == "VBD":
            continue  # "will prepare X and provided Y": a participle that was misread
        if made.inherited and _adjoin(last.token, token):
            last = replace(made, first=first)
            continue
        yield last
        first, last = made.token, made
    yield last


def own_subject(token: Token) -> Token | None:
    """The subject that hangs from a verb itself."""
    found = next((child for child in token.children if child.dep_ in _SUBJECTS), None)
    if found is not None and found.dep_ == "csubj":
        # "The ministries represented in the group will submit": a participle read as a verb.
        return next((c for c in found.children if c.dep_ in ("nsubj", "nsubjpass")), found)
    return found


def verb_of(token: Token, before: Verb | None) -> Verb:
    """A verb with its subject and auxiliaries; from `before`, which it is joined to, it takes
    what it lacks."""
    auxiliaries = tuple(c for c in token.children if c.dep_ in ("aux", "auxpass"))
    subject = own_subject(token)
    passive = any(c.dep_ == "auxpass" for c in token.children) or (
        subject is not None and subject.dep_ == "nsubjpass"
    )
    if before is None or subject is not None:
        participle = token.tag_ in ("VBN", "VBD") and not auxiliaries
        if before is not None and before.passive and participle:
            # "X must be analysed and Y identified"
            return Verb(token, subject, True, before.auxiliaries, token)
        if subject is None:
            subject = _before(auxiliaries)
        return Verb(token, subject, passive, auxiliaries, token)
    same = token.tag_ in ("VB", "VBN", "VBG", before.token.tag_)
    # "has resulted in X and enables Y": a finite verb takes over the subject only.
    if not auxiliaries and same and not (before.auxiliaries and token.tag_ in ("VBZ", "VBP")):
        return Verb(
            token,
            before.subject,
            before.passive and token.tag_ in ("VBN", "VBD"),
            before.auxiliaries,
            token,
            inherited=True,
        )
    return Verb(token, before.subject, passive, auxiliaries, token)


def _beside(root: Token) -> Iterator[Token]:
    """Sentences that the parser hung below the root: "X will be done; Y will be done"."""
    for child in root.children:
        if child.dep_ not in ("ccomp", "parataxis", "advcl") or child.i > root.i:
            continue
        bound = any(c.dep_ == "mark" or c.tag_ in ("WRB", "WDT", "WP") for c in child.children)
        whole = child.dep_ != "advcl" or any(c.tag_ == "MD" for c in child.children)
        if whole and not bound and own_subject(child) is not None:
            yield child
            yield from _beside(child)


def _alike(made: Verb, before: Verb) -> bool:
    """Whether a joined verb has the form that what it takes over asks for."""
    one, other = made.token.tag_, before.token.tag_
    pair = ("VBN", "VBD"), ("VBZ", "VBP"), ("VB", "VBP")
    return one == other or any(one in forms and other in forms for forms in pair)


def _before(auxiliaries: tuple[Token, ...]) -> Token | None:
    """The noun right before a modal, where the parser found no subject."""
    if not auxiliaries or auxiliaries[0].tag_ != "MD" or auxiliaries[0].i == 0:
        return None
    token = auxiliaries[0].doc[auxiliaries[0].i - 1]
    return token if token.pos_ in ("NOUN", "PROPN") else None


def _adjoin(left: Token, right: Token) -> bool:
    """Whether only "and", commas and adverbs stand between two verbs."""
    between = left.doc[left.i + 1 : right.i]
    return all(
        one.dep_ in ("cc", "punct", "advmod", "aux", "prt")
        or one.is_space
        # "plan for and support": the preposition has no object of its own.
        or (one.dep_ == "prep" and not any(True for _ in one.children))
        for one in between
    )
