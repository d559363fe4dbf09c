"""Styles without figures: invented texts of each are told, policy prose is not."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from miner.tagging.abstention import silent
from miner.tagging.tagger import Tagger

TEXTS: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "styles.yaml").read_text())
OTHERS = [(style, text) for style, texts in TEXTS.items() if style != "policy" for text in texts]


def said(text: str, language: str | None = "en") -> str | None:
    return silent(text, language)


@pytest.mark.parametrize("language", ["en", None])
def test_texts_of_other_styles_are_marked_and_named(language: str | None) -> None:
    told = defaultdict(list)
    for style, text in OTHERS:
        told[style].append(said(text, language) == f"no figures for this style: {style}")
    shares = {style: sum(found) / len(found) for style, found in told.items()}
    assert sum(len(found) for found in told.values()) >= 40
    assert min(shares.values()) >= 0.75, shares
    assert sum(map(sum, told.values())) >= 0.9 * len(OTHERS), shares


@pytest.mark.parametrize("text", TEXTS["policy"])
def test_policy_is_read(text: str) -> None:
    assert said(text) is None


@pytest.mark.parametrize("text", ["", "12 - 14", "Stratégie nationale de cybersécurité française"])
def test_what_says_more_than_the_style_comes_first(text: str) -> None:
    assert "style" not in (said(text, "fr" if text[:1] == "S" else None) or "style")


def test_a_text_in_another_style_decides_nothing(tagger: Tagger) -> None:
    post = TEXTS["social media"][0]
    found = tagger.tag([post, TEXTS["policy"][0]], ["en", "en"])
    assert [tagged.abstained for tagged in found] == [
        "no figures for this style: social media",
        None,
    ]
    assert found[0].decided == ()
