"""Features: what the heads see of a text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from miner.tagging.features import (
    SHAPE_NAMES,
    Vocabulary,
    embedded,
    healed,
    manner_terms,
    shape,
    topic_terms,
)


def test_broken_words_are_healed() -> None:
    assert healed("a resili- ent net­ work") == "a resilient network"
    assert healed("well-known - and so on") == "well-known - and so on"


def test_topic_terms_are_stems_and_their_pairs_without_small_words() -> None:
    assert topic_terms("The networks of the State") == ["network", "state", "network state"]


def test_manner_terms_keep_the_small_words_and_the_opening() -> None:
    found = manner_terms("We will train 40 experts")
    for term in ("will", "we will", "we will train", "#", "train #", "^we", "^will"):
        assert term in found
    assert "40" not in found


def test_shape_tells_contents_from_prose() -> None:
    names = dict(
        zip(SHAPE_NAMES, shape(["1. Purpose ............ 2\n2. Law ........... 3"])[0], strict=True)
    )
    prose = dict(
        zip(SHAPE_NAMES, shape(["The State will train experts in the law."])[0], strict=True)
    )
    assert names["dots"] == 1 > prose["dots"]
    assert names["digits"] > prose["digits"] == 0
    assert prose["stops"] > names["stops"]


@given(st.lists(st.text(max_size=300), max_size=4))
def test_shapes_of_any_text_lie_in_0_to_1(texts: list[str]) -> None:
    found = shape(texts)
    assert found.shape == (len(texts), len(SHAPE_NAMES))
    assert ((found >= 0) & (found <= 1)).all()


def test_a_vocabulary_counts_as_it_was_fitted() -> None:
    texts = ["cyber crime law", "cyber crime police", "harbour law"]
    fitted = Vocabulary.fit(texts, topic_terms, 2, 100)
    assert set(fitted.terms) == {"cyber", "crime", "law", "cyber crime"}
    rows = fitted.vectorizer().transform(texts)
    assert rows.shape == (3, 4)
    assert rows[2].toarray()[0, fitted.columns()["law"]] == pytest.approx(1)
    assert np.linalg.norm(rows[0].toarray()) == pytest.approx(1)
    # What fewer texts hold counts more.
    again = Vocabulary(fitted.terms, fitted.idf, topic_terms)
    assert (again.vectorizer().transform(texts) != rows).nnz == 0


def test_the_embedding_is_scaled() -> None:
    assert embedded(np.ones((2, 3), dtype=np.float32), 2.0).toarray().tolist() == [[2] * 3] * 2
