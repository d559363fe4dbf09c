"""The Tagger: tags with exact evidence, and silence where it has no figures."""

from __future__ import annotations

from pathlib import Path

import pytest
import stand_ins
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from miner.errors import InputError, ModelUnavailable
from miner.tagging import tuned
from miner.tagging.tag import TaggedPassage
from miner.tagging.tagger import MAX_WORDS, Tagger, once
from miner.taxonomy import Stance, codebook

POLICY = (
    "The Government will establish a national computer security incident response team by 2026. "
    "It shall answer every report of an incident within 24 hours and publish statistics.",
    "Women shall hold forty per cent of the scholarships for students of cyber security; the "
    "Ministry of Education will report on this target each year.",
    "The Charter of the United Nations and international law apply to the conduct of States in "
    "cyberspace, and the State will respect them.",
)
FRENCH = (
    "Le gouvernement va mettre en place une équipe nationale de réponse aux incidents "
    "informatiques et publiera chaque année un rapport sur la sécurité des systèmes d'information."
)
GREEK = "Η κυβέρνηση θα ιδρύσει εθνική ομάδα αντιμετώπισης περιστατικών ασφαλείας στον κυβερνοχώρο."
NO_LANGUAGE = ["", "   \n\t", "2015 – 2020 … 37 %", "� �� ���� ��", "....... 12 ....... 14 ......."]


def spans_are_exact(text: str, tagged: TaggedPassage) -> bool:
    return all(
        text[item.start : item.end] == item.quote and item.quote.strip()
        for tag in (*tagged.tags, tagged.stance)
        for item in tag.evidence
    )


def alike(one: TaggedPassage, other: TaggedPassage) -> bool:
    """The same but for the last digits: sums over a batch are taken in another order."""
    pairs = list(zip(one.tags, other.tags, strict=True))
    return (
        all(first.evidence == second.evidence for first, second in pairs)
        and all(abs(first.probability - second.probability) < 2e-4 for first, second in pairs)
        and abs(one.stance.probability - other.stance.probability) < 1e-5
        and (one.stance.label, one.abstained) == (other.stance.label, other.abstained)
    )


def test_every_concept_gets_a_probability_in_the_order_of_the_codebook(tagger: Tagger) -> None:
    for tagged in tagger.tag(POLICY):
        assert [tag.concept for tag in tagged.tags] == list(codebook())
        assert all(0 <= tag.probability <= 1 for tag in tagged.tags)
        assert 0.25 <= tagged.stance.probability <= 1
        assert tagged.model == tagger.id
        assert tagged.abstained is None


def test_what_is_decided_has_evidence_and_what_is_not_has_none(tagger: Tagger) -> None:
    found = tagger.tag(POLICY)
    assert any(tagged.decided for tagged in found)
    for text, tagged in zip(POLICY, found, strict=True):
        assert all(bool(tag.evidence) == tag.decided for tag in tagged.tags)
        assert spans_are_exact(text, tagged)


def test_a_rule_that_matches_shows_its_words(tagger: Tagger) -> None:
    tagged = tagger.tag([POLICY[1]])[0]
    tag = next(tag for tag in tagged.tags if tag.concept == "prin.gender_sensitive")
    assert tag.decided
    assert tag.by == "pattern"
    assert tag.evidence[0].quote == "Women"


def test_the_stance_shows_the_words_that_bind(tagger: Tagger) -> None:
    text = "The Ministry shall set up a national response team for cyber incidents by 2027."
    stance = tagger.tag([text])[0].stance
    assert stance.label is Stance.COMMITMENT
    assert [found.quote for found in stance.evidence] == ["shall"]
    assert not tagger.tag([text], ["fr"])[0].stance.evidence


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.one_of(st.text(max_size=80), st.sampled_from(POLICY), st.sampled_from([FRENCH, GREEK])),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([" ", "\n", "", " • "]),
)
def test_quotes_are_exact_spans_of_any_text(tagger: Tagger, parts: list[str], joint: str) -> None:
    text = joint.join(parts)
    tagged = tagger.tag([text])[0]
    assert spans_are_exact(text, tagged)
    assert len(tagged.tags) == len(codebook())


@pytest.mark.parametrize(("text", "code"), [(FRENCH, "fr"), (GREEK, "el")])
def test_other_languages_are_abstained_on(tagger: Tagger, text: str, code: str) -> None:
    tagged = tagger.tag([text])[0]
    assert tagged.abstained == f"no figures for the language {code!r}"
    assert tagged.decided == ()


@pytest.mark.parametrize("text", NO_LANGUAGE)
def test_what_holds_no_words_is_abstained_on(tagger: Tagger, text: str) -> None:
    tagged = tagger.tag([text])[0]
    assert tagged.abstained == "there is too little text to tell"
    assert tagged.decided == ()


def test_garbled_text_gets_no_tags(tagger: Tagger) -> None:
    # A PDF font without a character map: Caesar's shift.
    garbled = "".join(chr(ord(c) + 3) if c.isalpha() else c for c in POLICY[0])
    assert tagger.tag([garbled])[0].decided == ()


def test_a_language_that_is_known_is_not_guessed(tagger: Tagger) -> None:
    said = tagger.tag([POLICY[0], POLICY[0]], languages=["de", "en"])
    assert [tagged.abstained is None for tagged in said] == [False, True]


def test_noise_decides_nothing(tagger: Tagger) -> None:
    text = (
        "Contents\n1. Foreword ........ 3\n2. Women and girls ........ 4\n3. Supply chain ....... 5"
    )
    tagged = tagger.tag([text])[0]
    assert tagged.stance.label is Stance.NOISE
    assert tagged.decided == ()


def test_order_and_company_do_not_matter(tagger: Tagger) -> None:
    together = tagger.tag([*POLICY, FRENCH])
    alone = [tagger.tag([text])[0] for text in (*POLICY, FRENCH)]
    for one, other in zip(together, alone, strict=True):
        assert alike(one, other)


def test_nothing_to_tag_is_no_fault(tagger: Tagger) -> None:
    assert tagger.tag([]) == []


@pytest.mark.parametrize("space", [" ", "\n", "\t"])
def test_a_text_of_too_many_words_is_refused(tagger: Tagger, space: str) -> None:
    tagger.check(space.join(["word"] * MAX_WORDS))
    with pytest.raises(InputError, match="20,000 words"):
        tagger.tag([space.join(["word"] * (MAX_WORDS + 1))])


def test_the_tuned_encoder_is_loaded_when_first_asked_and_once() -> None:
    loaded: list[stand_ins.KeywordTuned] = []

    def load() -> stand_ins.KeywordTuned:
        loaded.append(stand_ins.KeywordTuned())
        return loaded[-1]

    tagger = Tagger(stand_ins.heads(), "tagger-test", once(load))
    assert tagger.tag([]) == []
    assert loaded == []
    tagger.tag(POLICY)
    tagger.tag(POLICY)
    assert len(loaded) == 1


def test_the_shipped_model_is_named_after_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("miner.tagging.tagger.load_tuned", lambda *_, **__: pytest.fail("loaded"))
    shipped = Tagger.load()
    assert shipped.id == Tagger.load().id
    assert shipped.id.startswith("tagger-")
    stand_ins.heads().save(tmp_path)
    (tmp_path / tuned.FILE).touch()
    assert Tagger.load(tmp_path).id != shipped.id


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"miner train"):
        Tagger.load(tmp_path)
