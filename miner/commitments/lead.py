"""Lead-ins: what the items of a list take from the line above them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from miner.commitments.clause import Clause
from miner.commitments.commitment import quoted
from miner.commitments.grammar import grammar
from miner.commitments.unit import Parsed, Span, Unit
from miner.modality.lexicon import PROMISES, ModalClass

_GOAL = re.compile(
    r"(?:[\w’'-]+\s+){0,3}?(?:objective|goal|aim|priorit|ambition|target)\w*\b[^:]{0,80}?"
    r"\b(?:is|are)\b",
    re.I,
)
_DUTY = re.compile(
    r"\b(?:(?:is|are)\s+subject\s+to\b[^:]{0,40}|(?:has|have)\s+the\s+(?:following\s+)?)?"
    r"(?:obligations?|duties|requirements?)\b",
    re.I,
)
_TASKS = re.compile(
    r"\b(?:functions?|tasks?|responsibilit\w+|role|mandate|services|activities)\b[^:]{0,60}?"
    r"\b(?:includes?|are|is|comprises?)\b",
    re.I,
)
_MODAL = re.compile(r"\b(will|shall|must|should|could|may|might)(?:\s+\w+ly|\s+also)?\s*:?$", re.I)
_CHAIN = re.compile(
    r"\b((?:(?:commit|undertake|agree|pledge|aim|intend|seek|plan|propose|need|endeavour|strive)"
    r"(?:s|es)?|(?:is|are)(?:\s+(?:required|obliged|committed|tasked))?|has|have)\s+(?:to|with)"
    r"|(?:is|are)\s+responsible\s+for)\s*:?$",
    re.I,
)
_OF_TASKS = re.compile(
    r"(?:['’]s?)?\s+(?:\w+\s+)?(?:roles?|responsibilities|functions|tasks|duties)\b.*", re.S
)
_NO_NAME = re.compile(
    r"(?:and|or|but|which|that|who|to|in|for|by|of|with|as|on|at|(?:this|these|it)(?!\s+\w))\b",
    re.I,
)
_INCLUDES = re.compile(
    r"\b(will|shall|must|should)\s+(?:also\s+)?(?:include|comprise|cover|involve|consist\s+of|focus\s+on|"
    r"address|undertake|take|do|perform|implement|carry\s+out)\b(?:[^:]{0,40}\b(?:following|these|below)\b.*)?$",
    re.I | re.S,
)
_POINTS = re.compile(r"\b(?:following|these|below|as follows)\b", re.I)


@dataclass(frozen=True, slots=True)
class Head:
    """What a lead-in hands down; spans are of the passage. modal: None where it binds nobody
    ("Activities:"): an item is a plan then, as it stands."""

    modal: ModalClass | None = None
    span: Span | None = None
    actor: Span | None = None
    agentive: bool = False


def only_leads(words: str) -> bool:
    """Whether a lead-in says nothing that its items do not say."""
    return any(one.search(words) for one in (_POINTS, _MODAL, _CHAIN, _GOAL, _DUTY, _TASKS))


def head_of(text: str, unit: Unit, parsed: Parsed, said: Sequence[Clause]) -> Head:
    """The Head of a lead-in, from its last words, else from its own clause."""
    words = text[unit.start : unit.end].rstrip(": ")
    goal, duty = _GOAL.search(words), _DUTY.search(words)
    for pattern in (_MODAL, _CHAIN):
        ends = pattern.search(words)
        # "The objectives are to:" is no duty of the objectives.
        if ends is not None and not (
            goal is not None and ends[1].lower().startswith(("is", "are"))
        ):
            span = (unit.start + ends.start(1), unit.start + ends.end(1))
            actor = _named(text, unit.start, span[0])
            return Head(_class_of(ends[1]), span, actor, actor is not None)
    includes = _INCLUDES.search(words)
    first = said[0] if said else None
    if includes is not None and (first is None or not first.agentive):
        span = (unit.start + includes.start(1), unit.start + includes.end(1))
        actor = _named(text, unit.start, span[0])
        return Head(_class_of(includes[1]), span, actor, False)
    actor = parsed.span(first.actor) if first is not None and first.agentive else None
    if goal is not None:
        return Head("aim", (unit.start + goal.start(), unit.start + goal.end()), actor)
    if duty is not None:
        actor = _named(text, unit.start, unit.start + duty.start())
        return Head("duty", (unit.start + duty.start(), unit.start + duty.end()), actor, True)
    if _TASKS.search(words) and (first is None or first.modal not in PROMISES):
        return Head("operating", None, actor, actor is not None)
    if first is None or first.modal not in PROMISES:
        return Head(actor=actor, agentive=first is not None and first.agentive)
    return Head(first.modal, parsed.span(first.modal_span), actor, first.agentive)


def _class_of(words: str) -> ModalClass:
    """The class of the words that a lead-in ends with: "will", "commits to"."""
    known = grammar()
    first = words.lower().split()[0]
    for form in (first, first.removesuffix("s"), first.removesuffix("es")):
        if form in known.modals:
            return known.modals[form]
        if form in known.chains:
            return known.chains[form]
    return "operating" if "responsible" in words else "duty"


def _named(text: str, start: int, end: int) -> Span | None:
    """The subject of a lead-in: what stands before its modal, if that is short."""
    actor = quoted(text, start, end)
    tasks = _OF_TASKS.search(actor.quote)
    if tasks is not None:
        actor = quoted(text, actor.start, actor.start + tasks.start())
    comma = actor.quote.rfind(", ")
    if comma >= 0:
        actor = quoted(text, actor.start + comma + 2, actor.end)
    if not 0 < len(actor.quote.split()) <= 12 or _NO_NAME.match(actor.quote):
        return None
    return actor.start, actor.end
