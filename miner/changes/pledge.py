"""A Pledge: one commitment of a document, with what it is compared by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from miner.commitments import Commitment
from miner.commitments.ledger import Entry, ledger
from miner.evidence import Evidence
from miner.modality.lexicon import PROMISES
from miner.store import Store, StoredPassage

_WORD = re.compile(r"[^\W\d_]{2,}")
# A line of a table of contents that the parser took for prose.
_LEADER = re.compile(r"(?:\.\s?){4,}|(?<=[a-z)])\s+\d{1,3}\s*$")
# Words that no sentence ends with: a heading or line that was cut.
_OPEN_END = frozenset(
    "a an the of to for in on and or with by their its this that which from at as be is are will "
    "shall must should into between including national through".split()
)
_BULLET = re.compile(r"[^\w“\"'(]|\(?(?:\d|[a-z]|[ivx]{1,4})[.)]")
_LEADS_ON = re.compile(r":\s*$|\bthe following\b[^:]{0,60}$|\bas follows\b")
# What a text says of itself.
_OF_ITSELF = re.compile(
    r"\b(?:paper|report|document|chapter|section|annex|appendix|publication|concept)\b", re.I
)
_FOOTNOTE = re.compile(r"\d{1,3}\s+[A-Z]")
# What is said of a state of affairs, and not promised.
_FORECAST = re.compile(
    r"(?:be\s+(?:vital|able|important|essential|necessary|possible|crucial|needed|required|subject)|"
    r"remain|face|become|succeed|benefit|gain|apply|aid|have\s+(?:the\s+)?(?:important|many)|mean|depend)\b",
    re.I,
)
_MUST = re.compile(r"(?:must|(?:has|have|needs?|had)\s+to)\b", re.I)
_NOT = re.compile(r"\s*(?:not|never|no longer)\b", re.I)
# "It is in our interest to ...", "the work is expected to ...", "in 2013 it was agreed to ..."
_STATES = re.compile(
    r"(?:is|are|was|were)(?:\s+expected\s+to)?|(?:was\s+|were\s+)?agreed\s+to", re.I
)
# "... will support these efforts": what it promises stands elsewhere.
_OF_OTHERS = re.compile(r"\W*[\w-]+\s+(?:these|those)\b", re.I)
# What follows from a commitment is none itself ("this will prevent ...", "it will promote ...").
_THIS = re.compile(r"(?:this|these|that|those|it|they)", re.I)
_LABEL_WORDS = 3
# What stands for something said before.
_POINTS_BACK = re.compile(r"\W*(?:others?|such|many|some|these|this|it|they|both)\b", re.I)
_CAPITALS = 0.7
_FEWEST_WORDS = 4
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Pledge:
    """A commitment (or measure in place) and the passage that it stands in.

    gist: what is promised, without who and how firmly: from the verb to the end of its clause.
    """

    entry: Entry
    gist: str

    @property
    def commitment(self) -> Commitment:
        return self.entry.commitment

    @property
    def passage(self) -> StoredPassage:
        return self.entry.stored

    @property
    def concepts(self) -> tuple[str, ...]:
        """Concepts whose evidence stands in its sentence; else those of its passage."""
        return self.entry.concepts

    def speaks_of(self, concept: str) -> bool:
        """Whether evidence of a concept stands in its sentence."""
        sentence = self.commitment.sentence
        return any(
            one.start < sentence.end and sentence.start < one.end
            for tag in self.passage.tagged.decided
            if tag.concept == concept
            for one in tag.evidence
        )

    @property
    def promises(self) -> bool:
        """Whether it binds for the future; else it tells what is there already."""
        return self.commitment.strength.modal in PROMISES

    @property
    def firm(self) -> bool:
        """Whether it promises more than a hope, in a sentence that stands by itself.

        An aim that nobody is named for ("it is vital that ...") is no more than a hope.
        """
        strength = self.commitment.strength
        aims = strength.modal == "aim" and strength.has_actor
        return (strength.modal in ("duty", "plan") or aims) and whole(self.commitment)

    @property
    def quote(self) -> Evidence:
        """Its sentence: offsets in the document's text."""
        return Evidence(self.entry.start, self.entry.end, self.commitment.sentence.quote)

    @property
    def citation(self) -> str:
        """How to quote its passage."""
        return self.entry.citation


def pledges(
    store: Store, passages: Sequence[StoredPassage], patience: float | None = None
) -> list[Pledge]:
    """What a document's passages commit to, in order; scraps that say nothing are left out.

    Raises NotYet where patience ran out: see `miner.commitments.ledger.ledger`.
    """
    found = []
    entries = ledger(store, passages, patience=patience)
    for entry, after in zip(entries, [*entries[1:], None], strict=False):
        near = after is not None and after.stored.passage.id == entry.stored.passage.id
        gist = gist_of(entry.commitment, after.commitment if after is not None and near else None)
        if _says(gist, entry.commitment.sentence.quote):
            found.append(Pledge(entry, gist))
    return found


def gist_of(one: Commitment, after: Commitment | None = None) -> str:
    """What a commitment promises; `after` is the next one, which may share its sentence."""
    sentence = one.sentence
    end = sentence.end
    if after is not None and after.sentence == sentence and after.action.start > one.action.end:
        end = after.action.start
    text = sentence.quote[max(one.action.start - sentence.start, 0) : end - sentence.start]
    text = re.sub(r"[\s,;]+(?:and|or)?$", "", text.strip(" ,;"))
    if one.object is not None and one.object.start < one.action.start:
        # A passive: what is done stands before the verb.
        text = f"{one.object.quote} {text}"
    elif len(text.split()) < 3:
        text = sentence.quote
    return " ".join(text.split())[:_LONGEST]


def whole(one: Commitment) -> bool:
    """Whether a sentence can be quoted: not cut, not garbled, not about the text itself."""
    text = one.sentence.quote.strip()
    words = _WORD.findall(text)
    letters = [character for character in text if character.isalpha()]
    if words and words[-1].lower() in _OPEN_END and text[-1] not in ".!?;:":
        return False
    if text[0].islower() and not _BULLET.match(text) and text[-1] != ";":
        return False
    if (
        text.count("“") != text.count("”")
        or _LEADS_ON.search(text)
        or text.startswith(("(See", "See "))
    ):
        return False
    if one.modal is not None and text[-1].isalnum() and not _BULLET.match(text):
        return False
    gist = gist_of(one)
    if _FOOTNOTE.match(text) or text.endswith(","):
        return False
    if _FORECAST.match(gist) or _OF_OTHERS.match(gist):
        return False
    if not _binds(one):
        return False
    if one.actor is not None and _OF_ITSELF.search(one.actor.quote):
        return False
    if one.actor is None and one.modal is not None and _POINTS_BACK.match(text):
        return False
    return sum(map(str.isupper, letters)) < _CAPITALS * len(letters)


def _binds(one: Commitment) -> bool:
    """Whether somebody is bound to do something: no ban, and no duty of nobody."""
    if one.modal is None:
        # An item begins with what is to be done, after its number or label.
        before = one.sentence.quote[: max(one.action.start - one.sentence.start, 0)]
        return "," not in before and len(_WORD.findall(before)) <= _LABEL_WORDS
    after = one.sentence.quote[max(one.modal.end - one.sentence.start, 0) :]
    if _NOT.match(after) or _NOT.search(one.modal.quote) or _STATES.fullmatch(one.modal.quote):
        return False
    if one.actor is not None and _THIS.fullmatch(one.actor.quote):
        return False
    return one.actor is not None or not _MUST.match(one.modal.quote)


def _says(gist: str, sentence: str) -> bool:
    return len(_WORD.findall(gist)) >= _FEWEST_WORDS and not _LEADER.search(sentence)
