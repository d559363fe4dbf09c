"""The ledger: who has promised what by when, over the passages of a store.

Passages are parsed once and what was found is kept with them; a passage that is replaced or
dropped takes it along, and a new extractor reads all passages anew.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from miner.commitments.commitment import Commitment, quoted
from miner.commitments.deadline import Deadline
from miner.commitments.extract import Source, extract, version
from miner.commitments.grade import Strength
from miner.document import BlockType
from miner.errors import NotYet
from miner.evidence import Evidence
from miner.search import citation
from miner.store import Store, StoredPassage
from miner.taxonomy import Stance

Sort = Literal["strength", "deadline", "document"]
SORTS: tuple[Sort, ...] = ("strength", "deadline", "document")
BINDING = (Stance.COMMITMENT, Stance.IN_PLACE)

_PROSE = (BlockType.BODY, BlockType.LIST, BlockType.TABLE)
_ROLES = ("action", "modal", "object", "actor", "resource", "beneficiary")
_BATCH = 128
_LONGEST = 300
# The parser is not made for threads, and its loading is not either.
_turn = threading.Lock()


@dataclass(frozen=True, slots=True)
class Entry:
    """A Commitment with the passage that holds it."""

    commitment: Commitment
    stored: StoredPassage

    @property
    def start(self) -> int:
        """Where its sentence begins in the document's text, in code points."""
        return self.stored.passage.start + self.commitment.sentence.start

    @property
    def end(self) -> int:
        """Where its sentence ends in the document's text."""
        return self.stored.passage.start + self.commitment.sentence.end

    @property
    def citation(self) -> str:
        """How to quote it."""
        return citation(self.stored)

    @property
    def who(self) -> str:
        """Who has promised: the actor, with the issuing body where the text says "we"."""
        actor = self.commitment.actor
        if actor is None:
            return ""
        named = " ".join(actor.quote.split())
        about = self.stored.metadata
        body = about.issuing_body or about.country_name
        return f"{named} ({body})" if self.commitment.by_author and body else named

    @property
    def what(self) -> str:
        """What is promised, in the words of the text: from the verb to the end of its object;
        with a passive from its subject to the verb."""
        one, text = self.commitment, self.stored.passage.text
        first, last = one.action, one.object
        if last is None:
            words = first.quote
        elif last.start >= first.start:
            words = text[first.start : max(first.end, last.end)]
        elif first.end - last.start <= _LONGEST:
            words = text[last.start : first.end]
        else:
            words = f"{last.quote} … {first.quote}"
        return " ".join(words.split())

    @property
    def concepts(self) -> tuple[str, ...]:
        """Ids of the concepts whose evidence stands in its sentence; where none does, of those
        that its passage addresses."""
        sentence = self.commitment.sentence
        decided = self.stored.tagged.decided
        near = tuple(
            tag.concept
            for tag in decided
            if any(one.start < sentence.end and sentence.start < one.end for one in tag.evidence)
        )
        return near or tuple(tag.concept for tag in decided)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which entries are wanted. actor: words that the actor holds, in any case.

    modals: modal classes; empty means all. due_from, due_to: years of the deadline, both
    included (an entry without a date is left out then).
    """

    actor: str = ""
    modals: tuple[str, ...] = ()
    least: float = 0.0
    due_from: int | None = None
    due_to: int | None = None

    def holds(self, entry: Entry) -> bool:
        """Whether an entry is wanted."""
        one = entry.commitment
        year = one.deadline.year if one.deadline is not None else None
        if (self.due_from is not None or self.due_to is not None) and (
            year is None
            or (self.due_from is not None and year < self.due_from)
            or (self.due_to is not None and year > self.due_to)
        ):
            return False
        return (
            one.strength.value >= self.least
            and (not self.modals or one.strength.modal in self.modals)
            and self.actor.casefold() in entry.who.casefold()
        )


def ledger(
    store: Store,
    passages: Sequence[StoredPassage],
    *,
    patience: float | None = None,
    told: Callable[[int, int], None] | None = None,
) -> list[Entry]:
    """The commitments of passages, in the passages' order; parses those not parsed yet.

    Contents, references and notes hold none, nor do passages on which the tagger keeps quiet.

    Args:
        store: where they are stored, and where what is found is kept.
        passages: English ones with the stance commitment or in_place are read.
        patience: seconds to parse at most; None is without end (about 20 ms a passage).
        told: hears how many of how many passages are read.

    Raises:
        NotYet: patience ran out; what was read is kept, so that asking again gets further.
    """
    wanted = [one for one in passages if _binds(one)]
    found = store.kept_commitments([one.passage.id for one in wanted], version())
    missing = [one for one in wanted if one.passage.id not in found]
    begun = time.monotonic()
    for start in range(0, len(missing), _BATCH):
        if patience is not None and start and time.monotonic() - begun > patience:
            raise NotYet(
                "commitments",
                f"{len(missing) - start} of {len(wanted)} passages are still to be read",
                "Ask again in a minute, or narrow the filters.",
            )
        found.update(_read(store, missing[start : start + _BATCH]))
        if told is not None:
            done = len(wanted) - len(missing) + min(start + _BATCH, len(missing))
            told(done, len(wanted))
    return [
        Entry(_unpacked(row, one), one)
        for one in wanted
        for row in json.loads(found[one.passage.id])
    ]


def ordered(entries: Iterable[Entry], sort: Sort) -> list[Entry]:
    """Entries by strength (strongest first), by deadline, or as they stand.

    By deadline promises come first, the soonest first, then what is there already by its date,
    then what has no date. Ties stay in the order of documents and places.
    """
    if sort == "strength":
        return sorted(entries, key=lambda one: -one.commitment.strength.value)
    if sort == "deadline":
        return sorted(entries, key=lambda one: (_due(one), -one.commitment.strength.value))
    return list(entries)


def _due(entry: Entry) -> tuple[int, str]:
    deadline = entry.commitment.deadline
    if deadline is None:
        return 3, ""
    if entry.commitment.in_place:
        return 2, f"{deadline.due or ''}-99"[:10]
    # "2020" is the end of 2020, so it comes after "2020-03".
    return (1, "") if deadline.due is None else (0, f"{deadline.due}-99"[:10])


def _binds(stored: StoredPassage) -> bool:
    return (
        stored.tagged.stance.label in BINDING
        and stored.tagged.abstained is None
        and stored.passage.kind in _PROSE
        and stored.passage.language == "en"
    )


def _read(store: Store, passages: Sequence[StoredPassage]) -> dict[str, str]:
    sources = [
        Source(one.passage.document, one.passage.id, one.passage.text, one.tagged.stance.label)
        for one in passages
    ]
    with _turn:
        found = {name: _packed(commitments) for name, commitments in extract(sources)}
    store.keep_commitments(found, version())
    return found


def _packed(commitments: Sequence[Commitment]) -> str:
    """Spans and figures as JSON: the words are the passage's."""
    rows = []
    for one in commitments:
        row: dict[str, Any] = {"sentence": [one.sentence.start, one.sentence.end]}
        for role in _ROLES:
            span: Evidence | None = getattr(one, role)
            if span is not None:
                row[role] = [span.start, span.end]
        if one.deadline is not None:
            row["deadline"] = [one.deadline.start, one.deadline.end, one.deadline.due]
        if one.by_author:
            row["by_author"] = True
        s = one.strength
        row["strength"] = [
            s.value, s.modal, s.has_actor, s.has_deadline, s.has_resource, s.rule,
        ]  # fmt: skip
        rows.append(row)
    return json.dumps(rows, separators=(",", ":"))


def _unpacked(row: dict[str, Any], stored: StoredPassage) -> Commitment:
    text = stored.passage.text
    spans = {role: quoted(text, *row[role]) if role in row else None for role in _ROLES}
    deadline = None
    if "deadline" in row:
        start, end, due = row["deadline"]
        deadline = Deadline(start, end, text[start:end], due)
    action = spans.pop("action")
    assert action is not None
    return Commitment(
        document=stored.passage.document,
        passage=stored.passage.id,
        sentence=quoted(text, *row["sentence"]),
        action=action,
        strength=Strength(*row["strength"]),
        by_author=row.get("by_author", False),
        deadline=deadline,
        **spans,
    )
