"""The Bag gives the numbers that scikit-learn gave in training."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from miner.tagging.bag import Bag

_TEXTS = ["a b b c", "c c c d", "", "e f", "a a a a b d"]


def test_it_weighs_as_scikit_learn_does() -> None:
    made = TfidfVectorizer(analyzer=str.split, sublinear_tf=True).fit(_TEXTS[:3])
    weights = np.random.default_rng(1).normal(size=(3, len(made.vocabulary_))).astype(np.float32)
    bag = Bag(str.split, made.get_feature_names_out().tolist(), made.idf_, weights)
    expected = made.transform(_TEXTS) @ weights.T
    np.testing.assert_allclose(bag.logits(_TEXTS), expected, atol=1e-6)
    assert bag.logits([]).shape == (0, 3)


def test_tagging_needs_no_scikit_learn() -> None:
    code = (
        "import sys; from miner.tagging.tagger import Tagger; Tagger.load();"
        "assert not {'sklearn', 'torch', 'transformers'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
