"""The OwnTagger: texts in, Tags of a user's own framework out, with the words for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from miner import lexical
from miner.embedding import Encoder
from miner.evidence import Evidence
from miner.linguistics import sentences
from miner.tagging.abstention import abstains
from miner.tagging.own.model import OwnModel
from miner.tagging.own.words import Found, Lexicon
from miner.tagging.tag import Tag
from miner.tagging.tagger import Tagger
from miner.taxonomy import Concept

_BATCH = 256
_MOST_EVIDENCE = 6


@dataclass(frozen=True, slots=True)
class OwnTagged:
    """One text by a user's framework: a Tag per concept, in the framework's order.

    abstained: why the model keeps quiet, else None; nothing is decided then.
    """

    tags: tuple[Tag, ...]
    model: str
    abstained: str | None = None

    @property
    def decided(self) -> tuple[Tag, ...]:
        """The tags that hold."""
        return tuple(tag for tag in self.tags if tag.decided)


class OwnTagger:
    """Tags texts by the framework of a model; safe to share between threads as its encoder is."""

    def __init__(self, model: OwnModel, encoder: Encoder) -> None:
        self.model = model
        self.id = model.id
        self._encoder = encoder
        self._lexicon = Lexicon(model.framework.concepts)
        self._own_words = [_own_words(concept) for concept in model.framework.concepts]

    def tag(
        self,
        texts: Sequence[str],
        languages: Sequence[str] | None = None,
        *,
        vectors: NDArray[np.float32] | None = None,
    ) -> list[OwnTagged]:
        """Tag texts.

        Args:
            texts: passages.
            languages: ISO 639-1 codes, told from the texts where missing; as for
                `miner.tagging.Tagger`, texts in languages without figures are abstained on.
            vectors: the texts' vectors, (n, d), where they are known.

        Raises InputError for a text of more than 20,000 words.
        """
        for text in texts:
            Tagger.check(text)
        found: list[OwnTagged] = []
        for start in range(0, len(texts), _BATCH):
            part = slice(start, start + _BATCH)
            batch = texts[part]
            own = self._encoder.encode(batch) if vectors is None else vectors[part]
            spoken = [None] * len(batch) if languages is None else languages[part]
            seen = self.model.signals(batch, own, self._lexicon)
            scores = self.model.score(batch, own, seen)
            found += [
                self._tagged(text, language, row)
                for text, language, row in zip(batch, spoken, scores, strict=True)
            ]
        return found

    def _tagged(self, text: str, language: str | None, row: NDArray[np.float64]) -> OwnTagged:
        abstained = abstains(text, language)
        holds = (row >= self.model.thresholds) & (abstained is None)
        labels = self._lexicon.find(text) if holds.any() else ()
        tags = []
        for column, concept in enumerate(self.model.framework.concepts):
            by: Literal["pattern", "head"] = "head"
            evidence: tuple[Evidence, ...] = ()
            if holds[column]:
                evidence = _spans(text, labels, column)
                by = "pattern" if evidence else "head"
                evidence = evidence or (_sentence(text, self._own_words[column]),)
            probability = round(float(row[column]), 4)
            tags.append(Tag(concept.id, probability, bool(holds[column]), by, evidence))
        return OwnTagged(tuple(tags), self.id, abstained)


def _spans(text: str, labels: Sequence[Found], column: int) -> tuple[Evidence, ...]:
    """The words of the concept's labels; of labels within each other the longest."""
    spans = sorted(
        {(f.start, f.end) for f in labels if f.column == column and f.kind != "negative"},
        key=lambda span: (span[0], -span[1]),
    )
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return tuple(Evidence(start, end, text[start:end]) for start, end in kept[:_MOST_EVIDENCE])


def _own_words(concept: Concept) -> frozenset[str]:
    told = (concept.label, concept.definition, *concept.labels, *concept.hidden, *concept.examples)
    return frozenset(stem for text in told for stem in lexical.stems(text))


def _sentence(text: str, own: frozenset[str]) -> Evidence:
    """The sentence with the most of the concept's own words, for its length."""
    best, most = (0, len(text)), 0.0
    for start, end in sentences(text):
        found = lexical.stems(text[start:end])
        if len(found) >= 2:
            share = sum(stem in own for stem in found) / (len(found) + 5) ** 0.5
            if share > most:
                best, most = (start, end), share
    start, end = best
    return Evidence(start, end, text[start:end])
