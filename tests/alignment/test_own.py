"""A user's own framework: tags from the codebook's, from its own words, or from both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from made import CRIME, INCIDENTS, SKILLS, said

from miner.alignment import align
from miner.alignment.own import OwnTags, mapped_concepts, same_as, tags_for
from miner.errors import InputError
from miner.evidence import Evidence
from miner.tagging.tag import Tag
from miner.taxonomy import Framework, framework_from


def own(**maps_to: Any) -> Framework:
    rows = [
        {
            "id": name,
            "label": name,
            "definition": f"What a passage says that is about {name}.",
            **({"maps_to": target} if target else {}),
        }
        for name, target in maps_to.items()
    ]
    return framework_from({"id": "own", "title": "Own", "concepts": rows})


def by_words(framework: Framework, texts: Sequence[str]) -> OwnTags:
    """Tags by the concept's id standing in the text."""
    rows = [
        [
            Tag(
                c.id,
                0.8 if c.id in text else 0.1,
                c.id in text,
                "pattern",
                (Evidence(0, 4, text[:4]),),
            )
            for c in framework.concepts
        ]
        for text in texts
    ]
    return OwnTags("own-test", rows)


def test_a_mapped_concept_has_the_tags_of_what_it_maps_to() -> None:
    framework = own(same=[INCIDENTS], wide={"narrowMatch": [SKILLS, CRIME]})
    pairs = [
        said("One team answers.", {INCIDENTS: 0.9, CRIME: 0.7}),
        said("Two schools teach.", {SKILLS: 0.6}, position=1),
    ]
    tagged = tags_for(framework, pairs)
    held = [[tag.probability for tag in item.tags] for _, item in tagged]
    assert held == [[0.9, 0.7], [0.001, 0.6]]
    assert [[tag.decided for tag in item.tags] for _, item in tagged] == [
        [True, True],
        [False, True],
    ]
    found = align("d", "t", tagged, framework)
    assert [row.present for row in found.concepts] == [True, True]
    assert found.weights["slope"] != 1  # calibrated, as all concepts map


def test_the_same_concept_under_another_id_has_the_same_score_and_known_errors() -> None:
    pairs = [said(80, {INCIDENTS: 0.6}, position=n) for n in range(3)]
    framework = own(response=[INCIDENTS])
    mine = align("d", "t", tags_for(framework, pairs), framework).concepts[0]
    from made import aligned, concept

    theirs = concept(aligned(pairs), INCIDENTS)
    assert (mine.score, mine.recall, mine.percentile) == (
        theirs.score,
        theirs.recall,
        theirs.percentile,
    )


def test_a_narrower_concept_needs_both_signs() -> None:
    framework = own(court={"broadMatch": [CRIME]})
    pairs = [
        said("The court sits.", {CRIME: 0.9}),
        said("The court of tennis.", {CRIME: 0.01}, position=1),
        said("The police hunt.", {CRIME: 0.9}, position=2),
    ]
    held = [item.tags[0] for _, item in tags_for(framework, pairs, by_words)]
    assert [tag.decided for tag in held] == [True, False, False]
    assert held[0].probability == pytest.approx(0.72)


def test_a_concept_without_a_mapping_is_told_by_its_own_words() -> None:
    framework = own(money=None, same=[INCIDENTS])
    pairs = [said("There is money now.", {INCIDENTS: 0.9}), said("None at all.", position=1)]
    tagged = tags_for(framework, pairs, by_words)
    assert [item.tags[0].decided for _, item in tagged] == [True, False]
    assert tagged[0][1].model == "test+own-test"
    found = align("d", "t", tagged, framework)
    assert found.weights["slope"] == 1
    assert any("own words only" in caution for caution in found.cautions)
    money = found.concepts[0]
    assert (money.recall, money.percentile) == (None, None)


def test_own_words_are_needed_where_nothing_maps() -> None:
    with pytest.raises(InputError, match="'money' maps to none"):
        tags_for(own(money=None), [said(9)])


def test_nothing_is_decided_on_a_passage_that_the_model_abstained_on() -> None:
    pairs = [said(30, {INCIDENTS: 0.9}, abstained="no figures for the language 'fr'")]
    tagged = tags_for(own(same=[INCIDENTS]), pairs)
    assert not tagged[0][1].tags[0].decided


def test_what_counts_as_mapped() -> None:
    assert mapped_concepts(own(a=[INCIDENTS], b={"closeMatch": [SKILLS]}))
    assert not mapped_concepts(own(a={"broadMatch": [INCIDENTS]}))
    assert not mapped_concepts(own(a={"relatedMatch": [INCIDENTS]}))
    one, two = own(a=[INCIDENTS], b=[INCIDENTS, SKILLS]).concepts
    assert (same_as(one), same_as(two)) == (INCIDENTS, "b")
