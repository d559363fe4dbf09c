"""Retagging: what another tagging model changes in a store, shown before it is applied.

Documents are not parsed or encoded again. Each is changed in one step, so that a run that was
killed is taken up by starting it again; what analysts decided stands above both models' tags.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from miner.feedback.judgements import Judgements
from miner.store import Store, StoredDocument, StoredPassage
from miner.tagging.tag import TaggedPassage
from miner.tagging.tagger import Tagger
from miner.taxonomy import codebook


@dataclass(frozen=True, slots=True)
class Example:
    """A passage that changes. before, after: probabilities of the concept, or of the stance."""

    passage: str
    document: str
    title: str
    page: int
    before: float
    after: float
    text: str


@dataclass(frozen=True, slots=True)
class ConceptChange:
    """How many passages gain, lose and keep a concept, with the clearest examples."""

    concept: str
    added: int
    removed: int
    kept: int
    examples_added: tuple[Example, ...]
    examples_removed: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class StanceChange:
    """How many passages go from one stance to another; None is a passage abstained on."""

    before: str | None
    after: str | None
    passages: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Retagging:
    """What changes, or has changed (`applied`).

    before: how many passages each model had tagged. documents, passages: those looked at;
    unchanged documents have this model's tags already. judged: passages with decisions of
    analysts, which stand.
    """

    model: str
    before: dict[str, int]
    applied: bool
    documents: int
    unchanged: int
    passages: int
    changed: int
    judged: int
    concepts: tuple[ConceptChange, ...]
    stances: tuple[StanceChange, ...]


def retag(
    store: Store,
    tagger: Tagger,
    *,
    apply: bool,
    examples: int = 3,
    told: Callable[[int, int], None] | None = None,
) -> Retagging:
    """Compare a store's tags with a model's, and put the model's in their place if wanted.

    Args:
        apply: store the new tags, document by document.
        examples: passages shown for each kind of change.
        told: hears how many documents are done, and of how many.
    """
    tally = _Tally(store.judgements, examples)
    stored = store.documents()
    unchanged = 0
    for number, item in enumerate(stored, 1):
        held = store.passages(item.id, judged=False)
        if all(one.tagged.model == tagger.id for one in held):
            unchanged += 1
        else:
            fresh = tagger.tag(
                [one.passage.text for one in held], [one.passage.language for one in held]
            )
            for before, after in zip(held, fresh, strict=True):
                tally.add(before, after)
            if apply:
                _apply(store, item, tagger, fresh)
        if told is not None:
            told(number, len(stored))
    return tally.result(tagger.id, apply, len(stored), unchanged)


def _apply(
    store: Store, item: StoredDocument, tagger: Tagger, fresh: Sequence[TaggedPassage]
) -> None:
    store.restate({item.id: fresh})
    for source in item.sources:
        noted = store.fingerprint(source)
        parts = noted[1].split(":") if noted else []
        # reading:tagger:content (`miner.ingest`); else the next ingest reads the file anew.
        if len(parts) == 3:
            store.note_source(source, item.id, ":".join([parts[0], tagger.id, parts[2]]))


@dataclass(slots=True)
class _Tally:
    book: Judgements
    most: int
    models: Counter[str] = field(default_factory=Counter)
    passages: int = 0
    changed: int = 0
    judged: int = 0
    kept: Counter[str] = field(default_factory=Counter)
    gained: dict[str, _Shown] = field(default_factory=lambda: defaultdict(_Shown))
    lost: dict[str, _Shown] = field(default_factory=lambda: defaultdict(_Shown))
    turned: dict[tuple[str | None, str | None], _Shown] = field(
        default_factory=lambda: defaultdict(_Shown)
    )

    def add(self, stored: StoredPassage, fresh: TaggedPassage) -> None:
        text = stored.passage.text
        before, after = self.book.tagged(text, stored.tagged), self.book.tagged(text, fresh)
        self.models[stored.tagged.model] += 1
        self.passages += 1
        self.judged += before is not stored.tagged
        old, new = ({t.concept: t for t in tagged.tags} for tagged in (before, after))
        changed = False
        for concept in {*old, *new}:
            had, has = (bool(m.get(concept) and m[concept].decided) for m in (old, new))
            if had and has:
                self.kept[concept] += 1
            elif had or has:
                changed = True
                odds = [m[concept].probability if concept in m else 0.0 for m in (old, new)]
                shown = self.gained if has else self.lost
                shown[concept].add(_example(stored, *odds), self.most)
        stances = (_stance(before), _stance(after))
        if stances[0] != stances[1]:
            changed = True
            pair = _example(stored, before.stance.probability, after.stance.probability)
            self.turned[stances].add(pair, self.most)
        self.changed += changed

    def result(self, model: str, applied: bool, documents: int, unchanged: int) -> Retagging:
        named = {*self.kept, *self.gained, *self.lost}
        order = [c for c in codebook() if c in named] + sorted(named - set(codebook()))
        none = _Shown()
        return Retagging(
            model=model,
            before=dict(self.models),
            applied=applied,
            documents=documents,
            unchanged=unchanged,
            passages=self.passages,
            changed=self.changed,
            judged=self.judged,
            concepts=tuple(
                ConceptChange(
                    concept,
                    self.gained.get(concept, none).count,
                    self.lost.get(concept, none).count,
                    self.kept[concept],
                    tuple(self.gained.get(concept, none).best),
                    tuple(self.lost.get(concept, none).best),
                )
                for concept in order
            ),
            stances=tuple(self._stances()),
        )

    def _stances(self) -> Iterator[StanceChange]:
        for (before, after), shown in sorted(
            self.turned.items(), key=lambda pair: (-pair[1].count, str(pair[0]))
        ):
            yield StanceChange(before, after, shown.count, tuple(shown.best))


@dataclass(slots=True)
class _Shown:
    """How often something changed, and where it did most clearly."""

    count: int = 0
    best: list[Example] = field(default_factory=list)

    def add(self, example: Example, most: int) -> None:
        self.count += 1
        self.best.append(example)
        self.best.sort(key=lambda e: (-abs(e.after - e.before), e.passage))
        del self.best[most:]


def _stance(tagged: TaggedPassage) -> str | None:
    return None if tagged.abstained is not None else tagged.stance.label.value


def _example(stored: StoredPassage, before: float, after: float) -> Example:
    passage = stored.passage
    return Example(
        passage.id,
        passage.document,
        stored.metadata.title,
        passage.page,
        round(before, 4),
        round(after, 4),
        passage.text,
    )
