"""Training on a toy set: deterministic, and kept exactly by a file."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from miner.embedding import Encoder
from miner.errors import ModelUnavailable
from miner.tagging.heads import Heads, Scorer
from miner.tagging.train import Example, build, calibrate, fit, labels
from miner.taxonomy import codebook

INCIDENTS, CRIME = "dim.incident_management", "dim.legal_criminal_justice"
_WHO = ("The Government", "The Ministry", "The Agency", "Parliament", "The Council")
_WHAT = (
    ("establish a response team for incidents", INCIDENTS),
    ("answer reports of incidents day and night", INCIDENTS),
    ("amend the penal code on computer crime", CRIME),
    ("train police officers against computer crime", CRIME),
    ("publish a yearly account of the harbours", None),
)
_HOW = (("will", "commitment"), ("has begun to", "in_place"), ("might one day", "descriptive"))


def example(text: str, concept: str | None, stance: str | None, group: str = "written") -> Example:
    return Example(text, frozenset({concept} - {None}), frozenset(), stance, group)  # type: ignore[arg-type]


def toy() -> list[Example]:
    made = [
        example(f"{who} {verb} {what}.", concept, stance)
        for who, (verb, stance), (what, concept) in product(_WHO, _HOW, _WHAT)
    ]
    return [*made, *(example(f"{n}. Page .......... {n}", None, "noise") for n in range(10))]


@pytest.fixture(scope="module")
def heads(encoder: Encoder) -> Heads:
    return build(toy(), toy()[::2], encoder, "toy")


def probability(heads: Heads, encoder: Encoder, text: str, concept: str) -> float:
    scores = Scorer(heads).score([text], encoder.encode([text]))
    return float(scores.probabilities[0, heads.concepts.index(concept)])


def same(one: Heads, other: Heads) -> bool:
    arrays = (
        "concept_weights", "concept_bias", "stance_weights", "stance_bias", "calibration",
        "thresholds",
    )  # fmt: skip
    return (
        all(np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays)
        and np.array_equal(one.topic.idf, other.topic.idf)
        and np.array_equal(one.manner.idf, other.manner.idf)
        and (one.topic.terms, one.manner.terms) == (other.topic.terms, other.manner.terms)
        and (one.concepts, one.stances, one.encoder)
        == (other.concepts, other.stances, other.encoder)
        and (one.stance_temperature, one.embedding_weight, one.card)
        == (other.stance_temperature, other.embedding_weight, other.card)
    )


def test_training_is_deterministic(heads: Heads, encoder: Encoder) -> None:
    assert same(build(toy(), toy()[::2], encoder, "toy"), heads)


def test_it_learns_what_it_is_shown(heads: Heads, encoder: Encoder) -> None:
    text = "The Navy will answer reports of incidents"
    assert probability(heads, encoder, text, INCIDENTS) > 0.5
    assert probability(heads, encoder, text, CRIME) < 0.3
    scores = Scorer(heads).score([text], encoder.encode([text]))
    assert heads.stances[int(scores.stances[0].argmax())] == "commitment"
    assert scores.stances.sum() == pytest.approx(1, abs=1e-5)


def test_a_concept_without_examples_is_never_decided(heads: Heads, encoder: Encoder) -> None:
    scores = Scorer(heads).score(["Women in cyber security"], encoder.encode(["Women"]))
    column = heads.concepts.index("prin.gender_sensitive")
    assert scores.probabilities[0, column] < heads.thresholds[column]


def test_what_is_undecided_counts_neither_way(encoder: Encoder) -> None:
    unsure = replace(toy()[0], concepts=frozenset(), undecided=frozenset({INCIDENTS}))
    assert labels([toy()[0], unsure, toy()[2]], INCIDENTS).tolist() == [1, -1, 0]
    vectors = encoder.encode([e.text for e in toy()])
    without = fit([unsure, *toy()[1:]], vectors, "e")
    column = without.concepts.index(INCIDENTS)
    assert np.array_equal(
        without.concept_weights[column],
        fit([replace(unsure, text=toy()[0].text), *toy()[1:]], vectors, "e").concept_weights[
            column
        ],
    )
    assert not np.array_equal(
        without.concept_weights[column], fit(toy(), vectors, "e").concept_weights[column]
    )


def test_calibration_moves_no_weight(encoder: Encoder) -> None:
    vectors = encoder.encode([e.text for e in toy()])
    raw = fit(toy(), vectors, encoder.id)
    done = calibrate(raw, toy()[::2], vectors[::2])
    assert np.array_equal(raw.concept_weights, done.concept_weights)
    assert done.calibration.shape == (len(codebook()), 2)
    assert ((done.thresholds >= 0.1) & (done.thresholds < 0.75)).all()
    assert 0.3 <= done.stance_temperature <= 3.0


def test_the_card_says_what_it_was_made_of(heads: Heads) -> None:
    assert heads.card["examples"] == heads.card["written"] == len(toy())
    assert heads.card["thresholds_from"] == "toy"
    assert heads.card["positives"][INCIDENTS] == 30
    assert heads.encoder == "hashing@test"


def test_saving_keeps_probabilities(heads: Heads, encoder: Encoder, tmp_path: Path) -> None:
    heads.save(tmp_path)
    read = Heads.load(tmp_path)
    for one in toy()[::5]:
        before = probability(heads, encoder, one.text, INCIDENTS)
        assert probability(read, encoder, one.text, INCIDENTS) == pytest.approx(before, abs=1e-3)


def test_what_was_read_is_saved_and_read_again_exactly(heads: Heads, tmp_path: Path) -> None:
    # The first saving rounds weights to half precision; from then on nothing changes.
    heads.save(tmp_path / "a")
    read = Heads.load(tmp_path / "a")
    read.save(tmp_path / "b")
    assert same(Heads.load(tmp_path / "b"), read)
    assert Heads.id_of(tmp_path / "a") == Heads.id_of(tmp_path / "b")
    for name in ("heads.json", "heads.safetensors"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_another_content_is_another_model(heads: Heads, tmp_path: Path) -> None:
    heads.save(tmp_path / "a")
    replace(heads, thresholds=heads.thresholds + np.float32(0.1)).save(tmp_path / "b")
    assert Heads.id_of(tmp_path / "a") != Heads.id_of(tmp_path / "b")


@pytest.mark.parametrize("name", ["heads.json", "heads.safetensors"])
@pytest.mark.parametrize(
    "content", [None, b"", b"{}", b"\x00" * 64], ids=["gone", "empty", "object", "zeros"]
)
def test_a_broken_model_is_named(
    heads: Heads, tmp_path: Path, name: str, content: bytes | None
) -> None:
    heads.save(tmp_path)
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelUnavailable, match=str(tmp_path)):
        Heads.load(tmp_path)
