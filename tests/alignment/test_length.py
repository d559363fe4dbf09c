"""Length: the bounds that docs/alignment.md states, as properties."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from made import CONCEPTS, CRIME, SKILLS, Pair, aligned, concept, documents, placed, said

from miner.taxonomy import Stance


@settings(max_examples=30, deadline=None)
@given(documents())
def test_appending_unrelated_text_as_long_again_lowers_a_score_by_a_twentieth_at_most(
    pairs: list[Pair],
) -> None:
    # Only depth looks at other passages: halving a share lowers 0.3 s / (s + 0.05) by at most
    # 0.3 (sqrt 2 - 1)^2 < 0.052, and a text is counted as 1,000 words at least.
    pairs = [*pairs, said(20, position=90)]
    before = aligned(pairs)
    length = max(before.prose_words, 1000)
    unrelated = [said(length, dict.fromkeys(CONCEPTS, 0.0), Stance.DESCRIPTIVE, position=91)]
    after = aligned([*pairs, *unrelated])
    for old, new in zip(before.concepts, after.concepts, strict=True):
        assert (new.presence, new.commitment) == (old.presence, old.commitment)
        assert old.score - 0.052 <= new.score <= old.score + 1e-4


@settings(max_examples=30, deadline=None)
@given(documents(), st.integers(1, 3))
def test_repeating_pages_changes_nothing(pairs: list[Pair], times: int) -> None:
    once, often = aligned(pairs), aligned(placed([*pairs * (times + 1)]))
    for old, new in zip(once.concepts, often.concepts, strict=True):
        assert (new.score, new.interval) == (old.score, old.interval)
        assert len(new.evidence) == len(old.evidence)
    assert often.overall == once.overall


def test_a_repeat_with_other_spaces_and_capitals_is_a_repeat() -> None:
    pairs = [
        said("The State will train  experts.", {SKILLS: 0.5}),
        said("THE STATE will\ntrain experts.", {SKILLS: 0.5}, position=1),
    ]
    row = concept(aligned(pairs), SKILLS)
    assert row.presence == concept(aligned(pairs[:1]), SKILLS).presence
    assert len(row.evidence) == 1


@settings(max_examples=40, deadline=None)
@given(documents(), st.integers(0, 8))
def test_halves_of_a_document_bound_the_whole(pairs: list[Pair], at: int) -> None:
    whole, first, second = aligned(pairs), aligned(pairs[:at]), aligned(pairs[at:])
    rows = zip(whole.concepts, first.concepts, second.concepts, strict=True)
    for row, one, other in rows:
        assert row.present or not (one.present or other.present)
        assert row.presence >= max(one.presence, other.presence) - 1e-4
        assert row.score >= 0.4 * max(one.score, other.score) - 1e-4
        if one.present and other.present:
            assert row.depth <= one.depth + other.depth + 1e-4


def test_many_small_doubts_make_no_presence() -> None:
    pairs = [said(50, {CRIME: 0.02}, position=n) for n in range(200)]
    assert not concept(aligned(pairs), CRIME).present
