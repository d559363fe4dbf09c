"""The documented rule, and that a score can be computed again from what is printed."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from made import (
    CONCEPTS,
    CRIME,
    INCIDENTS,
    SKILLS,
    Pair,
    aligned,
    concept,
    documents,
    placed,
    said,
)

from miner.alignment import rule
from miner.document import BlockType
from miner.errors import NotFound
from miner.records import as_record
from miner.taxonomy import Stance, framework, frameworks

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "alignment.md").read_text("utf-8")


def recomputed(found: object, folder: Path) -> dict[str, tuple[float, float]]:
    """What the ten lines of docs/alignment.md print: per concept their score and ours."""
    code = re.search(r"```python\n(.+?)```", PAGE, re.DOTALL)
    assert code
    (folder / "found.json").write_text(json.dumps(as_record(found)), "utf-8")
    out = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out):
        exec(compile(code[1], "docs/alignment.md", "exec"), {})
    rows = (line.split() for line in out.getvalue().splitlines())
    return {name: (float(again), float(ours)) for name, again, ours in rows}


@settings(max_examples=25, deadline=None)
@given(documents())
def test_scores_can_be_computed_again_by_the_lines_of_the_page(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[Pair]
) -> None:
    pairs = [*pairs, said(30, position=99)]
    found = aligned(pairs)
    again = recomputed(found, tmp_path_factory.mktemp("page"))
    assert list(again) == [row.concept for row in found.concepts]
    for theirs, ours in again.values():
        assert theirs == pytest.approx(ours, abs=2e-3)


@settings(max_examples=40, deadline=None)
@given(documents())
def test_everything_stays_in_range_and_adds_up(pairs: list[Pair]) -> None:
    found = aligned(pairs)
    for row in found.concepts:
        for value in (row.score, row.presence, row.depth, row.commitment, *row.interval):
            assert 0 <= value <= 1
        assert row.interval[0] <= row.score <= row.interval[1]
        assert row.present == bool(row.evidence) == (row.claim in ("found", "likely"))
        assert row.counted == len(row.evidence)
    for group in found.groups:
        rows = [row for row in found.concepts if row.group == group.group]
        assert group.score == pytest.approx(sum(r.score for r in rows) / len(rows), abs=1e-3)
        assert group.interval[0] <= group.score <= group.interval[1]
        assert (group.present, group.concepts) == (sum(r.present for r in rows), len(rows))
    means = [group.score for group in found.groups]
    assert found.overall.score == pytest.approx(sum(means) / len(means), abs=1e-3)
    assert found.overall.present == sum(row.present for row in found.concepts)


def test_the_numbers_on_the_page_are_those_that_are_used() -> None:
    weights = rule()
    assert f"version {weights.version}." in PAGE
    wanted = (
        f"presence × ({weights['presence']} + {weights['depth']} × depth + "
        f"{weights['commitment']} × commitment)"
    )
    assert wanted in PAGE
    assert f"share / (share + {weights['depth_half']})" in PAGE
    assert f"presence reaches {weights['present']}" in PAGE
    assert f"p ≥ {weights['nearly']}" in PAGE
    assert weights["presence"] + weights["depth"] + weights["commitment"] == pytest.approx(1)
    assert all(len(reason) > 5 for reason in weights.reasons.values())


def test_depth_and_commitment_in_figures() -> None:
    pairs = [
        said("The Ministry shall report by 2026.", {INCIDENTS: 0.9}, position=0),
        said(40, {INCIDENTS: 0.5}, Stance.DESCRIPTIVE, position=1),
        said(100, position=2),
    ]
    row = concept(aligned(pairs), INCIDENTS)
    # Shares are of 1,000 words at least: three sentences are no strategy.
    share = (0.9 * 6 + 0.5 * 40) / 1000
    assert row.share == pytest.approx(share, abs=1e-6)
    assert row.depth == pytest.approx(share / (share + 0.05), abs=1e-4)
    firm = row.evidence[0].commitment
    assert (firm.has_actor, firm.has_deadline) == (True, True)
    assert row.evidence[1].commitment.value == 0
    typical = 0.9 * firm.value / 1.4
    assert row.commitment == pytest.approx((typical + 0.9 * firm.value) / 2, abs=1e-4)


def test_presence_rests_on_the_three_strongest_passages() -> None:
    few = [said(50, {SKILLS: p}, position=n) for n, p in enumerate([0.3, 0.2, 0.1])]
    more = [*few, *(said(50, {SKILLS: 0.1}, position=n) for n in range(3, 30))]
    assert concept(aligned(few), SKILLS).presence == concept(aligned(more), SKILLS).presence


def test_near_misses_make_a_presence_and_are_its_evidence() -> None:
    pairs = [said(50, {SKILLS: p}, position=n) for n, p in enumerate([0.02, 0.35, 0.3, 0.25, 0.2])]
    row = concept(aligned(pairs), SKILLS)
    assert row.claim == "likely"
    assert [item.probability for item in row.evidence] == [0.35, 0.3, 0.25]
    assert row.nearest == ()


def test_firmer_words_score_higher() -> None:
    texts = {
        Stance.NOISE: "Training of experts.",
        Stance.DESCRIPTIVE: "Training of experts matters to the country.",
        Stance.IN_PLACE: "Experts have been trained since 2015.",
        Stance.COMMITMENT: "The Ministry shall train two hundred experts by 2026.",
    }
    scores = [
        concept(aligned([said(text, {SKILLS: 0.9}, stance)]), SKILLS).score
        for stance, text in texts.items()
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


def test_an_empty_document_scores_nothing_and_says_so() -> None:
    found = aligned([])
    assert found.overall.score == 0
    assert found.overall.interval == (0, 0)
    assert {row.score for row in found.concepts} == {0}
    assert all(row.evidence == row.nearest == () for row in found.concepts)
    assert found.cautions == ("Only 0 passages of prose: scores rest on very little text.",)


@pytest.mark.parametrize("name", list(frameworks()))
def test_a_view_shows_its_concepts_with_the_scores_of_the_whole(name: str) -> None:
    pairs = [said(70, dict.fromkeys(CONCEPTS[n::9], 0.8), position=n) for n in range(9)]
    whole = {row.concept: row.score for row in aligned(pairs).concepts}
    found = aligned(pairs, name)
    chosen = frameworks()[name]
    assert [row.concept for row in found.concepts] == [c.id for c in chosen.concepts]
    assert {row.concept: row.score for row in found.concepts}.items() <= whole.items()
    assert [group.group for group in found.groups] == list(chosen.groups)
    assert found.overall.concepts == len(chosen.concepts)
    assert found.framework == name


def test_an_unknown_view_is_named() -> None:
    with pytest.raises(NotFound, match="framework 'nist'"):
        framework("nist")


def test_the_same_passages_give_the_same_answer() -> None:
    pairs = [said(60, {INCIDENTS: 0.3 + n / 20}, position=n) for n in range(12)]
    assert aligned(pairs) == aligned(placed(pairs))


def test_the_strongest_evidence_comes_first_and_is_cut_at_the_limit() -> None:
    strengths = [0.5, 0.9, 0.7, 0.6]
    pairs = [said(50, {CRIME: p}, position=n) for n, p in enumerate(strengths)]
    row = concept(aligned(pairs), CRIME)
    assert [item.probability for item in row.evidence] == sorted(strengths, reverse=True)
    cut = concept(aligned(pairs, most=2), CRIME)
    assert [item.probability for item in cut.evidence] == [0.9, 0.7]
    assert (cut.score, cut.counted) == (row.score, 4)


def test_evidence_says_where_it_stands() -> None:
    pair = said("The Government will establish a response team.", {INCIDENTS: 0.8}, position=4)
    item = concept(aligned([pair]), INCIDENTS).evidence[0]
    assert (item.start, item.end) == (pair[0].start, pair[0].end)
    assert (item.quote, item.page, item.stance) == (pair[0].text, 2, Stance.COMMITMENT)
    assert (item.passage, item.words) == (pair[0].id, 7)
    assert item.commitment.modal == "plan"
