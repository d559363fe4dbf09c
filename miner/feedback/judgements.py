"""Judgements: the decisions that count now, and passages as they are after them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from miner.evidence import Evidence
from miner.feedback.decision import Decision, Verdict
from miner.modality.binding import binding
from miner.passages import Passage
from miner.points import text_key
from miner.tagging.tag import StanceTag, Tag, TaggedPassage
from miner.taxonomy import Stance

_HOLDS = {Verdict.ACCEPT: True, Verdict.ADD: True, Verdict.REJECT: False}


@dataclass(frozen=True, slots=True)
class Judgements:
    """By the passage's words: the last decision on each concept (None is the stance)."""

    last: Mapping[str, Mapping[str | None, Decision]]

    @classmethod
    def of(cls, decisions: Iterable[Decision]) -> Judgements:
        """The decisions that count, of decisions in the order of their making."""
        last: dict[str, dict[str | None, Decision]] = {}
        for decision in decisions:
            held = last.setdefault(decision.content, {})
            if decision.verdict is Verdict.WITHDRAW:
                held.pop(decision.concept, None)
            else:
                held[decision.concept] = decision
        return cls({content: held for content, held in last.items() if held})

    def over(
        self, passages: Iterable[tuple[Passage, TaggedPassage]]
    ) -> Iterator[tuple[Passage, TaggedPassage]]:
        """Passages with the analysts' tags in place of the model's, where there are some."""
        for passage, tagged in passages:
            yield passage, self.tagged(passage.text, tagged)

    def tagged(self, text: str, tagged: TaggedPassage) -> TaggedPassage:
        """A passage's tags after the decisions on its words.

        A decided concept has probability 1, a rejected one 0, by `analyst`; its evidence is the
        model's where it gave some. Where the model keeps quiet, or takes the passage for noise,
        an analyst's tag makes the passage count, and nothing that the model said does.
        """
        held = self.last.get(text_key(text)) if self.last else None
        if not held:
            return tagged
        spoken = {concept: _HOLDS[d.verdict] for concept, d in held.items() if concept}
        counts = any(spoken.values()) or None in held
        stance = _stance(text, tagged, held.get(None), counts)
        # What the model says of noise, or of a language it does not know, does not count.
        quiet = tagged.abstained is not None or stance.label is Stance.NOISE
        tags = {
            tag.concept: replace(tag, probability=0.0, decided=False) if quiet else tag
            for tag in tagged.tags
        }
        for concept, holds in spoken.items():
            before = next((t for t in tagged.tags if t.concept == concept), None)
            evidence = _evidence(text, held[concept], before)
            tags[concept] = Tag(concept, float(holds), holds, "analyst", evidence)
        abstained = None if counts else tagged.abstained
        return TaggedPassage(tuple(tags.values()), stance, tagged.model, abstained)


def _stance(text: str, tagged: TaggedPassage, decision: Decision | None, counts: bool) -> StanceTag:
    if decision is not None and decision.stance is not None:
        said = Stance(decision.stance)
        return StanceTag(said, 1.0, "analyst", binding(text, said))
    silent = tagged.abstained is not None or tagged.stance.label is Stance.NOISE
    if counts and silent:
        # Nobody has said how firm it is: the least is assumed.
        return StanceTag(Stance.DESCRIPTIVE, 0.0, "analyst")
    return tagged.stance


def _evidence(text: str, decision: Decision, before: Tag | None) -> tuple[Evidence, ...]:
    start = text.find(decision.quote) if decision.quote else -1
    if start >= 0:
        return (Evidence(start, start + len(decision.quote), decision.quote),)
    if before is not None and before.evidence:
        return before.evidence
    return (Evidence(0, len(text), text),) if _HOLDS[decision.verdict] else ()
