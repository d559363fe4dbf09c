"""Features: what the lexical heads see of a text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from miner.tagging.features import Vocabulary, healed, terms


def test_broken_words_are_healed() -> None:
    assert healed("a resili- ent net\u00ad work") == "a resilient network"
    assert healed("well-known - and so on") == "well-known - and so on"


def test_terms_are_stems_and_their_pairs_without_small_words() -> None:
    assert terms("The networks of the State") == ["network", "state", "network state"]


def test_a_rule_that_matches_is_a_term_that_counts_more_than_a_word() -> None:
    found = terms("Scholarships for women")
    assert found.count("§prin.gender_sensitive") > found.count("woman") == 1
    assert not [term for term in terms("Harbours for all") if term.startswith("§")]


def test_both_spellings_of_a_word_are_one_term() -> None:
    british = terms("The organisation of defence programmes")
    assert british == terms("The organization of defense programs")


@given(st.text(max_size=300))
def test_any_text_has_terms(text: str) -> None:
    assert all(isinstance(term, str) and term for term in terms(text))


def test_a_vocabulary_counts_as_it_was_fitted() -> None:
    texts = ["cyber crime law", "cyber crime boats", "harbour law"]
    fitted = Vocabulary.fit(texts, 2, 100)
    assert {"cyber", "crime", "law", "cyber crime"} <= set(fitted.terms)
    assert "harbour" not in fitted.terms
    rows = fitted.vectorizer().transform(texts)
    assert rows.shape == (3, len(fitted.terms))
    assert rows[2].toarray()[0, fitted.columns()["law"]] == pytest.approx(1)
    assert np.linalg.norm(rows[0].toarray()) == pytest.approx(1)
    again = Vocabulary(fitted.terms, fitted.idf)
    assert (again.vectorizer().transform(texts) != rows).nnz == 0


def test_a_vocabulary_is_cut_at_its_size() -> None:
    assert len(Vocabulary.fit(["a b c d e", "b c d e f"], 1, 3).terms) == 3


def test_a_text_of_unknown_words_is_a_row_of_zeros() -> None:
    fitted = Vocabulary.fit(["cyber crime", "cyber law"], 1, 10)
    assert fitted.vectorizer().transform(["", "harbour"]).nnz == 0
