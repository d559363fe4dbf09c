"""The tagging report against a handful of rows worked out by hand."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation import tagging
from evaluation.__main__ import main
from evaluation.bootstrap import Resampling
from evaluation.rows import LabelledRow
from evaluation.tagging_score import drawn, score_tagging
from miner.errors import InputError
from miner.tagging.tag import TaggedPassage
from miner.taxonomy import Stance, codebook

A, B = "prin.ownership", "norm.k_certs"
PAIRS = len(codebook())

Make = Callable[..., TaggedPassage]


def row(identity: int, *concepts: str, **more: Any) -> LabelledRow:
    return LabelledRow(identity, f"text {identity}", frozenset(concepts), **more)


def test_f1_by_hand(make_tagged: Make) -> None:
    rows = [row(1, A, B), row(2, A), row(3)]
    said = [make_tagged({A: 0.9}), make_tagged({B: 0.9}), make_tagged({A: 0.9})]
    report = score_tagging(rows, said)
    # A: 1 hit, 1 false, 1 missed; B: 0 hits, 1 false, 1 missed.
    assert report.micro_f1.value == pytest.approx(2 / (2 + 2 + 2))
    assert report.micro_precision.value == pytest.approx(1 / 3)
    assert report.micro_recall.value == pytest.approx(1 / 3)
    assert (report.rows, report.documents, report.micro_f1.n) == (3, 3, 3)
    of = {figures.concept: figures for figures in report.concepts}
    assert of[A].f1.value == pytest.approx(0.5)
    assert (of[A].positives, of[A].decided) == (2, 2)
    assert of[B].f1.value == 0.0
    assert math.isnan(of["norm.c_territory"].f1.value)
    assert report.macro_concepts == 0
    assert math.isnan(report.macro_f1.value)


def test_macro_takes_concepts_with_nine_positives(make_tagged: Make) -> None:
    rows = [row(i, A) for i in range(9)] + [row(9, B)]
    report = score_tagging(rows, [make_tagged({A: 0.9})] * 10)
    assert report.macro_concepts == 1
    assert report.macro_f1.value == pytest.approx(18 / 19)


def test_undecided_concepts_are_not_scored(make_tagged: Make) -> None:
    rows = [row(1, undecided=frozenset({A})), row(2, A)]
    report = score_tagging(rows, [make_tagged({A: 0.9}), make_tagged({A: 0.9})])
    assert report.micro_f1.value == 1.0
    figures = next(f for f in report.concepts if f.concept == A)
    assert figures.f1.n == 1
    assert report.calibration.brier.n == 2 * PAIRS - 1


def test_an_abstained_passage_decides_nothing(make_tagged: Make) -> None:
    rows = [row(1, A), row(2, A)]
    said = [make_tagged({A: 0.9}), make_tagged({A: 0.9}, abstained="no figures")]
    report = score_tagging(rows, said)
    assert report.micro_recall.value == 0.5
    assert report.abstained.value == 0.5


def test_stances_by_hand(make_tagged: Make) -> None:
    rows = [
        row(1, stance=Stance.NOISE),
        row(2, stance=Stance.NOISE),
        row(3, stance=Stance.COMMITMENT),
        row(4, stance=None),
    ]
    said = [make_tagged(stance=s) for s in (Stance.NOISE, Stance.COMMITMENT, Stance.COMMITMENT)]
    stance = score_tagging(rows, [*said, make_tagged(stance=Stance.NOISE)]).stance
    assert stance.accuracy.value == pytest.approx(2 / 3)
    assert stance.accuracy.n == 3
    assert stance.f1["noise"].value == pytest.approx(2 / 3)
    assert stance.f1["noise"].n == 2
    assert stance.confusion["noise"] == {
        "commitment": 1,
        "in_place": 0,
        "descriptive": 0,
        "noise": 1,
    }
    assert sum(sum(said.values()) for said in stance.confusion.values()) == 3


def test_rows_without_any_stance(make_tagged: Make) -> None:
    accuracy = score_tagging([row(1), row(2)], [make_tagged()] * 2).stance.accuracy
    assert math.isnan(accuracy.value)
    assert accuracy.n == 0


def test_calibration_by_hand(make_tagged: Make) -> None:
    rows = [row(1, A), row(2)]
    calibration = score_tagging(rows, [make_tagged({A: 0.85})] * 2).calibration
    # Two pairs at 0.85, one of them positive; all others at 0 and negative.
    pairs = 2 * PAIRS
    assert calibration.expected_error.value == pytest.approx(abs(1.7 - 1) / pairs)
    assert calibration.brier.value == pytest.approx((0.15**2 + 0.85**2) / pairs)
    assert calibration.expected_error.n == pairs


def test_documents_are_drawn_whole(make_tagged: Make) -> None:
    rows = [row(i, A, source=f"ncss_txt/{i // 5}.txt") for i in range(20)]
    said = [make_tagged({A: 0.9} if i < 10 else {}) for i in range(20)]
    report = score_tagging(rows, said)
    assert report.documents == 4
    alone = score_tagging([row(i, A) for i in range(20)], said)
    assert alone.documents == 20
    assert alone.micro_f1.value == report.micro_f1.value
    assert (report.micro_f1.high - report.micro_f1.low) > (alone.micro_f1.high - alone.micro_f1.low)


def test_groups_are_by_subject(make_tagged: Make) -> None:
    rows = [row(1, A, source="ai_txt/x"), row(2, A, source="ncss_txt/y"), row(3, A)]
    said = [make_tagged({A: 0.9}), make_tagged(), make_tagged({A: 0.9})]
    groups = score_tagging(rows, said).groups
    assert list(groups) == ["cyber", "AI", "(none)"]
    assert groups["AI"].micro_f1.value == 1.0
    assert groups["cyber"].micro_f1.value == 0.0
    assert math.isnan(groups["AI"].micro_f1.low)
    assert (groups["AI"].rows, groups["AI"].documents) == (1, 1)


def test_groups_may_be_others_and_overlap(make_tagged: Make) -> None:
    rows = [row(1, A), row(2, A), row(3, A)]
    said = [make_tagged({A: 0.9}), make_tagged(), make_tagged({A: 0.9})]
    groups = score_tagging(rows, said, {"one": [0, 1], "other": [1]}).groups
    assert [(name, group.rows) for name, group in groups.items()] == [("one", 2), ("other", 1)]
    assert groups["one"].micro_f1.value == pytest.approx(2 / 3)


def test_a_group_has_a_macro_average_from_five_concepts(make_tagged: Make) -> None:
    five, more = list(codebook())[:5], list(codebook())[5]
    said = make_tagged(dict.fromkeys((*five[1:], more), 0.9))
    whole = [row(i, *five, source=f"ai_txt/{i}") for i in range(9)]
    # One concept is always missed; the sixth, never right, has no positives and does not count.
    group = score_tagging(whole, [said] * 9).groups["AI"]
    assert group.macro_concepts == 5
    assert group.macro_f1.value == pytest.approx(4 / 5)
    less = [row(i, *five[:4], source=f"ai_txt/{i}") for i in range(9)]
    group = score_tagging(less, [said] * 9).groups["AI"]
    assert group.macro_concepts == 4
    assert math.isnan(group.macro_f1.value)


def test_calibration_of_the_likely_and_of_the_stance(make_tagged: Make) -> None:
    rows = [row(1, A, stance=Stance.NOISE), row(2, stance=Stance.NOISE), row(3, stance=None)]
    said = [
        make_tagged({A: 0.85, B: 0.1}, Stance.NOISE),
        make_tagged({A: 0.85}, Stance.COMMITMENT),
        make_tagged(),
    ]
    calibration = score_tagging(rows, said).calibration
    # Of two pairs over 0.1, both at 0.85, one holds: 0.1 itself is not over it.
    assert calibration.likely_error.value == pytest.approx(0.35)
    assert calibration.likely_error.n == 2
    # The stand-in is sure of each stance by 0.9, and right in one of two.
    assert calibration.stance_error.value == pytest.approx(0.4)
    assert calibration.stance_error.n == 2
    silent = score_tagging([row(1)], [make_tagged()]).calibration
    assert math.isnan(silent.likely_error.value)
    assert math.isnan(silent.stance_error.value)


def test_figures_of_draws_are_those_of_the_report(make_tagged: Make) -> None:
    rows = [row(i, A, stance=list(Stance)[i % 4], source=f"g/{i // 3}") for i in range(12)]
    said = [make_tagged({A: 0.9, B: i / 12}, list(Stance)[i % 3]) for i in range(12)]
    report, told = score_tagging(rows, said), drawn(rows, said)
    whole = Resampling.of([each.document for each in rows])
    for name, wanted in {
        "micro": report.micro_f1,
        "macro": report.macro_f1,
        "stance": report.stance.accuracy,
        "noise": report.stance.f1["noise"],
        "calibration": report.calibration.expected_error,
    }.items():
        assert whole.figure(told[name], wanted.n) == wanted, name


def test_what_does_not_fit_together_is_refused(make_tagged: Make) -> None:
    with pytest.raises(InputError, match="1 passages for 2 rows"):
        score_tagging([row(1), row(2)], [make_tagged()])
    with pytest.raises(InputError):
        score_tagging([], [])
    whole = make_tagged()
    less = TaggedPassage(whole.tags[1:], whole.stance, whole.model)
    with pytest.raises(InputError, match=r"no probability for dim\.strategic_framework"):
        score_tagging([row(1)], [less])


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # it holds no state
)
@given(st.data())
def test_figures_are_shares_and_blind_to_order(make_tagged: Make, data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 8))
    concept = st.frozensets(st.sampled_from([A, B]))
    rows = [
        row(i, *data.draw(concept), source=f"g/{data.draw(st.integers(0, 3))}") for i in range(n)
    ]
    said = [
        make_tagged({A: data.draw(st.floats(0, 1)), B: data.draw(st.floats(0, 1))})
        for _ in range(n)
    ]
    report = score_tagging(rows, said)
    order = data.draw(st.permutations(range(n)))
    again = score_tagging([rows[i] for i in order], [said[i] for i in order])
    named = ("micro_f1", "macro_f1", "abstained")
    pairs = [(getattr(report, name), getattr(again, name)) for name in named]
    pairs.append((report.calibration.expected_error, again.calibration.expected_error))
    pairs.append((report.calibration.adaptive_error, again.calibration.adaptive_error))
    for one, other in pairs:
        assert math.isnan(one.value) or 0.0 <= one.value <= 1.0
        for part in ("value", "low", "high"):
            assert getattr(one, part) == pytest.approx(getattr(other, part), abs=1e-9, nan_ok=True)


@pytest.fixture
def labelled(write: Any) -> Any:
    return write(
        "labelled.jsonl",
        {"id": 1, "text": "one", "concepts": [A], "stance": "noise", "source": "ai_txt/x"},
        {"id": 2, "text": "two", "concepts": [], "stance": None, "source": "ai_txt/y"},
    )


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, make_tagger: Any, make_tagged: Make) -> Any:
    tagger = make_tagger({"one": make_tagged({A: 0.9}, Stance.NOISE)}, {})
    monkeypatch.setattr(tagging, "load_tagger", lambda _: tagger)
    return tagger


@pytest.mark.usefixtures("fake")
def test_the_command_prints_json(labelled: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tagging", "--labelled", str(labelled), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["model"] == "fake"
    assert answer["thresholds_from"] is None
    assert answer["report"]["micro_f1"]["value"] == 1.0
    # Undefined numbers are null, not NaN.
    assert answer["report"]["macro_f1"]["value"] is None


@pytest.mark.usefixtures("fake")
def test_the_command_prints_tables_that_fit(
    labelled: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["tagging", "--labelled", str(labelled), "--by-source"]) == 0
    printed = capsys.readouterr().out
    tables = printed[printed.index("All documents") :]
    assert max(map(len, tables.splitlines())) <= 80
    assert "…" not in printed
    assert "ai_txt/" in printed
    assert "AI" in printed
    assert "1.000" in printed


@pytest.mark.usefixtures("fake")
def test_the_command_divides_by_countries_trained_on(
    write: Any, tmp_path: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evaluation.groups.sources", lambda: frozenset({"a/fin.txt"}))
    (tmp_path / "manifest.tsv").write_text(
        "path\ttitle\tcountry\na/fin.txt\tOne\tFIN\na/mlt.txt\tOther\tMalta\n", "utf-8"
    )
    labelled = write(
        "labelled.jsonl",
        {"id": 1, "text": "one", "concepts": [A], "stance": None, "country": "Finland"},
        {"id": 2, "text": "two", "concepts": [A], "stance": None, "country": "Malta"},
        {"id": 3, "text": "two", "concepts": [A], "stance": None},
    )
    asked = ["tagging", "--labelled", str(labelled), "--corpus", str(tmp_path), "--json"]
    assert main(asked) == 0
    groups = json.loads(capsys.readouterr().out)["report"]["groups"]
    assert {
        name: (group["rows"], group["micro_f1"]["value"]) for name, group in groups.items()
    } == {
        "(none)": (3, 0.5),
        "countries with real training passages": (1, 1.0),
        "countries without": (1, 0.0),
    }
    assert main([*asked[:-2], str(tmp_path / "nowhere")]) == 2
    assert "manifest" in capsys.readouterr().err


def test_thresholds_chosen_on_the_measured_file_are_named(
    labelled: Any, fake: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["tagging", "--labelled", str(labelled)])
    assert "does not say" in capsys.readouterr().out
    fake.card["thresholds_from"] = "other.jsonl"
    main(["tagging", "--labelled", str(labelled)])
    assert "decisions look better" not in " ".join(capsys.readouterr().out.split())
    fake.card["thresholds_from"] = "labels/labelled.jsonl"
    main(["tagging", "--labelled", str(labelled)])
    assert "decisions look better" in " ".join(capsys.readouterr().out.split())


def test_languages_are_passed_where_all_rows_name_one(make_tagged: Make) -> None:
    seen: list[Any] = []

    class Listening:
        id = "fake"
        card: dict[str, Any] = {}  # noqa: RUF012

        def tag(self, texts: Any, vectors: Any = None, languages: Any = None) -> Any:
            assert vectors is None
            seen.append(languages)
            return [make_tagged() for _ in texts]

    tagging.measure([row(1, language="en"), row(2, language="fr")], Listening(), "f")
    tagging.measure([row(1, language="en"), row(2)], Listening(), "f")
    assert seen == [["en", "fr"], None]
