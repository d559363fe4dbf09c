"""What may be claimed: absence, known errors, what could not be read, another subject."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made import CONCEPTS, CRIME, INCIDENTS, Pair, aligned, concept, said, view

from miner.alignment import align
from miner.alignment.interval import of_concept, of_mean
from miner.alignment.rates import Counts, Rate, Rates
from miner.alignment.reading import unread_share
from miner.document import Page
from miner.taxonomy import framework


def strategy(size: int = 12) -> list[Pair]:
    return [said(60, {INCIDENTS: 0.9} if n % 3 == 0 else None, position=n) for n in range(size)]


def test_an_absent_concept_names_the_nearest_misses_and_what_is_known_to_be_missed() -> None:
    misses = [0.01, 0.03, 0.004, 0.02]
    pairs = [said(50, {CRIME: p}, position=n) for n, p in enumerate(misses)]
    row = concept(aligned(pairs), CRIME)
    assert (row.present, row.claim, row.evidence) == (False, "not found", ())
    assert row.note.startswith("no passage found; of ")
    assert row.recall is not None
    assert f"{row.recall.n} labelled passages" in row.note
    assert [item.probability for item in row.nearest] == [0.03, 0.02, 0.01]


def test_a_concept_that_nobody_labelled_says_that_nothing_is_known() -> None:
    row = concept(aligned([said(50)]), "norm.k_certs")
    assert row.recall is None
    assert "no labelled passages" in row.note


def test_nothing_is_said_to_be_absent_from_what_was_hardly_read() -> None:
    found = align("doc", "T", strategy(), view(), unread=0.6)
    assert {row.claim for row in found.concepts} == {"found", "cannot tell"}
    assert found.read == pytest.approx(0.4)
    assert any("nothing is said to be absent" in caution for caution in found.cautions)


def test_what_was_not_read_widens_the_interval_and_leaves_the_score() -> None:
    whole, part = (align("doc", "T", strategy(), view(), unread=u) for u in (0.0, 0.3))
    for one, other in zip(whole.concepts, part.concepts, strict=True):
        assert one.score == other.score
        assert other.interval[0] <= one.interval[0]
        assert other.interval[1] == pytest.approx(
            one.interval[1] + 0.3 * (1 - one.interval[1]), abs=2e-4
        )
    assert part.overall.interval[1] > whole.overall.interval[1]


def test_passages_in_another_language_count_as_not_read() -> None:
    pairs = strategy(6)
    pairs[0] = said(180, abstained="no figures for the language 'el'")
    found = align("doc", "T", pairs, view(), warnings=("Page 3 is a scan.",))
    assert found.cautions[0] == "Page 3 is a scan."
    assert found.cautions[1].startswith("1 of 6 passages")
    assert found.read == pytest.approx(300 / 480, abs=1e-4)


def test_garbled_and_unread_pages_are_counted_and_empty_ones_are_not() -> None:
    def page(status: str, quality: float = 1.0) -> Page:
        return Page(1, 0, 10, status=status, quality=quality)  # type: ignore[arg-type]

    assert unread_share([page("text"), page("garbled"), page("empty")]) == 0.5
    assert unread_share([page("text", 0.9), page("unread")]) == 0.5
    assert unread_share([page("ocr", 0.6)]) == pytest.approx(0.4)
    assert unread_share([]) == 0


def test_a_document_about_something_else_counts_only_where_it_names_the_subject() -> None:
    other = [said(f"Trees will be planted {n} times.", {CRIME: 0.9}, position=n) for n in range(9)]
    found = align("doc", "T", other, framework())
    assert found.overall.present == 0
    assert any("about something else" in caution for caution in found.cautions)
    named = said("Cybercrime will be prosecuted.", {CRIME: 0.9}, position=9)
    row = concept(align("doc", "T", [*other, named], framework()), CRIME)
    assert [item.passage for item in row.evidence] == [named[0].id]


def test_a_short_text_is_never_about_something_else() -> None:
    pairs = [said(f"Courts will hear {n} cases.", {CRIME: 0.9}, position=n) for n in range(3)]
    assert concept(align("doc", "T", pairs, framework()), CRIME).present


def test_tags_of_another_model_than_was_measured_are_told() -> None:
    assert any("known errors" in caution for caution in aligned(strategy()).cautions)


def test_intervals_are_wider_for_less_text() -> None:
    few = [said(60, {INCIDENTS: 0.9} if n == 0 else None, position=n) for n in range(4)]
    many = [said(60, {INCIDENTS: 0.9} if n % 2 else None, position=n) for n in range(40)]
    narrow, wide = (concept(aligned(pairs), INCIDENTS).interval for pairs in (many, few))
    assert wide[1] - wide[0] > 1.3 * (narrow[1] - narrow[0])


def test_the_interval_of_what_was_not_found_reaches_to_what_may_have_been_missed() -> None:
    pairs = [said(50, {INCIDENTS: 0.025}, position=n) for n in range(6)]
    row = concept(aligned(pairs), INCIDENTS)
    assert not row.present
    assert row.interval[1] > 0.4


def test_an_interval_holds_its_score_whatever_the_draws() -> None:
    import numpy as np

    drawn = np.linspace(0.6, 0.8, 50)
    for score in (0.0, 0.5, 0.7, 1.0):
        for low, high in (of_concept(drawn, score), of_mean(drawn, score)):
            assert 0 <= low <= score <= high <= 1


def test_rates_are_shares_with_intervals() -> None:
    rate = Rate.of(9, 10)
    assert rate is not None
    assert rate.low < 0.9 < rate.high
    assert Rate.of(0, 0) is None
    nothing = Rate.of(0, 3)
    assert nothing is not None
    assert (nothing.value, nothing.low) == (0, 0)
    counts = Counts(8, 2, 0, 0.9)
    assert counts.precision is not None
    assert (counts.precision.value, counts.precision.n) == (0.8, 10)


def test_few_labels_are_drawn_towards_all_concepts() -> None:
    held = Rates("m", {"rare": Counts(0, 0, 1), "common": Counts(80, 20, 20)})
    (_, _), (a, b) = held.beliefs("rare")
    assert 0.5 < a / (a + b) < 0.8  # 0 of 1, drawn towards 80 of 101
    assert held.of("unknown") == Counts()


def test_the_shipped_counts_are_of_the_shipped_model() -> None:
    from importlib.resources import files
    from pathlib import Path

    from miner.alignment.corpus import shares
    from miner.alignment.rates import rates
    from miner.alignment.rule import calibration
    from miner.tagging.heads import Heads

    model = Heads.id_of(Path(str(files("models") / "tagger")))
    assert {rates().model, calibration().model, shares().model} == {model}
    assert set(rates().concepts) == set(calibration().offsets) == set(CONCEPTS)


def test_a_change_of_the_framework_changes_its_version() -> None:
    one = framework()
    assert replace(one, title="Other").version != one.version
