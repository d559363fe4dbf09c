"""Labels in texts: stems, acronyms, look-alikes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from miner.tagging.own.words import Lexicon
from miner.taxonomy import Concept

CONCEPTS = (
    Concept(
        "water", "g", "Clean water", "-", labels=("drinking water", "wells"), hidden=("pumps",),
        negative=("oil wells",),
    ),
    Concept("ict", "g", "ICT", "-", labels=("information technology", "IT")),
)  # fmt: skip
LEXICON = Lexicon(CONCEPTS)


def quotes(text: str) -> list[tuple[int, str, str]]:
    return [(f.column, f.kind, text[f.start : f.end]) for f in LEXICON.find(text)]


def test_labels_are_found_in_all_their_forms() -> None:
    assert quotes("Drinking-water from a well; the pump works.") == [
        (0, "alt", "Drinking-water"),
        (0, "alt", "well"),
        (0, "hidden", "pump"),
    ]


def test_a_look_alike_cancels_the_label_it_overlaps_and_no_other() -> None:
    assert quotes("oil wells") == [(0, "negative", "oil wells")]
    assert quotes("oil wells and wells") == [
        (0, "negative", "oil wells"),
        (0, "alt", "wells"),
    ]


def test_acronyms_are_matched_as_they_are_written() -> None:
    assert quotes("It is IT.") == [(1, "alt", "IT")]
    assert quotes("ICT, not ict") == [(1, "alt", "ICT")]


def test_a_label_of_stop_words_is_no_label() -> None:
    assert Lexicon((Concept("a", "g", "of the", "-"),)).find("of the") == ()


@given(st.text(max_size=300))
def test_spans_lie_in_the_text_and_in_order(text: str) -> None:
    found = LEXICON.find(text)
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert [f.start for f in found] == sorted(f.start for f in found)
