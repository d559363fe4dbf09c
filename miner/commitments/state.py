"""What a verb says by itself: a promise by its modal, a measure by its tense."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miner.commitments.clause import has_agent, is_agentive
from miner.commitments.grammar import Grammar
from miner.commitments.phrases import end_of
from miner.commitments.unit import Span
from miner.commitments.verbs import Verb
from miner.modality.lexicon import ModalClass

if TYPE_CHECKING:
    from spacy.tokens import Token


_FORECASTS = ("likely", "probably", "inevitably", "undoubtedly")


def stated(verb: Verb, words: Grammar) -> tuple[ModalClass, Span | None] | None:
    """The class of a verb that no other governs, with the words that carry it."""
    token, subject = verb.token, verb.subject
    own = modal_of(verb, words)
    agentive = is_agentive(subject, words)
    negated = any(child.dep_ == "neg" for child in token.children)
    if own is not None:
        return own if _promises(verb, own[0], agentive, negated, words) else None
    if negated or (subject is not None and subject.lower_ == "you"):
        return None
    if any(one.lower_ in ("can", "had", "did", "do", "does", "ca") for one in verb.auxiliaries):
        return None
    return _measure(verb, agentive, words)


def modal_of(verb: Verb, words: Grammar) -> tuple[ModalClass, Span] | None:
    """The class of the verb's own modal ("will", "shall")."""
    for one in verb.auxiliaries:
        name = words.modals.get(one.lower_)
        if name is not None:
            return name, (one.idx, end_of(one))
    if verb.subject is None or verb.auxiliaries:
        return None
    # "The Agency shall, no later than 30 June 2021, submit": what is put in between hides it.
    between = verb.subject.doc[verb.subject.i : verb.token.i]
    for one in between if len(between) < 40 else ():
        if one.tag_ == "MD" and one.nbor().text == "," and one.lower_ in words.modals:
            return words.modals[one.lower_], (one.idx, end_of(one))
    return None


def _promises(verb: Verb, name: ModalClass, agentive: bool, negated: bool, words: Grammar) -> bool:
    """Whether a modal promises: forecasts and effects are told by their subjects and verbs."""
    token = verb.token
    if any(child.lower_ in _FORECASTS for child in token.children):
        return False
    if negated:
        return name == "duty"
    if verb.passive:
        return token.lemma_ not in words.idle and (name != "aspiration" or has_agent(token))
    if token.lemma_ == "be":
        able = any(c.dep_ == "acomp" for c in token.children)
        return (agentive or name == "duty") and not (able and name != "duty")
    if name == "duty" or (name == "aim" and verb.subject is not None):
        return agentive or token.lemma_ not in words.effects or name == "duty"
    if name == "aspiration":
        return agentive
    return agentive or verb.subject is None or token.lemma_ not in words.effects


def _measure(verb: Verb, agentive: bool, words: Grammar) -> tuple[ModalClass, Span | None] | None:
    """Completed or operating, by tense; only of verbs that measures are made of."""
    token = verb.token
    helpers = [one for one in verb.auxiliaries if one.lower_ != "to"]
    span = (helpers[0].idx, end_of(helpers[-1])) if helpers else None
    lemma = token.lemma_.lower()
    known = lemma in words.completed or lemma in words.operating
    forms = {one.lower_ for one in helpers}
    if token.lemma_ == "be":
        head = next((c for c in token.children if c.dep_ == "attr"), None)
        able = head is not None and head.lemma_.lower() in words.institutions
        able = able and (agentive or _is_institution(verb.subject, words))
        return ("operating", None) if able and token.tag_ in ("VBZ", "VBP") else None
    if forms & {"have", "has", "’ve", "'ve"}:
        if token.tag_ == "VBG":
            return ("operating", span) if known else None
        return ("completed", span) if known else None
    if forms & {"was", "were"}:
        return ("completed", span) if lemma in words.completed and verb.passive else None
    if token.tag_ == "VBG" and forms & {"is", "are", "’re", "'re", "am"}:
        able = agentive or verb.passive or _is_institution(verb.subject, words)
        return ("operating", span) if known and able else None
    if forms & {"is", "are", "being", "’re"}:
        able = verb.passive and lemma in words.operating and lemma not in words.idle
        return ("operating", span) if able else None
    if helpers:
        return None
    if token.tag_ == "VBD" or (token.tag_ == "VBN" and verb.subject is not None):
        return ("completed", None) if lemma in words.completed and agentive else None
    if token.tag_ in ("VBZ", "VBP"):
        if lemma == "have":
            held = next((c for c in token.children if c.dep_ == "dobj"), None)
            able = held is not None and held.lemma_.lower() in words.institutions
            return ("operating", None) if able and agentive else None
        return ("operating", None) if lemma in words.operating and agentive else None
    if token.tag_ in ("VB", "VBG") and verb.subject is None and _opens(token):
        return "plan", None
    return None


def _is_institution(token: Token | None, words: Grammar) -> bool:
    return token is not None and (
        token.lemma_.lower() in words.institutions or _capital_within(token.text)
    )


def _capital_within(word: str) -> bool:
    """Whether a word is written like a name: "OnSecure", "eID"."""
    return any(letter.isupper() for letter in word[1:])


def _opens(token: Token) -> bool:
    """Whether a verb begins its sentence."""
    return all(
        one.is_space or one.is_punct or one.pos_ in ("ADV", "NUM") or one.lower_ == "to"
        for one in token.sent[: token.i - token.sent.start]
    )
