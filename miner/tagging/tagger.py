"""The Tagger: passages in, Tags with probability, evidence and origin out."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from miner.errors import InputError
from miner.evidence import Evidence
from miner.modality.binding import binding
from miner.settings import DEFAULT_CACHE
from miner.tagging.abstention import silent
from miner.tagging.features import words
from miner.tagging.heads import Heads, Scorer
from miner.tagging.patterns import rules
from miner.tagging.tag import StanceTag, Tag, TaggedPassage
from miner.tagging.tuned import Logits, load_tuned, shipped_folder
from miner.tagging.windows import Read, Span, merged, parts_of, windows
from miner.taxonomy import Stance

MAX_WORDS = 20_000
_BATCH = 256
_SENTENCE = re.compile(r"[^.;!?•▪]+(?:[.;!?]+(?=\s|$)|$|(?=[•▪]))")


class Tagger:
    """Scores passages with heads and the tuned encoder, and shows the words for each tag."""

    def __init__(self, heads: Heads, model_id: str, tuned: Callable[[], Logits]) -> None:
        self.id = model_id
        self.card: dict[str, Any] = heads.card
        self._scorer = Scorer(heads)
        self._thresholds: list[float] = heads.thresholds.tolist()
        self._tuned = tuned

    @classmethod
    def load(
        cls,
        folder: Path | None = None,
        *,
        threads: int = 0,
        engine: str = "auto",
        cache: Path = DEFAULT_CACHE,
    ) -> Tagger:
        """The shipped model, or the one in `folder`.

        The tuned encoder is loaded when the first passage is tagged; `threads`, `engine` and
        `cache` are as for `miner.embedding.load_encoder`. Raises ModelUnavailable.
        """
        folder = folder or shipped_folder()
        return cls(
            Heads.load(folder),
            Heads.id_of(folder),
            once(lambda: load_tuned(folder, threads=threads, engine=engine, cache=cache)),
        )

    def tag(
        self, texts: Sequence[str], languages: Sequence[str] | None = None
    ) -> list[TaggedPassage]:
        """Tag texts.

        Args:
            texts: passages.
            languages: ISO 639-1 codes; passages in a language without figures are abstained on.
                Where missing, the text's own letters and words decide.

        Passages half in another language, or in a style without figures, are abstained on too.
        Texts of more than 210 words are read in windows: a concept has its highest probability
        in any of them, the stance the mean.

        Raises:
            InputError: a text is longer than 20,000 words.
        """
        for text in texts:
            self.check(text)
        found: list[TaggedPassage] = []
        for start in range(0, len(texts), _BATCH):
            part = slice(start, start + _BATCH)
            batch = texts[part]
            spoken = [None] * len(batch) if languages is None else languages[part]
            quiet = [silent(*pair) for pair in zip(batch, spoken, strict=True)]
            read = self._read(batch, quiet)
            found += [
                self._tagged(text, why, read, row)
                for row, (text, why) in enumerate(zip(batch, quiet, strict=True))
            ]
        return found

    def probabilities(self, text: str) -> dict[str, float]:
        """The probability of each concept in a text, without decisions or evidence."""
        self.check(text)
        read = self._read([text], [None])
        named = zip(self._scorer.heads.concepts, read.scores.probabilities[0], strict=True)
        return {concept: float(p) for concept, p in named}

    def _read(self, texts: Sequence[str], quiet: Sequence[str | None]) -> Read:
        """Scores of texts, the long ones in windows; of what is abstained on its head will do."""
        spans = [
            windows(text) if why is None else [(0, len(text))]
            for text, why in zip(texts, quiet, strict=True)
        ]
        parts = parts_of(texts, spans)
        return merged(self._scorer.score(parts, self._tuned().logits(parts)), spans)

    @staticmethod
    def check(text: str) -> None:
        """Raise InputError for a text that cannot be tagged as one passage."""
        if len(text.split(maxsplit=MAX_WORDS)) > MAX_WORDS:
            raise InputError(
                f"the text “{text[:40]}…”",
                f"it has over {MAX_WORDS:,} words",
                "Split it into passages.",
            )

    def _tagged(self, text: str, abstained: str | None, read: Read, row: int) -> TaggedPassage:
        heads, scores = self._scorer.heads, read.scores
        label = int(scores.stances[row].argmax())
        told = Stance(heads.stances[label])
        stance = StanceTag(
            told,
            float(scores.stances[row, label]),
            evidence=binding(text, told) if abstained is None else (),
        )
        undecided = abstained is not None or told is Stance.NOISE
        sentences: list[tuple[Span, set[str]]] = []
        tags = []
        found, wanted = scores.probabilities[row].tolist(), self._thresholds
        for column, concept in enumerate(heads.concepts):
            probability = found[column]
            decided = not undecided and probability >= wanted[column]
            by: Literal["pattern", "head"] = "head"
            evidence: tuple[Evidence, ...] = ()
            if decided:
                rule = rules().get(concept)
                evidence = rule.matches(text) if rule else ()
                by = "pattern" if evidence else "head"
                if not evidence:
                    sentences = sentences or _sentences(text)
                    evidence = (self._sentence(text, sentences, column, read.where(row, column)),)
            tags.append(Tag(concept, round(probability, 4), decided, by, evidence))
        return TaggedPassage(tuple(tags), stance, self.id, abstained)

    def _sentence(
        self, text: str, sentences: list[tuple[Span, set[str]]], column: int, within: Span
    ) -> Evidence:
        """The sentence whose terms speak most for the label, of those that begin `within`."""
        weights = self._scorer.heads.concept_weights[column]
        columns = self._scorer.columns
        best, score = within, -np.inf
        for span, found in sentences:
            if not within[0] <= span[0] < within[1]:
                continue
            speaks = sum(float(weights[columns[t]]) for t in found if t in columns)
            if speaks > score:
                best, score = span, speaks
        start, end = best
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end -= len(text[start:end]) - len(text[start:end].rstrip())
        return Evidence(start, end, text[start:end])


def _sentences(text: str) -> list[tuple[Span, set[str]]]:
    """The sentences of three words and more, each with its span and its words."""
    return [
        (match.span(), set(words(match.group())))
        for match in _SENTENCE.finditer(text)
        if len(match.group().split()) >= 3
    ]


def once(load: Callable[[], Logits]) -> Callable[[], Logits]:
    """`load`, called at most once, whichever thread asks first."""
    lock = threading.Lock()
    held: list[Logits] = []

    def loaded() -> Logits:
        with lock:
            if not held:
                held.append(load())
            return held[0]

    return loaded
