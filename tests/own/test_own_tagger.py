"""A framework of one's own: tagged at once, better with examples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from own_helpers import BACKGROUND, LIGHT, OTHER, SCHOOL, WATER, YAML, example

from miner.embedding import Encoder
from miner.errors import InputError, ModelUnavailable
from miner.tagging.own import OwnModel, OwnTagger, build, read_examples
from miner.tagging.own.build import cautions
from miner.tagging.own.few import Terms
from miner.tagging.own.thresholds import expected
from miner.tagging.own.zero import shipped
from miner.taxonomy import Framework, parse_framework


@pytest.fixture(scope="module")
def towns() -> Framework:
    return parse_framework(YAML)


@pytest.fixture(scope="module")
def model(towns: Framework, encoder: Encoder) -> OwnModel:
    return build(towns, encoder, BACKGROUND)


@pytest.fixture(scope="module")
def tagger(model: OwnModel, encoder: Encoder) -> OwnTagger:
    return OwnTagger(model, encoder)


def concepts(tagger: OwnTagger, text: str) -> list[str]:
    return [tag.concept for tag in tagger.tag([text], ["en"])[0].decided]


def test_it_tags_at_once_and_shows_the_words(tagger: OwnTagger) -> None:
    (found,) = tagger.tag([WATER], ["en"])
    (tag,) = found.decided
    assert (tag.concept, tag.by) == ("water", "pattern")
    assert [WATER[e.start : e.end] for e in tag.evidence] == ["water supply", "wells"]
    assert all(e.quote == WATER[e.start : e.end] for e in tag.evidence)
    assert concepts(tagger, LIGHT) == ["light"]
    assert concepts(tagger, SCHOOL) == ["school"]
    assert not any(concepts(tagger, text) for text in OTHER)
    assert [tag.concept for tag in found.tags] == ["water", "light", "school"]


def test_a_text_of_look_alikes_is_not_tagged(tagger: OwnTagger) -> None:
    veto = "Two oil wells stand by the road to the east of the town."
    (found,) = tagger.tag([veto], ["en"])
    assert not found.decided
    assert found.tags[0].probability < 0.1


def test_evidence_without_a_label_is_the_nearest_sentence(tagger: OwnTagger) -> None:
    sure = OwnTagger(
        replace(tagger.model, thresholds=np.zeros(3, dtype=np.float32)), tagger._encoder
    )
    text = "The mayor spoke. Lamps burn at night along streets. People ate."
    (found,) = sure.tag([text], ["en"])
    light = found.tags[1]
    assert (light.by, light.evidence[0].quote) == ("head", "Lamps burn at night along streets.")


def test_it_keeps_quiet_where_it_has_no_figures(tagger: OwnTagger) -> None:
    french = "La commune va réparer le réseau d'eau et creuser deux puits."
    for text, language in ((french, "fr"), ("1234 5678", None), ("", None)):
        (found,) = tagger.tag([text], [language] if language else None)
        assert found.abstained
        assert not found.decided
    with pytest.raises(InputError, match="20,000"):
        tagger.tag(["word " * 20_001])


def test_known_vectors_are_not_made_again(tagger: OwnTagger, encoder: Encoder) -> None:
    texts = [WATER, LIGHT, *OTHER]
    vectors = encoder.encode(texts)
    assert tagger.tag(texts, vectors=vectors) == tagger.tag(texts)


def test_a_saved_model_is_the_same_model(
    towns: Framework, encoder: Encoder, tmp_path: Path
) -> None:
    rows = [example(WATER, "water"), example(LIGHT, "light"), example(OTHER[0])]
    for shown in ([], rows):
        made = build(towns, encoder, BACKGROUND, shown)
        made.save(tmp_path)
        read = OwnModel.load(tmp_path, encoder.id)
        assert read.id == made.id
        assert read.framework == towns
        texts = [WATER, *OTHER]
        assert OwnTagger(read, encoder).tag(texts) == OwnTagger(made, encoder).tag(texts)


def test_building_is_deterministic(towns: Framework, encoder: Encoder, model: OwnModel) -> None:
    assert build(towns, encoder, BACKGROUND).id == model.id


def test_examples_teach_what_no_label_says(towns: Framework, encoder: Encoder) -> None:
    new = "Hydrants by the fountain get taps for thirsty walkers."
    taught = [
        example(f"{who} get taps at the fountain for thirsty walkers.", "water")
        for who in ("Hydrants", "Parks", "Squares", "Stations", "Halls", "Gates")
    ]
    against = [example(text) for text in OTHER]

    def probability(rows: list[object]) -> float:
        tagger = OwnTagger(build(towns, encoder, BACKGROUND, rows), encoder)  # type: ignore[arg-type]
        return tagger.tag([new])[0].tags[0].probability

    none, few, more = (
        probability([]),
        probability([*taught[:2], *against]),
        probability([*taught, *against]),
    )
    assert none < few < more
    assert more > 2 * none


def test_an_undecided_row_says_nothing_of_its_concept(towns: Framework, encoder: Encoder) -> None:
    rows = [example(WATER, "water"), example(SCHOOL, "school")]
    unsure = example("Fountains for all walkers in the park.", "light", undecided=("water",))
    one = build(towns, encoder, BACKGROUND, [*rows, unsure])
    against = build(towns, encoder, BACKGROUND, [*rows, replace(unsure, undecided=frozenset())])

    def water(model: OwnModel) -> float:
        return OwnTagger(model, encoder).tag([unsure.text])[0].tags[0].probability

    assert water(one) > water(against)


def test_little_to_go_by_is_told(towns: Framework, encoder: Encoder) -> None:
    said = cautions(build(towns, encoder, [WATER]))
    assert any("Only 1 background" in one for one in said)
    bare = replace(towns, concepts=tuple(replace(c, labels=(), hidden=()) for c in towns.concepts))
    found = build(bare, encoder, BACKGROUND)
    assert any("3 of 3 concepts have fewer than 3 labels" in one for one in cautions(found))
    assert OwnTagger(found, encoder).tag([WATER])[0].tags[0].probability > 0


def test_without_a_background_it_still_works(towns: Framework, encoder: Encoder) -> None:
    tagger = OwnTagger(build(towns, encoder, []), encoder)
    assert "water" in concepts(tagger, WATER)


def test_one_concept_alone_is_told_from_the_rest(towns: Framework, encoder: Encoder) -> None:
    alone = replace(towns, concepts=towns.concepts[:1], groups=("services",))
    tagger = OwnTagger(build(alone, encoder, BACKGROUND), encoder)
    assert concepts(tagger, WATER) == ["water"]
    assert concepts(tagger, OTHER[0]) == []


def test_a_model_of_another_encoder_or_a_broken_one_is_refused(
    model: OwnModel, tmp_path: Path
) -> None:
    model.save(tmp_path)
    with pytest.raises(InputError, match="other@1"):
        OwnModel.load(tmp_path, "other@1")
    (tmp_path / "own.json").write_text("{", "utf-8")
    with pytest.raises(ModelUnavailable, match="train --taxonomy"):
        OwnModel.load(tmp_path, model.encoder)


def test_thresholds_promise_the_best_f1() -> None:
    # Of 400 texts 40 are near certain and the rest is noise: all between would do.
    sure = np.concatenate([np.full(40, 0.9), np.full(360, 0.02)])[:, None]
    (found,) = expected(sure)
    assert 0.02 < found <= 0.9
    assert expected(np.zeros((0, 2))).tolist() == pytest.approx([0.3, 0.3])


def test_terms_that_nobody_shares_are_no_terms() -> None:
    assert Terms.fit(["alpha", "beta"]).rows(["alpha"]).shape == (1, 0)


def test_the_shipped_weights_are_there() -> None:
    weights = shipped()
    assert weights.card["passages"] > 1000
    assert all(value > 0 for value in weights.weights)


Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def writing(content: str) -> Path:
        path = tmp_path / "rows.jsonl"
        path.write_text(content, "utf-8")
        return path

    return writing


def test_examples_are_read(towns: Framework, write: Write) -> None:
    path = write(
        '{"text": "A", "concepts": ["water"], "undecided": ["light"], "source": "d"}\n\n'
        '{"text": "B", "concepts": []}\n'
    )
    first, second = read_examples(path, towns)
    assert (first.concepts, first.undecided, first.group) == ({"water"}, {"light"}, "d")
    assert second.concepts == frozenset()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "no labelled row"),
        ('{"text": "A", "concepts": []}', "no row carries a concept"),
        ("{", "line 1: it is no JSON"),
        ("[1]", "it has no text"),
        ('{"concepts": ["water"]}', "it has no text"),
        ('{"text": " ", "concepts": ["water"]}', "empty"),
        ('{"text": "A", "concepts": "water"}', "'concepts' is no list"),
        ('{"text": "A"}', "'concepts' is no list"),
        ('{"text": "A", "concepts": ["watr"]}', "Did you mean 'water'"),
        ('{"text": "A", "concepts": ["water"], "undecided": ["water"]}', "both"),
    ],
)
def test_bad_examples_are_named(towns: Framework, write: Write, content: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_examples(write(content), towns)
    assert words in str(caught.value)


def test_the_goals_that_come_along_can_be_read() -> None:
    from miner.taxonomy import load_framework

    path = Path(__file__).parents[2] / "models" / "taxonomy" / "sdg.yaml"
    goals = load_framework(path)
    assert len(goals.concepts) == 17
    assert all(c.definition and c.labels and c.examples for c in goals.concepts)
