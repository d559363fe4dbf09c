"""Alignment: the documented rule, its bounds, and what each score rests on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miner import alignment
from miner.alignment import RULE, Alignment, ConceptAlignment, align
from miner.document import BlockType
from miner.errors import NotFound
from miner.passages import Passage, passage_id
from miner.tagging.tag import Evidence, StanceTag, Tag, TaggedPassage
from miner.taxonomy import Stance, codebook, framework, frameworks

CONCEPTS = tuple(codebook())
INCIDENTS, SKILLS, CRIME = (
    "dim.incident_management",
    "dim.education_training",
    "dim.legal_criminal_justice",
)
THRESHOLD = 0.4
Pair = tuple[Passage, TaggedPassage]


def said(
    words: str | int,
    probabilities: Mapping[str, float] | None = None,
    stance: Stance = Stance.COMMITMENT,
    *,
    kind: BlockType = BlockType.BODY,
    abstained: str | None = None,
    position: int = 0,
) -> Pair:
    """A tagged passage: its words, or how many there are of them."""
    text = (
        words if isinstance(words, str) else " ".join(f"word{position}x{n}" for n in range(words))
    )
    passage = Passage(
        passage_id("doc", position, text),
        "doc",
        position,
        text,
        1000 * position,
        1000 * position + len(text),
        1 + position // 3,
        1 + position // 3,
        kind,
        ("Part",),
        "en",
    )
    given = probabilities or {}
    silent = abstained is not None or stance is Stance.NOISE
    tags = []
    for concept in CONCEPTS:
        probability = given.get(concept, 0.01)
        decided = not silent and probability >= THRESHOLD
        evidence = (Evidence(0, len(text), text),) if decided else ()
        tags.append(Tag(concept, probability, decided, "head", evidence))
    return passage, TaggedPassage(tuple(tags), StanceTag(stance, 0.9), "test", abstained)


def placed(pairs: Sequence[Pair]) -> list[Pair]:
    """The passages one after the other in one document."""
    return [
        (replace(passage, position=n, id=passage_id("doc", n, passage.text)), tagged)
        for n, (passage, tagged) in enumerate(pairs)
    ]


def aligned(pairs: Sequence[Pair], view: str | None = None, most: int = 50) -> Alignment:
    return align("doc", "A strategy", pairs, framework(view), most=most)


def concept(found: Alignment, name: str) -> ConceptAlignment:
    return next(row for row in found.concepts if row.concept == name)


@st.composite
def documents(draw: st.DrawFn, most: int = 8) -> list[Pair]:
    made = []
    for position in range(draw(st.integers(0, most))):
        probabilities = draw(
            st.dictionaries(st.sampled_from(CONCEPTS[:5]), st.floats(0, 1, width=32), max_size=5)
        )
        made.append(
            said(
                draw(st.integers(1, 150)),
                probabilities,
                draw(st.sampled_from(list(Stance))),
                kind=draw(st.sampled_from([BlockType.BODY, BlockType.LIST, BlockType.CONTENTS])),
                position=position,
            )
        )
    return made


def by_rule(row: ConceptAlignment) -> float:
    """The score again, from what is shown of it, as the README states the rule."""
    if not row.present:
        return 0.5 * 0.4 * row.presence
    return row.presence * (0.4 + 0.3 * row.depth + 0.3 * row.commitment)


@settings(max_examples=40, deadline=None)
@given(documents())
def test_scores_follow_the_rule_and_stay_in_range(pairs: list[Pair]) -> None:
    found = aligned(pairs)
    for row in found.concepts:
        for value in (row.score, row.presence, row.depth, row.commitment, *row.interval):
            assert 0 <= value <= 1
        assert row.score == pytest.approx(by_rule(row), abs=3e-4)
        assert row.interval[0] <= row.score <= row.interval[1]
        assert row.present == bool(row.evidence)
        assert not (row.evidence and row.nearest)
    for group in found.groups:
        rows = [row for row in found.concepts if row.group == group.group]
        assert group.score == pytest.approx(sum(r.score for r in rows) / len(rows), abs=1e-3)
        assert group.interval[0] <= group.score <= group.interval[1]
        assert (group.present, group.concepts) == (sum(r.present for r in rows), len(rows))
    means = [group.score for group in found.groups]
    assert found.overall.score == pytest.approx(sum(means) / len(means), abs=1e-3)
    assert found.overall.present == sum(row.present for row in found.concepts)


def test_the_rule_in_figures() -> None:
    pairs = [
        said(60, {INCIDENTS: 0.9}, Stance.COMMITMENT, position=0),
        said(40, {INCIDENTS: 0.5}, Stance.DESCRIPTIVE, position=1),
        said(100, position=2),
    ]
    row = concept(aligned(pairs), INCIDENTS)
    # Shares are of 1,000 words at least: three sentences are no strategy.
    share = (0.9 * 60 + 0.5 * 40) / 1000
    assert row.presence == pytest.approx(1 - 0.1 * 0.5, abs=1e-4)
    assert row.depth == pytest.approx(share / (share + 0.03), abs=1e-4)
    typical = (0.9 * 1.0 + 0.5 * 0.2) / 1.4
    assert row.commitment == pytest.approx((typical + 0.9) / 2, abs=1e-4)
    assert row.score == pytest.approx(
        0.95 * (0.4 + 0.3 * row.depth + 0.3 * row.commitment), abs=1e-3
    )


def test_the_weights_that_are_documented_are_those_that_are_used() -> None:
    weights = (RULE["presence"], RULE["depth"], RULE["commitment"])
    assert sum(weights) == pytest.approx(1)
    assert alignment.__doc__
    assert f"({weights[0]} + {weights[1]} depth + {weights[2]} commitment)" in alignment.__doc__
    percent = re.search(r"(\d+) % of the words", alignment.__doc__)
    assert percent
    assert int(percent[1]) / 100 == RULE["depth_half"]


def test_the_strongest_evidence_comes_first_and_is_cut_at_the_limit() -> None:
    strengths = [0.5, 0.9, 0.7, 0.6]
    pairs = [said(50, {INCIDENTS: p}, position=n) for n, p in enumerate(strengths)]
    row = concept(aligned(pairs), INCIDENTS)
    assert [item.probability for item in row.evidence] == sorted(strengths, reverse=True)
    cut = concept(aligned(pairs, most=2), INCIDENTS)
    assert [item.probability for item in cut.evidence] == [0.9, 0.7]
    assert cut.score == row.score


def test_evidence_says_where_it_stands() -> None:
    pair = said("The Government will establish a response team.", {INCIDENTS: 0.8}, position=4)
    item = concept(aligned([pair]), INCIDENTS).evidence[0]
    assert (item.start, item.end) == (pair[0].start, pair[0].end)
    assert (item.quote, item.page, item.stance) == (pair[0].text, 2, Stance.COMMITMENT)
    assert item.passage == pair[0].id


def test_an_absent_concept_names_the_nearest_misses_and_no_evidence() -> None:
    misses = [0.05, 0.12, 0.02, 0.08]
    pairs = [said(50, {CRIME: p}, position=n) for n, p in enumerate(misses)]
    row = concept(aligned(pairs), CRIME)
    assert not row.present
    assert row.evidence == ()
    assert row.note == "no passage found"
    assert [item.probability for item in row.nearest] == [0.12, 0.08, 0.05]
    assert 0 < row.score < 0.2


def test_several_near_decisions_make_a_presence_and_are_its_evidence() -> None:
    pairs = [said(50, {CRIME: p}, position=n) for n, p in enumerate([0.05, 0.35, 0.3, 0.25])]
    row = concept(aligned(pairs), CRIME)
    assert row.present
    assert row.presence == pytest.approx(1 - 0.65 * 0.7 * 0.75, abs=1e-4)
    assert [item.probability for item in row.evidence] == [0.35, 0.3, 0.25]
    assert row.nearest == ()


def test_many_small_doubts_make_no_presence() -> None:
    pairs = [said(50, {CRIME: 0.09}, position=n) for n in range(200)]
    assert concept(aligned(pairs), CRIME).score == 0


def test_firmer_words_score_higher() -> None:
    scores = [
        concept(aligned([said(80, {SKILLS: 0.9}, stance)]), SKILLS).score
        for stance in (Stance.NOISE, Stance.DESCRIPTIVE, Stance.IN_PLACE, Stance.COMMITMENT)
    ]
    assert scores == sorted(set(scores))
    assert scores[0] == 0


@pytest.mark.parametrize(
    "pair",
    [
        said(80, {SKILLS: 0.9}, Stance.NOISE),
        said(80, {SKILLS: 0.9}, abstained="no figures for the language 'fr'"),
        said(80, {SKILLS: 0.9}, kind=BlockType.CONTENTS),
        said(80, {SKILLS: 0.9}, kind=BlockType.REFERENCE),
        said(80, {SKILLS: 0.9}, kind=BlockType.FOOTNOTE),
    ],
    ids=["noise", "abstained", "contents", "reference", "footnote"],
)
def test_what_is_no_policy_prose_does_not_count(pair: Pair) -> None:
    found = aligned([pair])
    assert (found.overall.score, found.overall.present, found.prose_words) == (0, 0, 0)
    assert found.passages == 1


@settings(max_examples=30, deadline=None)
@given(documents())
def test_appending_unrelated_text_as_long_again_lowers_a_score_by_a_twentieth_at_most(
    pairs: list[Pair],
) -> None:
    # Only depth looks at other passages: halving a share lowers 0.3 s / (s + 0.03) by at most
    # 0.3 (sqrt 2 - 1)^2 < 0.052, and a text is counted as 1,000 words at least.
    before = aligned(pairs)
    length = max(before.prose_words, 1000)
    unrelated = [said(length, stance=Stance.DESCRIPTIVE, position=len(pairs))]
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
    assert row.presence == 0.5
    assert len(row.evidence) == 1


@settings(max_examples=30, deadline=None)
@given(documents(), st.integers(0, 8))
def test_halves_of_a_document_bound_the_whole(pairs: list[Pair], at: int) -> None:
    whole, first, second = aligned(pairs), aligned(pairs[:at]), aligned(pairs[at:])
    rows = zip(whole.concepts, first.concepts, second.concepts, strict=True)
    for row, one, other in rows:
        assert row.present == (one.present or other.present)
        assert row.presence >= max(one.presence, other.presence) - 1e-4
        assert row.presence <= 1 - (1 - one.presence) * (1 - other.presence) + 2e-4


def test_an_empty_document_scores_nothing_and_says_so() -> None:
    found = aligned([])
    assert found.overall.score == 0
    assert found.overall.interval == (0, 0)
    assert {row.score for row in found.concepts} == {0}
    assert all(row.evidence == row.nearest == () for row in found.concepts)
    assert found.cautions == ("Only 0 passages of prose: scores rest on very little text.",)


def test_cautions_repeat_what_could_not_be_read_and_what_was_not_understood() -> None:
    pairs = [said(50, position=n) for n in range(6)]
    pairs[0] = said(50, abstained="no figures for the language 'el'")
    found = align("doc", "T", pairs, framework(), warnings=("Page 3 is a scan.",))
    assert found.cautions[0] == "Page 3 is a scan."
    assert found.cautions[1].startswith("1 of 6 passages")
    assert len(found.cautions) == 2


@pytest.mark.parametrize("view", list(frameworks()))
def test_a_view_shows_its_concepts_with_the_scores_of_the_whole(view: str) -> None:
    pairs = [said(70, dict.fromkeys(CONCEPTS[n::9], 0.8), position=n) for n in range(9)]
    whole = {row.concept: row.score for row in aligned(pairs).concepts}
    found = aligned(pairs, view)
    chosen = frameworks()[view]
    assert [row.concept for row in found.concepts] == [c.id for c in chosen.concepts]
    assert {row.concept: row.score for row in found.concepts}.items() <= whole.items()
    assert [group.group for group in found.groups] == list(chosen.groups)
    assert found.overall.concepts == len(chosen.concepts)
    assert (found.framework, found.framework_version) == (view, chosen.version)


def test_an_unknown_view_is_named() -> None:
    with pytest.raises(NotFound, match="framework 'nist'"):
        framework("nist")


def test_the_same_passages_give_the_same_answer() -> None:
    pairs = [said(60, {INCIDENTS: 0.3 + n / 20}, position=n) for n in range(12)]
    assert aligned(pairs) == aligned(pairs)


def test_intervals_are_wider_for_less_text() -> None:
    few = [said(60, {INCIDENTS: 0.9} if n == 0 else None, position=n) for n in range(4)]
    many = [said(60, {INCIDENTS: 0.9} if n % 2 else None, position=n) for n in range(40)]
    narrow, wide = (concept(aligned(pairs), INCIDENTS).interval for pairs in (many, few))
    assert wide[1] - wide[0] > 2 * (narrow[1] - narrow[0])
