"""Candidates replace the concepts' logits and nothing else; patterns and negative ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tagging_helpers import CRIME, example

from evaluation import candidates, spacy_patterns
from evaluation.candidates import Bench, label_marks, lexical_logits, linear_logits, table
from evaluation.crossfit import Known, cross_fitted
from evaluation.rows import LabelledRow
from evaluation.spacy_patterns import Patterns
from miner import linguistics
from miner.tagging.features import terms
from miner.tagging.heads import Scorer
from miner.tagging.train import Example, fit
from miner.taxonomy import codebook

COLUMN = list(codebook()).index(CRIME)


EXAMPLES = [example(number) for number in range(24)]


@pytest.fixture(scope="module")
def bench() -> Bench:
    drawn = np.random.default_rng(0).normal(size=(24, 32)).astype(np.float32)
    known = Known.of([e.text for e in EXAMPLES], drawn)
    return Bench.of(fit(EXAMPLES), known, EXAMPLES, EXAMPLES, 3)


def test_the_whole_tagger_by_its_logits_is_the_whole_tagger(bench: Bench) -> None:
    texts = [e.text for e in EXAMPLES]
    known = Known.of(texts, bench.tuned)
    plain = cross_fitted(bench.whole, EXAMPLES, known, 3)
    blend = np.asarray(Scorer(bench.whole).blend(texts, bench.tuned))
    for one, other in zip(plain, bench.tagged(blend), strict=True):
        assert [t.decided for t in one.tags] == [t.decided for t in other.tags]
        assert [t.probability for t in one.tags] == pytest.approx(
            [t.probability for t in other.tags], abs=1e-3
        )
        assert one.stance.label == other.stance.label


def test_heads_without_marks_are_those_of_the_training(bench: Bench) -> None:
    unread = np.zeros((24, 32), dtype=np.float32)
    alone = replace(bench.whole, lexical_share=1.0)
    wanted = Scorer(alone).blend([e.text for e in EXAMPLES], unread)
    found = bench.lexical()
    assert found[:, COLUMN] == pytest.approx(wanted[:, COLUMN], abs=1e-3)
    assert (found[:, COLUMN] > 0).tolist() == [CRIME in e.concepts for e in EXAMPLES]
    silent = np.delete(found, COLUMN, axis=1)
    assert (silent == -8.0).all()


def test_a_mark_speaks_for_what_words_do_not_show() -> None:
    marks = {e.text: ["dep:x"] for e in EXAMPLES if CRIME in e.concepts}
    same = [Example("the same words", e.concepts, e.undecided, None, e.group) for e in EXAMPLES]
    said = [terms("the same words")] * 24
    marked = [[*words, *marks.get(e.text, ())] for words, e in zip(said, EXAMPLES, strict=True)]
    blind, seeing = (lexical_logits(same, each, each)[:, COLUMN] for each in (said, marked))
    assert np.ptp(blind) == 0
    assert seeing[::2].min() > 0 > seeing[1::2].max()


def test_linear_heads_on_vectors() -> None:
    vectors = np.array([[1.0, 0.0] if CRIME in e.concepts else [0.0, 1.0] for e in EXAMPLES])
    found = linear_logits(EXAMPLES, vectors.astype(np.float32), np.eye(2, dtype=np.float32), 10.0)
    assert found[0, COLUMN] > 0 > found[1, COLUMN]


def test_marks_of_labels_and_negative_labels() -> None:
    text = "Corporate governance is no cyber security governance."
    with_negative = label_marks([text], True)[text]
    assert "neg:dim.strategic_framework" in with_negative
    assert "alt:dim.strategic_framework" in with_negative
    without = label_marks([text], False)[text]
    assert without
    assert not [mark for mark in without if mark.startswith("neg:")]


def test_gains_are_paired_with_the_first_row(bench: Bench) -> None:
    rows = [LabelledRow(n, e.text, e.concepts, source=e.group) for n, e in enumerate(EXAMPLES)]
    right = np.full((24, len(codebook())), -8.0, dtype=np.float32)
    right[:, COLUMN] = [8.0 if CRIME in e.concepts else -8.0 for e in EXAMPLES]
    tagged = {"first": bench.tagged(right), "none": bench.tagged(np.full_like(right, -8.0))}
    first, none = table(rows, tagged)
    assert (first.micro_gain.value, first.micro_gain.low, first.micro_gain.high) == (0, 0, 0)
    assert none.micro_gain.value == pytest.approx(none.micro_f1.value - first.micro_f1.value)
    assert none.micro_gain.high < 0


@pytest.fixture(scope="module")
def patterns() -> Patterns:
    return Patterns(linguistics.english().vocab, spacy_patterns.shipped())


@pytest.mark.parametrize(
    ("text", "concept", "holds"),
    [
        ("The Agency publishes vulnerabilities.", "norm.j_vulnerability_reporting", True),
        ("Researchers report flaws to the vendor.", "norm.j_vulnerability_reporting", True),
        ("The study reports social vulnerabilities.", "norm.j_vulnerability_reporting", False),
        ("Citizens and companies share the responsibility.", "prin.shared_responsibility", True),
        ("The Ministry will build trust in online services.",
         "prin.trust_transparency_accountability", True),
        ("They build trust between states.", "prin.trust_transparency_accountability", False),
        ("The operators of essential services are audited.",
         "norm.g_protect_critical_infrastructure", True),
        ("We will reduce our dependence on foreign suppliers.", "prin.ownership", True),
    ],
)  # fmt: skip
def test_patterns_and_their_negatives(
    patterns: Patterns, text: str, concept: str, holds: bool
) -> None:
    (doc,) = linguistics.analyse([text], entities=False)
    assert (concept in patterns.concepts(doc)) is holds


def test_every_pattern_is_of_a_known_concept() -> None:
    assert set(spacy_patterns.shipped()) <= set(codebook())
    assert len(spacy_patterns.shipped()) == 8


def test_what_was_read_is_kept_by_content(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    texts = ["They share the responsibility.", "The sea is calm."]
    read = spacy_patterns.read(texts, tmp_path)
    assert read.concepts == {texts[0]: ["prin.shared_responsibility"], texts[1]: []}
    assert read.parsing > 0
    asked: list[str] = []
    monkeypatch.setattr(linguistics, "analyse", lambda given, **_: asked.extend(given) or given)
    assert spacy_patterns.read(texts, tmp_path) == read
    assert not asked


def test_marks_by_themselves(bench: Bench) -> None:
    shared = "prin.shared_responsibility"
    rows = [
        LabelledRow(n, e.text, frozenset({shared}) if n < 3 else frozenset(), source=e.group)
        for n, e in enumerate(EXAMPLES)
    ]
    none = bench.tagged(np.full((24, len(codebook())), -8.0, dtype=np.float32))
    read = {row.text: [shared] if row.id in (0, 1, 7) else [] for row in rows}
    held = {row.concept: row for row in candidates.marked(rows, read, none, none)}[shared]
    assert (held.positives, held.marked, held.right) == (3, 3, 2)
    assert (held.f1.value, held.gain.value) == (0, 0)
