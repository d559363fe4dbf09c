"""Building an OwnModel: from a framework and a background alone, or with examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from miner.embedding import Encoder
from miner.errors import InputError
from miner.tagging.own import few, thresholds, zero
from miner.tagging.own.model import OwnModel
from miner.tagging.own.signals import Anchors, signals
from miner.tagging.own.words import Lexicon
from miner.tagging.own.zero import Background
from miner.tagging.train import Example, labels_of
from miner.taxonomy import Framework

MOST_BACKGROUND = 5000
ENOUGH_BACKGROUND = 200


def build(
    framework: Framework,
    encoder: Encoder,
    background: Sequence[str],
    examples: Sequence[Example] = (),
    *,
    vectors: NDArray[np.float32] | None = None,
) -> OwnModel:
    """A model of a framework.

    Args:
        framework: what to tag with.
        encoder: gives the vectors.
        background: unlabelled texts like those that will be tagged, a few hundred at least;
            they say what is usual. The first 5,000 are used.
        examples: labelled texts; none makes a zero-shot model.
        vectors: the background's vectors, (n, d), where they are known.

    Raises InputError where the framework's words say nothing, e.g. are of stop words only.
    """
    concepts = framework.concepts
    # Labelled texts show what is usual where nothing else does.
    texts = list(background[:MOST_BACKGROUND]) or [example.text for example in examples]
    if vectors is None or not background:
        vectors = encoder.encode(texts) if texts else np.zeros((0, encoder.dimension), np.float32)
    vectors = vectors[: len(texts)]
    # Kept in half precision, so that a saved model scores as the one that was built.
    anchors = _halved(Anchors.of(concepts, encoder.encode))
    if not np.isfinite(anchors.definitions).all():
        raise InputError(framework.id, "a definition has no vector", "Write it in words.")
    lexicon, weights = Lexicon(concepts), zero.shipped()
    found = signals(texts, vectors, anchors, lexicon)
    usual = Background.of(found, weights.usual)
    odds = zero.log_odds(found, usual, concepts, weights)
    head = None
    if examples:
        own = encoder.encode([example.text for example in examples])
        shown = signals([example.text for example in examples], own, anchors, lexicon)
        head = few.fit(
            _labels(framework, examples, own, zero.log_odds(shown, usual, concepts, weights)),
            texts,
            vectors,
            odds,
        )
        head = replace(head, words=head.words.astype(np.float16).astype(np.float32))
    model = OwnModel(
        framework=framework,
        encoder=encoder.id,
        anchors=anchors,
        background=usual,
        head=head,
        thresholds=np.zeros(len(concepts), dtype=np.float32),
        card=_card(framework, usual, examples),
    )
    return replace(model, thresholds=thresholds.expected(model.score(texts, vectors, found)))


def _halved(anchors: Anchors) -> Anchors:
    def half(rows: NDArray[np.float32]) -> NDArray[np.float32]:
        return rows.astype(np.float16).astype(np.float32)

    return replace(
        anchors,
        definitions=half(anchors.definitions),
        labels=half(anchors.labels),
        examples=half(anchors.examples),
    )


def _labels(
    framework: Framework,
    examples: Sequence[Example],
    vectors: NDArray[np.float32],
    odds: NDArray[np.float64],
) -> few.Labels:
    found = labels_of(examples, (concept.id for concept in framework.concepts))
    weight = np.array([example.weight for example in examples])
    return few.Labels(
        [example.text for example in examples],
        vectors,
        odds,
        (found == 1).astype(np.float64),
        (found >= 0) * weight[:, None],
    )


def _card(
    framework: Framework, background: Background, examples: Sequence[Example]
) -> dict[str, object]:
    shown = Counter(concept for example in examples for concept in example.concepts)
    return {
        "framework": framework.id,
        "version": framework.version,
        "background": background.texts,
        "examples": len(examples),
        "positives": {c.id: shown[c.id] for c in framework.concepts} if examples else {},
        "zero_shot": zero.shipped().card,
    }


def cautions(model: OwnModel) -> tuple[str, ...]:
    """What lowers what can be claimed of a model's tags, as sentences for people."""
    said = []
    if model.background.texts < ENOUGH_BACKGROUND:
        said.append(
            f"Only {model.background.texts} background texts: how common each concept is, and so "
            "every probability, is a rough guess."
        )
    bare = [c.id for c in model.framework.concepts if len(c.labels) + len(c.hidden) < 3]
    if bare:
        said.append(
            f"{len(bare)} of {len(model.framework.concepts)} concepts have fewer than 3 labels: "
            f"they are told by their definition alone ({', '.join(bare[:5])}"
            f"{', ...' if len(bare) > 5 else ''})."
        )
    return tuple(said)
