"""Learning the zero-shot weights: from the project's labelled passages of real documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from miner.embedding import Encoder
from miner.tagging.own.signals import PARTS, Anchors, Signals, signals
from miner.tagging.own.words import Lexicon
from miner.tagging.own.zero import FEATURES, Background, ZeroShot, features
from miner.tagging.train import Example, labels_of
from miner.taxonomy import Concept, codebook

# (share of the labels that is left, weight of the view): users bring many labels, few or none.
VIEWS = ((1.0, 3.0), (0.5, 1.0), (0.25, 1.0), (0.0, 1.0))
_SEED = 2015


def learn(examples: Sequence[Example], encoder: Encoder) -> ZeroShot:
    """Weights of the zero-shot features from passages labelled with the codebook's concepts."""
    from sklearn.linear_model import LogisticRegression

    texts = [example.text for example in examples]
    vectors = encoder.encode(texts)
    generator = np.random.default_rng(_SEED)
    concepts = tuple(codebook().values())
    views = [_thinned(concepts, share, generator) for share, _ in VIEWS]
    seen = [_signals(texts, vectors, view, encoder) for view in views]
    # Only the codebook's own definitions have no examples, so their part is that of the labels.
    near = seen[0].near.reshape(-1, len(PARTS))
    usual = {
        part: (float(np.nanmean(near[:, n])), float(np.nanstd(near[:, n])))
        for n, part in enumerate(PARTS[:-1])
    }
    usual[PARTS[-1]] = usual["labels"]
    wanted = labels_of(examples, (concept.id for concept in concepts)).ravel()
    rows = np.concatenate(
        [
            features(one, Background.of(one, usual), view).reshape(-1, len(FEATURES))
            for one, view in zip(seen, views, strict=True)
        ]
    )
    answers = np.tile(wanted, len(VIEWS))
    weight = np.repeat([weight for _, weight in VIEWS], len(wanted))
    kept = answers >= 0
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(
        rows[kept], answers[kept], sample_weight=weight[kept]
    )
    return ZeroShot(
        weights=tuple(round(float(value), 4) for value in fitted.coef_[0]),
        bias=round(float(fitted.intercept_[0]), 4),
        usual={part: (round(mean, 4), round(sd, 4)) for part, (mean, sd) in usual.items()},
        card={
            "passages": len(examples),
            "documents": len({example.group for example in examples}),
            "concepts": len(concepts),
            "encoder": encoder.id,
            "features": list(FEATURES),
        },
    )


def _thinned(
    concepts: Sequence[Concept], share: float, generator: np.random.Generator
) -> list[Concept]:
    def some(words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(word for word in words if generator.random() < share)

    return [replace(c, labels=some(c.labels), hidden=some(c.hidden)) for c in concepts]


def _signals(
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    concepts: Sequence[Concept],
    encoder: Encoder,
) -> Signals:
    return signals(texts, vectors, Anchors.of(concepts, encoder.encode), Lexicon(concepts))
