"""Training on a toy set: deterministic, and kept exactly by a file."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from stand_ins import KeywordTuned

from miner.errors import ModelUnavailable
from miner.tagging import tuned
from miner.tagging.heads import Heads, Scorer, Scores
from miner.tagging.train import Example, build, calibrate, fit, labels, thresholds
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
def heads() -> Heads:
    return build(toy(), toy()[::2], KeywordTuned(), "toy")


def scored(heads: Heads, text: str) -> Scores:
    return Scorer(heads).score([text], KeywordTuned().logits([text]))


def probability(heads: Heads, text: str, concept: str) -> float:
    return float(scored(heads, text).probabilities[0, heads.concepts.index(concept)])


def same(one: Heads, other: Heads) -> bool:
    arrays = ("concept_weights", "concept_bias", "calibration", "thresholds", "stance_bias")
    plain = ("concepts", "stances", "lexical_share", "stance_temperature", "card")
    return (
        all(np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays)
        and all(getattr(one, name) == getattr(other, name) for name in plain)
        and np.array_equal(one.vocabulary.idf, other.vocabulary.idf)
        and one.vocabulary.terms == other.vocabulary.terms
    )


def test_training_is_deterministic(heads: Heads) -> None:
    assert same(build(toy(), toy()[::2], KeywordTuned(), "toy"), heads)


def test_it_learns_what_it_is_shown(heads: Heads) -> None:
    text = "The Navy will answer reports of incidents"
    assert probability(heads, text, INCIDENTS) > 0.5
    assert probability(heads, text, CRIME) < 0.3
    stances = scored(heads, text).stances
    assert heads.stances[int(stances[0].argmax())] == "commitment"
    assert stances.sum() == pytest.approx(1, abs=1e-5)


def test_words_and_the_tuned_encoder_share_the_say() -> None:
    # Neither the rule nor the keyword knows boats: only the lexical head does.
    taught = [replace(e, text=e.text.replace("harbours", "boats")) for e in toy()]
    boats = [replace(e, concepts=frozenset({CRIME})) if "boats" in e.text else e for e in taught]
    raw = fit(boats)
    deaf, keen = (replace(raw, lexical_share=share) for share in (0.0, 1.0))
    text = "a yearly account of the boats"
    assert probability(keen, text, CRIME) > 0.5 > probability(deaf, text, CRIME)


def test_a_concept_without_examples_is_never_decided(heads: Heads) -> None:
    column = heads.concepts.index("norm.confidence_building")
    for text in ("Hotlines against escalation", "The Ministry will train police officers"):
        assert scored(heads, text).probabilities[0, column] < heads.thresholds[column]


def test_what_is_undecided_counts_neither_way() -> None:
    unsure = replace(toy()[0], concepts=frozenset(), undecided=frozenset({INCIDENTS}))
    assert labels([toy()[0], unsure, toy()[2]], INCIDENTS).tolist() == [1, -1, 0]
    column = fit(toy()).concepts.index(INCIDENTS)
    with_it, without = (fit([one, *toy()[1:]]).concept_weights for one in (toy()[0], unsure))
    against = fit([replace(unsure, undecided=frozenset()), *toy()[1:]]).concept_weights
    assert not np.array_equal(with_it[column], without[column])
    assert not np.array_equal(against[column], without[column])


def test_a_heavier_example_counts_more() -> None:
    odd = example("The Council will repair the harbours.", INCIDENTS, "commitment")
    light, heavy = (fit([*toy(), replace(odd, weight=weight)]) for weight in (1.0, 20.0))
    text = "The Council will repair the harbours."
    light, heavy = (replace(one, lexical_share=1.0) for one in (light, heavy))
    assert probability(heavy, text, INCIDENTS) > probability(light, text, INCIDENTS)


def test_calibration_moves_no_weight() -> None:
    raw = fit(toy())
    dev = toy()[::2]
    done = calibrate(raw, dev, KeywordTuned().logits([e.text for e in dev]))
    assert np.array_equal(raw.concept_weights, done.concept_weights)
    assert done.calibration.shape == (len(codebook()), 2)
    assert ((done.thresholds >= 0.05) & (done.thresholds < 0.95)).all()
    assert done.stance_temperature > 0
    assert done.stance_bias.shape == (4,)


def test_a_threshold_is_where_the_probabilities_expect_the_best_f1() -> None:
    rng = np.random.default_rng(0)
    sure = np.concatenate([np.full(60, 0.9), np.full(940, 0.02)])
    unsure = np.concatenate([np.full(60, 0.45), np.full(940, 0.03)])
    common = np.concatenate([np.full(60, 0.45), np.full(940, 0.2)])
    probabilities = np.stack([sure, unsure, common], axis=1)
    wanted = (rng.random(probabilities.shape) < probabilities).astype(np.int8)
    found = thresholds(probabilities, wanted)
    assert (probabilities >= found).sum(axis=0).tolist() == [60, 60, 1000]
    # Which of them held it by chance says nothing new.
    shuffled = np.stack([rng.permutation(column) for column in wanted.T], axis=1)
    assert (thresholds(probabilities, shuffled) == found).all()


def test_a_concept_never_seen_is_decided_only_where_near_certain() -> None:
    probabilities = np.linspace(0, 0.6, 200)[:, None].repeat(3, axis=1)
    wanted = np.zeros((200, 3), dtype=np.int8)
    wanted[-40:, 0] = 1
    wanted[-1:, 1] = 1
    usual, rare, unseen = thresholds(probabilities, wanted)
    assert usual < 0.75
    # What one passage shows counts for little: it is the threshold of the others.
    assert rare == pytest.approx(usual, abs=0.05)
    assert unseen == pytest.approx(0.9)


def test_the_card_says_what_it_was_made_of(heads: Heads) -> None:
    assert heads.card["examples"] == heads.card["written"] == len(toy())
    assert heads.card["thresholds_from"] == "toy"
    assert heads.card["positives"][INCIDENTS] == 30
    assert heads.card["positives_dev"][INCIDENTS] == 15


def test_saving_keeps_probabilities(heads: Heads, tmp_path: Path) -> None:
    heads.save(tmp_path)
    read = Heads.load(tmp_path)
    for one in toy()[::5]:
        before = probability(heads, one.text, INCIDENTS)
        assert probability(read, one.text, INCIDENTS) == pytest.approx(before, abs=1e-3)


def test_what_was_read_is_saved_and_read_again_exactly(heads: Heads, tmp_path: Path) -> None:
    # The first saving rounds weights to half precision; from then on nothing changes.
    heads.save(tmp_path / "a")
    read = Heads.load(tmp_path / "a")
    read.save(tmp_path / "b")
    assert same(Heads.load(tmp_path / "b"), read)
    for name in ("heads.json", "heads.safetensors"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_another_content_is_another_model(heads: Heads, tmp_path: Path) -> None:
    heads.save(tmp_path / "a")
    replace(heads, thresholds=heads.thresholds + np.float32(0.1)).save(tmp_path / "b")
    for folder in ("a", "b", "c"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / tuned.FILE).write_bytes(b"layers")
    heads.save(tmp_path / "c")
    assert Heads.id_of(tmp_path / "a") == Heads.id_of(tmp_path / "c")
    (tmp_path / "c" / tuned.FILE).write_bytes(b"other layers")
    assert Heads.id_of(tmp_path / "a") != Heads.id_of(tmp_path / "c")
    (tmp_path / "c" / tuned.FILE).unlink()
    with pytest.raises(ModelUnavailable, match="not whole"):
        Heads.id_of(tmp_path / "c")
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
