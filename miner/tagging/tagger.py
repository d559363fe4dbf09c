"""The Tagger: passages in, Tags with probability, evidence and origin out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from miner.embedding import Encoder, load_encoder
from miner.errors import InputError
from miner.parsing.language import UNKNOWN, detect
from miner.tagging.features import topic_terms
from miner.tagging.heads import Heads, Scorer, Scores
from miner.tagging.patterns import rules
from miner.tagging.tag import Evidence, StanceTag, Tag, TaggedPassage
from miner.taxonomy import Stance

MAX_WORDS = 20_000
_LANGUAGES = frozenset({"en", UNKNOWN})
_FEWEST_LETTERS = 15
_BATCH = 256
_SENTENCE = re.compile(r"[^.;!?•▪]+(?:[.;!?]+(?=\s|$)|$|(?=[•▪]))")


class Tagger:
    """Scores passages with linear heads and shows the words that speak for each tag."""

    def __init__(self, heads: Heads, model_id: str, encoder: Encoder | None = None) -> None:
        self.id = model_id
        self.card: dict[str, Any] = heads.card
        self.encoder_id = heads.encoder
        self._scorer = Scorer(heads)
        # Vectors of another model would be taken for this one's without a word.
        self._encoder = encoder if encoder is None or encoder.id == heads.encoder else None

    @classmethod
    def load(cls, folder: Path | None = None, encoder: Encoder | None = None) -> Tagger:
        """The shipped model, or the one in `folder`.

        `encoder` is used where `tag` is called without vectors; by default the model the heads
        were trained on is loaded then. Raises ModelUnavailable.
        """
        if folder is not None:
            return cls(Heads.load(folder), Heads.id_of(folder), encoder)
        with as_file(files("models") / "tagger") as shipped:
            return cls(Heads.load(shipped), Heads.id_of(shipped), encoder)

    def tag(
        self,
        texts: Sequence[str],
        vectors: NDArray[np.float32] | None = None,
        languages: Sequence[str] | None = None,
    ) -> list[TaggedPassage]:
        """Tag texts.

        Args:
            texts: passages.
            vectors: their embeddings by the model the heads were trained on, (n, d); encoded
                here where missing.
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
            dense = self._encode(batch) if vectors is None else vectors[part]
            spoken = [None] * len(batch) if languages is None else languages[part]
            scores = self._scorer.score(batch, dense)
            found += [
                self._tagged(text, language, scores, row)
                for row, (text, language) in enumerate(zip(batch, spoken, strict=True))
            ]
        return found

    @staticmethod
    def check(text: str) -> None:
        """Raise InputError for a text that cannot be tagged as one passage."""
        if len(text.split(maxsplit=MAX_WORDS)) > MAX_WORDS:
            raise InputError(
                f"the text “{text[:40]}…”",
                f"it has over {MAX_WORDS:,} words",
                "Split it into passages.",
            )

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self._encoder is None:
            self._encoder = load_encoder()
        return self._encoder.encode(texts)

    def _tagged(self, text: str, language: str | None, scores: Scores, row: int) -> TaggedPassage:
        heads = self._scorer.heads
        abstained = _abstains(text, language)
        label = int(scores.stances[row].argmax())
        stance = StanceTag(Stance(heads.stances[label]), float(scores.stances[row, label]))
        silent = abstained is not None or stance.label is Stance.NOISE
        tags = []
        for column, concept in enumerate(heads.concepts):
            probability = float(scores.probabilities[row, column])
            decided = not silent and bool(probability >= heads.thresholds[column])
            by: Literal["pattern", "head"] = "head"
            evidence: tuple[Evidence, ...] = ()
            if decided:
                rule = rules().get(concept)
                evidence = rule.matches(text) if rule else ()
                by = "pattern" if evidence else "head"
                evidence = evidence or (self._sentence(text, column),)
            tags.append(Tag(concept, round(probability, 4), decided, by, evidence))
        return TaggedPassage(tuple(tags), stance, self.id, abstained)

    def _sentence(self, text: str, column: int) -> Evidence:
        """The sentence whose terms speak most for the label."""
        weights = self._scorer.heads.concept_weights[column]
        columns = self._scorer.columns
        best, score = (0, len(text)), -np.inf
        for match in _SENTENCE.finditer(text):
            if len(match.group().split()) < 3:
                continue
            terms = set(topic_terms(match.group()))
            speaks = sum(float(weights[columns[t]]) for t in terms if t in columns)
            if speaks > score:
                best, score = match.span(), speaks
        start, end = best
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end -= len(text[start:end]) - len(text[start:end].rstrip())
        return Evidence(start, end, text[start:end])


def _abstains(text: str, language: str | None) -> str | None:
    """Why the model has no figures for this text, or None.

    A language that cannot be told is most often a fragment of the language around it, so only
    a language that is known to be another one keeps the model quiet.
    """
    if sum(character.isalpha() for character in text) < _FEWEST_LETTERS:
        return "there is too little text to tell"
    language = language or detect(text)
    if language in _LANGUAGES:
        return None
    return f"no figures for the language {language!r}"
