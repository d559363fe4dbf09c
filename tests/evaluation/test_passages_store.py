"""The temporary store holds the given passages as they are, and search finds them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("miner.search")

from evaluation.passages_store import documents, passage_store, vectors_of
from evaluation.rows import PassageRow
from miner.catalogue.geography import Geography
from miner.document import sha256_of
from miner.errors import InputError
from miner.search import Searcher, SearchRequest

ROWS = [
    PassageRow(7, "France_2011_Strategy", "The national CERT answers incidents.\n\nAlways."),
    PassageRow("x", "other", "Schools teach children to be safe online."),
    PassageRow(3, "France_2011_Strategy", "Operators report incidents — “at once” 🎈."),
    PassageRow(4, "other", "Schools teach children to be safe online."),
]


@pytest.fixture(scope="module")
def geography() -> Geography:
    return Geography.shipped()


def test_texts_are_kept_verbatim_with_exact_offsets(geography: Geography) -> None:
    made = list(documents(ROWS, geography))
    assert [document.source for document, _, _ in made] == ["France_2011_Strategy", "other"]
    assert [at for _, _, at in made] == [[0, 2], [1, 3]]
    for document, passages, at in made:
        assert [p.position for p in passages] == [0, 1]
        for passage, i in zip(passages, at, strict=True):
            assert passage.text == ROWS[i].text
            assert document.text[passage.start : passage.end] == ROWS[i].text
            assert passage.document == document.id
    ids = [p.id for _, passages, _ in made for p in passages]
    assert len(set(ids)) == len(ROWS)


def test_what_the_name_says_is_known(geography: Geography) -> None:
    (france, _, _), _ = documents(ROWS, geography)
    assert (france.metadata.country, france.metadata.year) == ("FRA", 2011)


def test_documents_of_the_same_words_are_two(geography: Geography) -> None:
    rows = [PassageRow(1, "a", "Same words."), PassageRow(2, "b", "Same words.")]
    first, second = (document for document, _, _ in documents(rows, geography))
    assert first.id != second.id
    assert first.sha256 != sha256_of(b"Same words.")


@pytest.mark.parametrize("mode", ["bm25", "dense", "hybrid", "full"])
def test_search_finds_the_given_ids(
    mode: Any, encoder: Any, make_tagger: Any, geography: Geography
) -> None:
    with passage_store(ROWS, encoder, make_tagger({}, {}), geography) as built:
        assert built.store.counts() == (2, 4)
        assert set(built.given.values()) == {7, "x", 3, 4}
        searcher = Searcher(built.store, encoder, geography)
        request = SearchRequest(query="operators report incidents", mode=mode, limit=10)
        hits = searcher.search(request).hits
        found = [built.given[hit.passage.passage.id] for hit in hits]
        if mode == "bm25":
            assert found == [3, 7]
        else:
            assert 3 in found
        folder = built.store.folder
    assert not folder.exists()


def test_vectors_are_read_from_the_cache(encoder: Any, tmp_path: Path) -> None:
    texts = ["one", "two"]
    first = vectors_of(texts, encoder, tmp_path / "new")
    again = vectors_of(texts, encoder, tmp_path / "new")
    assert encoder.encoded == 2
    assert np.array_equal(first, again)
    vectors_of(["two", "one"], encoder, tmp_path / "new")
    assert encoder.encoded == 4
    encoder.id = "other@00000000"
    vectors_of(texts, encoder, tmp_path / "new")
    assert encoder.encoded == 6
    assert not list((tmp_path / "new").glob("*.part*"))


def test_a_broken_cache_is_named(encoder: Any, tmp_path: Path) -> None:
    vectors_of(["one"], encoder, tmp_path)
    (file,) = tmp_path.glob("*.npy")
    file.write_bytes(b"")
    with pytest.raises(InputError, match="cache cannot be used"):
        vectors_of(["one"], encoder, tmp_path)
    with pytest.raises(InputError, match="cache cannot be used"):
        vectors_of(["one"], encoder, file / "below")
