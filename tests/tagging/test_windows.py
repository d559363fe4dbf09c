"""Windows: what stands late in a long text is read, and short texts are read as before."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest
import stand_ins
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from miner.tagging.heads import Scores
from miner.tagging.tagger import MAX_WORDS, Tagger
from miner.tagging.windows import READ, merged, windows

PLAIN = "The Government will work with its partners in the country and with the public at large. "
LATE = "Women shall hold forty per cent of the scholarships of the Ministry. "


class Head(stand_ins.KeywordTuned):
    """Reads 256 words, as the encoder reads 256 tokens, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return super().logits([" ".join(text.split()[:256]) for text in texts])


def with_head() -> tuple[Tagger, Head]:
    head = Head()
    return Tagger(stand_ins.heads(), "tagger-test", lambda: head), head


@pytest.mark.parametrize("words", [300, 2_000, 19_900])
def test_what_stands_at_the_end_is_found_where_it_stands(words: int) -> None:
    tagger, head = with_head()
    text = PLAIN * ((words - 40) // 16) + LATE + PLAIN
    tagged = tagger.tag([text], ["en"])[0]
    assert tagged.abstained is None
    found = {tag.concept: tag for tag in tagged.decided}
    gender = found["prin.gender_sensitive"]
    assert gender.probability > 0.9
    assert all(text[e.start : e.end] == e.quote for tag in tagged.decided for e in tag.evidence)
    assert any(e.quote == "Women" for e in gender.evidence)
    train = found["dim.education_training"].evidence[0]
    assert train.start >= text.index(LATE) - 1_500
    assert tagger.probabilities(text)["prin.gender_sensitive"] > 0.9
    assert max(len(part.split()) for part in head.asked) <= 190


def test_evidence_of_learnt_weights_stands_in_the_window_that_spoke() -> None:
    tagger, _ = with_head()
    text = PLAIN * 30 + "The suppliers of the State are looked at each year. " + PLAIN
    tag = next(
        tag for tag in tagger.tag([text], ["en"])[0].decided if tag.concept == "norm.i_supply_chain"
    )
    spans = [span for span in windows(text) if "suppliers" in text[slice(*span)]]
    assert all(spans[0][0] <= item.start < spans[0][1] for item in tag.evidence)


def test_short_texts_are_read_whole_beside_a_long_one() -> None:
    tagger, head = with_head()
    short = [PLAIN * 3, LATE + PLAIN * 12]
    alone = tagger.tag(short, ["en"] * 2)
    beside = tagger.tag([short[0], PLAIN * 40 + LATE, short[1]], ["en"] * 3)
    assert [alone[0], alone[1]] == [beside[0], beside[2]]
    assert head.asked.count(short[0]) == 2


@given(st.lists(st.sampled_from([PLAIN, LATE, "word " * 400, "\n\n", "No end "]), max_size=40))
def test_windows_hold_every_word_once_and_no_more_than_are_read(parts: list[str]) -> None:
    text = "".join(parts)
    spans = windows(text)
    assert "".join(text[start:end] for start, end in spans) == text
    sizes = [len(text[start:end].split()) for start, end in spans]
    assert sum(sizes) == len(text.split())
    assert max(sizes) <= READ
    if len(sizes) > 1:
        assert min(sizes) >= 40


def test_windows_end_with_sentences() -> None:
    text = PLAIN * 200
    for start, end in windows(text):
        assert re.fullmatch(r"The .* large\. ", text[start:end])


def test_a_concept_has_its_highest_probability_and_the_stance_the_mean() -> None:
    scores = Scores(
        np.array([[0.1, 0.9], [0.8, 0.2], [0.3, 0.3]], dtype=np.float32),
        np.array([[1.0, 0.0], [0.5, 0.5], [0.2, 0.8]], dtype=np.float32),
    )
    read = merged(scores, [[(0, 5), (5, 9)], [(0, 4)]])
    assert np.allclose(read.scores.probabilities, [[0.8, 0.9], [0.3, 0.3]])
    assert np.allclose(read.scores.stances, [[0.75, 0.25], [0.2, 0.8]])
    assert [read.where(0, 0), read.where(0, 1), read.where(1, 1)] == [(5, 9), (0, 5), (0, 4)]


def test_the_longest_text_is_read() -> None:
    tagger, head = with_head()
    tagger.tag(["word " * MAX_WORDS], ["en"])
    assert sum(len(part.split()) for part in head.asked) == MAX_WORDS
