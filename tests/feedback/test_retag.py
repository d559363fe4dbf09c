"""Retagging: what changes is shown, then applied; decisions stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from feedback_helpers import LAW, SCHOOL, TEAM, Put, tagged

from miner.feedback import Request, Verdict, decide
from miner.index import Filter
from miner.retag import retag
from miner.store import Store
from miner.tagging.tag import TaggedPassage
from miner.taxonomy import Stance

INCIDENT, SKILLS, CRIME = (
    "dim.incident_management",
    "dim.education_training",
    "dim.legal_criminal_justice",
)


class Told:
    """A tagger that says of a text what it was told to."""

    id = "tagger-new"

    def __init__(self, answers: Mapping[str, TaggedPassage]) -> None:
        self.answers = answers
        self.asked = 0

    def tag(
        self, texts: Sequence[str], languages: Sequence[str] | None = None
    ) -> list[TaggedPassage]:
        self.asked += len(texts)
        return [self.answers[text] for text in texts]


NEW = Told(
    {
        TEAM: tagged(INCIDENT, model="tagger-new"),
        SCHOOL: tagged(SKILLS, model="tagger-new"),
        LAW: tagged(CRIME, stance=Stance.IN_PLACE, model="tagger-new"),
    }
)


def fill(store: Store, put: Put) -> str:
    document = put(
        "a.txt", (TEAM, tagged(INCIDENT)), (SCHOOL, tagged(INCIDENT)), (LAW, tagged(CRIME))
    )
    team = store.passages(document)[0].passage.id
    decide(store, "A", [Request(team, Verdict.ADD, CRIME)])
    return document


def count(store: Store, concept: str) -> int:
    where = Filter(any_of={"concepts": [concept]})
    assert store.count(where) == store.index.count(where)
    return store.count(where)


def test_a_diff_shows_what_would_change_and_changes_nothing(store: Store, put: Put) -> None:
    document = fill(store, put)
    revision = store.summary(document).revision
    found = retag(store, NEW, apply=False)  # type: ignore[arg-type]
    changes = {c.concept: (c.added, c.removed, c.kept) for c in found.concepts}
    assert changes == {INCIDENT: (0, 1, 1), SKILLS: (1, 0, 0), CRIME: (0, 0, 2)}
    (lost,) = next(c for c in found.concepts if c.concept == INCIDENT).examples_removed
    assert (lost.text, lost.before, lost.after) == (SCHOOL, 0.9, 0.05)
    (turned,) = found.stances
    assert (turned.before, turned.after, turned.passages) == ("commitment", "in_place", 1)
    assert (found.passages, found.changed, found.judged) == (3, 2, 1)
    assert (found.before, found.applied) == ({"tagger-old": 3}, False)
    assert store.summary(document).revision == revision


def test_applying_it_does_what_the_diff_said(store: Store, put: Put) -> None:
    document = fill(store, put)
    shown = retag(store, NEW, apply=False)  # type: ignore[arg-type]
    done = retag(store, NEW, apply=True)  # type: ignore[arg-type]
    assert done.concepts == shown.concepts
    held = store.passages(document)
    assert [{t.concept for t in one.tagged.decided} for one in held] == [
        {INCIDENT, CRIME}, {SKILLS}, {CRIME},
    ]  # fmt: skip
    assert {one.tagged.model for one in held} == {"tagger-new"}
    assert (count(store, INCIDENT), count(store, SKILLS), count(store, CRIME)) == (1, 1, 2)
    assert store.index.count(Filter()) == 3
    # Taking the file in again with the new model finds it unchanged.
    assert store.fingerprint("a.txt") == (document, "reading:tagger-new:content")


def test_a_second_run_has_nothing_to_do(store: Store, put: Put) -> None:
    fill(store, put)
    retag(store, NEW, apply=True)  # type: ignore[arg-type]
    before = NEW.asked
    found = retag(store, NEW, apply=True)  # type: ignore[arg-type]
    assert NEW.asked == before
    assert (found.documents, found.unchanged, found.passages) == (1, 1, 0)
