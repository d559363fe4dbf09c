"""The Tagger: passages in, Tags with probability, evidence and origin out."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import numpy as np

from miner.errors import InputError
from miner.parsing.language import UNKNOWN, detect
from miner.settings import DEFAULT_CACHE
from miner.tagging.features import words
from miner.tagging.heads import Heads, Scorer, Scores
from miner.tagging.patterns import rules
from miner.tagging.tag import Evidence, StanceTag, Tag, TaggedPassage
from miner.tagging.tuned import Logits, load_tuned
from miner.taxonomy import Stance

MAX_WORDS = 20_000
_LANGUAGES = frozenset({"en", UNKNOWN})
_FEWEST_LETTERS = 15
# Letters in one word at most; scripts without spaces are told by their language before.
_LONGEST_WORD = 80
_READ = 20_000
_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")
_LETTERS = re.compile(r"[^\W\d_]+")
_ENDLESS = re.compile(rf"[^\W\d_]{{{_LONGEST_WORD + 1}}}")
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
        folder = folder or Path(str(files("models") / "tagger"))
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
            scores = self._scorer.score(batch, self._tuned().logits(batch))
            found += [
                self._tagged(text, language, scores, row)
                for row, (text, language) in enumerate(zip(batch, spoken, strict=True))
            ]
        return found

    def probabilities(self, text: str) -> dict[str, float]:
        """The probability of each concept in a text, without decisions or evidence."""
        self.check(text)
        scores = self._scorer.score([text], self._tuned().logits([text]))
        named = zip(self._scorer.heads.concepts, scores.probabilities[0], strict=True)
        return {concept: float(p) for concept, p in named}

    @staticmethod
    def check(text: str) -> None:
        """Raise InputError for a text that cannot be tagged as one passage."""
        if len(text.split(maxsplit=MAX_WORDS)) > MAX_WORDS:
            raise InputError(
                f"the text “{text[:40]}…”",
                f"it has over {MAX_WORDS:,} words",
                "Split it into passages.",
            )

    def _tagged(self, text: str, language: str | None, scores: Scores, row: int) -> TaggedPassage:
        heads = self._scorer.heads
        abstained = abstains(text, language)
        label = int(scores.stances[row].argmax())
        stance = StanceTag(Stance(heads.stances[label]), float(scores.stances[row, label]))
        silent = abstained is not None or stance.label is Stance.NOISE
        sentences: list[tuple[tuple[int, int], set[str]]] = []
        tags = []
        found, wanted = scores.probabilities[row].tolist(), self._thresholds
        for column, concept in enumerate(heads.concepts):
            probability = found[column]
            decided = not silent and probability >= wanted[column]
            by: Literal["pattern", "head"] = "head"
            evidence: tuple[Evidence, ...] = ()
            if decided:
                rule = rules().get(concept)
                evidence = rule.matches(text) if rule else ()
                by = "pattern" if evidence else "head"
                if not evidence:
                    sentences = sentences or _sentences(text)
                    evidence = (self._sentence(text, sentences, column),)
            tags.append(Tag(concept, round(probability, 4), decided, by, evidence))
        return TaggedPassage(tuple(tags), stance, self.id, abstained)

    def _sentence(
        self, text: str, sentences: list[tuple[tuple[int, int], set[str]]], column: int
    ) -> Evidence:
        """The sentence whose terms speak most for the label."""
        weights = self._scorer.heads.concept_weights[column]
        columns = self._scorer.columns
        best, score = (0, len(text)), -np.inf
        for span, found in sentences:
            speaks = sum(float(weights[columns[t]]) for t in found if t in columns)
            if speaks > score:
                best, score = span, speaks
        start, end = best
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end -= len(text[start:end]) - len(text[start:end].rstrip())
        return Evidence(start, end, text[start:end])


def _sentences(text: str) -> list[tuple[tuple[int, int], set[str]]]:
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


def _is_garbled(text: str) -> bool:
    """Whether it is binary data, or letters without end: over 5 % of controls and characters that
    could not be decoded, or under half of the letters in words of 80 letters at most."""
    sample = text[:_READ]
    if len(_UNREADABLE.findall(sample)) > 0.05 * len(sample):
        return True
    if _ENDLESS.search(sample) is None:
        return False
    words = [len(word) for word in _LETTERS.findall(sample)]
    return sum(length for length in words if length <= _LONGEST_WORD) < 0.5 * sum(words)


def abstains(text: str, language: str | None) -> str | None:
    """Why the model has no figures for this text, or None.

    A language that cannot be told is most often a fragment of the language around it, so only
    a language that is known to be another one keeps the model quiet.
    """
    if sum(map(str.isalpha, text)) < _FEWEST_LETTERS:
        return "there is too little text to tell"
    language = language or detect(text)
    if language in _LANGUAGES:
        return "these are no words" if _is_garbled(text) else None
    return f"no figures for the language {language!r}"
