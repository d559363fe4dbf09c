"""A Commitment: who has promised (or done) what by when, with the words that say so."""

from __future__ import annotations

from dataclasses import dataclass

from miner.commitments.deadline import Deadline
from miner.commitments.grade import Strength
from miner.evidence import Evidence
from miner.modality.lexicon import MEASURES


@dataclass(frozen=True, slots=True)
class Commitment:
    """One promise, duty, aim or measure of a passage; spans are of the passage's text.

    document, passage: their ids. sentence: the sentence, item or table row that it stands in.
    modal: the words that bind ("will", "is to", "aims to"), of the lead-in where an item takes
    them from there; None for an item that is a bare verb or noun.
    action: the verb or noun ("set up", "establishment"). object: what it is done to.
    actor: who does it; None where nobody is named. by_author: the actor is "we", the author of
    the document. deadline, resource, beneficiary: where they are named.
    """

    document: str
    passage: str
    sentence: Evidence
    action: Evidence
    strength: Strength
    modal: Evidence | None = None
    object: Evidence | None = None
    actor: Evidence | None = None
    by_author: bool = False
    deadline: Deadline | None = None
    resource: Evidence | None = None
    beneficiary: Evidence | None = None

    @property
    def in_place(self) -> bool:
        """Whether it is there already: completed or operating."""
        return self.strength.modal in MEASURES


def quoted(text: str, start: int, end: int) -> Evidence:
    """The Evidence `text[start:end]`, without white space around it."""
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    words = words.strip()
    return Evidence(start, start + len(words), words)
