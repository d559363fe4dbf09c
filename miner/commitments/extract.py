"""The extractor: passages in, Commitments out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from miner.commitments.clause import Clause
from miner.commitments.clauses import clauses
from miner.commitments.commitment import Commitment, quoted
from miner.commitments.deadline import Deadline, deadlines, due
from miner.commitments.grade import grade
from miner.commitments.grammar import grammar
from miner.commitments.lead import Head, head_of, only_leads
from miner.commitments.nominal import named_action
from miner.commitments.resource import is_given, resources
from miner.commitments.unit import Parsed, Span, Unit
from miner.commitments.units import units
from miner.evidence import Evidence
from miner.linguistics import analyse
from miner.modality.lexicon import ModalClass
from miner.taxonomy import Stance

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token
    from spacy.tokens import Span as DocSpan

# Grows with the rules in the code; the data's part of the version is made from their content.
_RULES = "2"
_BINDING = (Stance.COMMITMENT, Stance.IN_PLACE)
_LONGEST = 20_000
_BATCH = 256
_FIRM = frozenset({"by", "before", "until", "till", "within", "no", "not"})


@dataclass(frozen=True, slots=True)
class Source:
    """What the extractor needs of a passage."""

    document: str
    passage: str
    text: str
    stance: Stance


@dataclass(frozen=True, slots=True)
class _Read:
    """A unit with what the parser made of it."""

    unit: Unit
    parsed: Parsed
    doc: Doc


@cache
def version() -> str:
    """The extractor's version: its rules and the content of its data."""
    folder = files("models") / "commitments"
    names = ("extraction.yaml", "strength.yaml")
    digest = hashlib.sha256(b"\0".join((folder / name).read_bytes() for name in names))
    return f"{_RULES}-{digest.hexdigest()[:10]}"


def extract(sources: Iterable[Source]) -> Iterator[tuple[str, tuple[Commitment, ...]]]:
    """(passage id, its commitments in the order of the text) for each source, in order.

    Only passages of the stance commitment or in_place hold any. English only: the parser
    knows no other language. Words past 20,000 characters of a passage are not read.
    """
    held: list[Source] = []
    for source in sources:
        held.append(source)
        if len(held) >= _BATCH:
            yield from _batch(held)
            held = []
    yield from _batch(held)


def _batch(sources: Sequence[Source]) -> Iterator[tuple[str, tuple[Commitment, ...]]]:
    ready = [
        [(unit, unit.parsed(source.text)) for unit in units(source.text[:_LONGEST])]
        if source.stance in _BINDING
        else []
        for source in sources
    ]
    texts = (parsed.text for found in ready for _, parsed in found)
    docs = analyse(texts, batch_size=_BATCH, entities=False)
    for source, found in zip(sources, ready, strict=True):
        yield source.passage, _passage(source, [_Read(*one, next(docs)) for one in found])


def _passage(source: Source, found: Sequence[_Read]) -> tuple[Commitment, ...]:
    heads: dict[int, Head] = {}
    made: list[Commitment] = []
    for index, read in enumerate(found):
        unit = read.unit
        item = unit.form not in ("sentence", "lead")
        said = list(clauses(read.doc, item=item))
        if unit.form == "nominal":
            said = [named_action(one, read.doc, read.parsed) for one in said]
        if unit.form == "lead":
            heads[index] = head_of(source.text, unit, read.parsed, said)
            if unit.closed or only_leads(read.parsed.text):
                continue
            said = [one for one in said if one.object is not None]
        if unit.closed and (item or not any(one.modal_span for one in said)):
            continue
        head = heads.get(unit.lead) if unit.lead is not None else None
        made += _of_unit(source, read, said, head)
    return tuple(made)


def _of_unit(
    source: Source, read: _Read, said: Sequence[Clause], head: Head | None
) -> Iterator[Commitment]:
    text, unit, parsed = source.text, read.unit, read.parsed
    times = list(deadlines(text, unit.start, unit.end))
    means = [one for one in resources(text, unit.start, unit.end) if is_given(text, one, unit)]
    owned_times = _owned([(one.start, one.end) for one in times], read, said)
    owned_means = _owned(means, read, said)
    for number, clause in enumerate(said):
        action = parsed.span(clause.action)
        if action is None or _scrap(text[unit.start : unit.end], clause):
            continue
        modal, modal_span = clause.modal, parsed.span(clause.modal_span)
        actor, agentive = parsed.span(clause.actor), clause.agentive
        if unit.form == "third":
            modal = "operating"
        if head is not None and modal_span is None and (unit.form != "sentence" or actor is None):
            modal, modal_span = head.modal or modal, head.span
            if actor is None:
                actor, agentive = head.actor, head.agentive
        if "actor" in unit.fields:
            actor, agentive = unit.fields["actor"], True
        own = [times[at] for at in owned_times.get(number, ())]
        deadline = min(own, key=lambda one: one.rank, default=None)
        if "deadline" in unit.fields:
            deadline = _field_deadline(text, unit.fields["deadline"])
        resource = next((means[at] for at in owned_means.get(number, ())), None)
        resource = unit.fields.get("resource", resource)
        yield _commitment(
            source,
            unit,
            modal,
            {
                "action": action,
                "modal": modal_span,
                "object": _without(parsed.span(clause.object), deadline),
                "actor": actor,
                "resource": resource,
                "beneficiary": parsed.span(clause.beneficiary),
            },
            deadline,
            agentive,
        )


def _scrap(words: str, clause: Clause) -> bool:
    """Whether a few words are a heading or a broken cell, and not an item."""
    parts = words.split()
    if clause.modal_span is not None or len(parts) > 4:
        return False
    return clause.object is None or (len(parts) > 1 and all(one[0].isupper() for one in parts))


def _commitment(
    source: Source,
    unit: Unit,
    modal: ModalClass,
    spans: dict[str, Span | None],
    deadline: Deadline | None,
    agentive: bool,
) -> Commitment:
    words: dict[str, Evidence | None] = {
        role: None if span is None or span[0] >= span[1] else quoted(source.text, *span)
        for role, span in spans.items()
    }
    actor, resource, action = words["actor"], words["resource"], words.pop("action")
    assert action is not None
    return Commitment(
        document=source.document,
        passage=source.passage,
        sentence=quoted(source.text, *unit.whole),
        action=action,
        strength=grade(
            modal,
            actor=actor is not None and agentive,
            deadline=deadline is not None,
            resource=resource is not None,
        ),
        by_author=actor is not None and actor.quote.lower() in ("we", "us", "our"),
        deadline=deadline,
        **words,
    )


def _owned(spans: Sequence[Span], read: _Read, said: Sequence[Clause]) -> dict[int, list[int]]:
    """Clause number -> the spans that belong to it: those whose words hang from its verbs."""
    owners = {index: number for number, one in enumerate(said) for index in one.verbs}
    found: dict[int, list[int]] = {}
    for at, span in enumerate(spans):
        start, end = read.parsed.inner(span)
        inside = read.doc.char_span(start, end, alignment_mode="expand")
        if inside is None or _is_name(inside) or _dates_text(inside.root):
            continue
        firm = inside[0].lower_ in _FIRM
        number = _owner(inside.root, owners, firm)
        if number is None and firm:
            number = _inserted(start, said)
        if number is not None:
            found.setdefault(number, []).append(at)
            if start < min(one.action[0] for one in said):
                # What stands before the first verb holds for all that are joined to it.
                for other in range(number + 1, len(said)):
                    found.setdefault(other, []).append(at)
    return found


def _owner(token: Token, owners: dict[int, int], firm: bool) -> int | None:
    """The clause that a word hangs from. firm: it begins with a word of deadlines ("by")."""
    at, path = token, []
    while at.i not in owners:
        path.append(at)
        if at.dep_ in ("relcl", "ROOT") or at.head.i == at.i:
            return None
        if at.dep_ == "acl" and at.tag_ == "VBN" and not firm:
            return None  # "the centres founded in 1988"
        if at.dep_ in ("nsubj", "nsubjpass"):
            return None  # "the strategy for 2012-2017 focuses on"
        at = at.head
    apart = [one for one in path if one.dep_ in ("advcl", "pcomp", "acl")]
    if token.i < at.i and any(one.lower_ not in ("starting", "beginning") for one in apart):
        return None  # "adopted in 2000, the vision provides"
    return owners[at.i]


def _dates_text(token: Token) -> bool:
    """Whether a time is that of a text: "the strategy for 2012-2017", "Decision 12 from 2010"."""
    if token.dep_ != "prep" or token.lower_ not in ("for", "from", "of"):
        return False
    # Whether "for 2012-2017" hangs from the strategy or from the verb is a guess of the parser's.
    before = token.nbor(-1) if token.i and token.lower_ == "for" else token.head
    dated = grammar().dated
    return token.head.pos_ == "PROPN" or bool({token.head.lemma_, before.lemma_} & dated)


def _inserted(start: int, said: Sequence[Clause]) -> int | None:
    """The clause between whose modal and verb a time is put: "shall, by 2021, submit"."""
    for number, one in enumerate(said):
        if one.modal_span is not None and one.modal_span[1] <= start < one.action[0]:
            return number
    return None


def _is_name(span: DocSpan) -> bool:
    """Whether a year belongs to the name of something: "in the 2003 budget"."""
    last = span[-1]
    return last.dep_ in ("nummod", "compound", "amod", "nmod") and last.head.i > last.i


def _field_deadline(text: str, span: Span) -> Deadline:
    quote = text[span[0] : span[1]]
    return Deadline(span[0], span[1], quote, due(quote))


def _without(target: Span | None, deadline: Deadline | None) -> Span | None:
    """An object without the deadline at its end."""
    if target is None or deadline is None:
        return target
    if target[0] < deadline.start < target[1]:
        return target[0], deadline.start
    if deadline.start <= target[0] and target[1] <= deadline.end:
        return None
    return target
