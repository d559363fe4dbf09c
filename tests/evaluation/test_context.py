"""What stands around a passage, label dependencies, and paired differences: tiny known cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluation import context
from evaluation.crossfit import dealt
from evaluation.dependencies import joined
from evaluation.rows import LabelledRow
from evaluation.surroundings import Searched, Surroundings
from evaluation.tagging_score import drawn, score_tagging
from miner.document import Block, BlockType, Document, Page
from miner.errors import InputError
from miner.tagging.tag import TaggedPassage
from miner.tagging.train import Example, fit
from miner.taxonomy import Stance, codebook

CRIME = "norm.d_crime_terrorism"
COOPERATION = "prin.international_cooperation"
PARTS = [
    (BlockType.HEADING, "1 Crime", ()),
    (
        BlockType.BODY,
        "Police officers learn to in-\nvestigate the ﬁles. They share what they find.",
        (),
    ),
    (BlockType.HEADER_FOOTER, "page 7 of 9", ()),
    (BlockType.BODY, "Prosecutors follow. They share what they find. The end.", ("1 Crime",)),
]


def document() -> Document:
    text, blocks = "", []
    for kind, part, path in PARTS:
        blocks.append(Block(kind, len(text), len(text) + len(part), 1, path or ("Plan", "1 Crime")))
        text += part + "\n"
    second = text.index("Prosecutors")
    pages = (Page(1, 0, second), Page(2, second, len(text)))
    return Document("d", "0" * 64, "d.txt", "text/plain", text, pages, tuple(blocks), "en")


def test_a_passage_is_found_by_its_letters() -> None:
    found = Searched(document()).around("officers learn to investigate the files.", 1)
    assert found is not None
    assert found.before.split() == ["1", "Crime", "Police"]
    assert found.after.startswith("They share what they find. Prosecutors follow.")
    assert found.headings == ("Plan", "1 Crime")
    assert Searched(document()).around("Nobody wrote this.", 1) is None
    assert Searched(document()).around("...", 1) is None


def test_of_two_places_the_one_on_the_page_counts() -> None:
    searched = Searched(document())
    first, second = (searched.around("They share what they find.", page) for page in (1, 2))
    assert first is not None
    assert first.after.startswith("Prosecutors")
    assert second is not None
    assert (second.after, second.headings) == ("The end.", ("1 Crime",))


def test_a_passage_with_other_words_amid_is_found_by_its_ends() -> None:
    there = (
        "Police officers learn to investigate the files. 7 They share. Prosecutors follow. They "
    )
    found = Searched(document()).around(there + "share what they find.", 1)
    assert found is not None
    assert (found.before, found.after) == ("1 Crime", "The end.")


def test_files_that_cannot_be_read_are_rows_not_found(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("1 Crime\n\nPolice officers learn. They share.\n", "utf-8")
    rows = [LabelledRow(n, "They share.", frozenset(), source=f"{n}.txt") for n in ("a", "b")]
    found, missing = context.find(tmp_path, rows, [1, None])
    assert found is not None
    assert found.before.endswith("officers learn.")
    assert missing is None
    with pytest.raises(InputError, match="none of the labelled passages"):
        context.find(tmp_path, rows[1:], [1])


def test_one_label_tells_another() -> None:
    rng = np.random.default_rng(0)
    known = rng.normal(size=(200, 2))
    wanted = np.stack([known[:, 1] > 0, np.full(200, False)], axis=1).astype(np.int8)
    own, asked = np.array([[0.5, -3.0], [0.5, -3.0]]), np.array([[0.0, 2.0], [0.0, -2.0]])
    found = joined(known, wanted, asked, own)
    assert found[0, 0] > 1 > -1 > found[1, 0]
    assert found[:, 1].tolist() == [-3.0, -3.0]  # no positives: its own


class Reads:
    """Logits that find crime where the text says so, in context too."""

    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        found = np.full((len(texts), 32), -4, dtype=np.float32)
        found[:, list(codebook()).index(CRIME)] = [8.0 * ("crime" in t) - 4 for t in texts]
        return found


def test_variants_hold_each_passage_once_and_documents_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(context, "SHARES", (0.0, 0.1))
    examples = [
        Example(
            f"Article {n}: the {'police' if n % 2 else 'harbour'} is here and works well.",
            frozenset({CRIME} if n % 2 else ()),
            frozenset(),
            "commitment" if n % 3 else "descriptive",
            f"document {n // 6}",
        )
        for n in range(36)
    ]
    for here, there in dealt(examples, 2):
        assert not {examples[n].group for n in here} & {examples[n].group for n in there}
    around = [
        Surroundings("of crime", "", ("On crime",) if n % 2 else ()) if n % 4 else None
        for n in range(36)
    ]
    found, shares = context.variants(fit(examples), examples, around, Reads(), 2)
    assert len(found) == 7
    assert all(len(tags) == 36 for tags in found.values())
    assert len(shares) == 2
    assert set(shares) <= set(context.SHARES)


def test_differences_are_paired_and_the_figures_are_those_of_the_report(
    make_tagged: Callable[..., TaggedPassage], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        LabelledRow(n, "Police.", frozenset({CRIME}), stance=Stance.DESCRIPTIVE, source=f"d{n % 5}")
        for n in range(20)
    ]
    whole = [make_tagged({CRIME: 0.9 if n % 2 else 0.1}) for n in range(20)]
    better = [make_tagged({CRIME: 0.9}) for _ in range(20)]
    first, second = context.compared(rows, {"whole": whole, "better": better})
    assert first.differences["micro"].value == first.differences["micro"].high == 0
    assert second.differences["micro"].value == pytest.approx(1 - 2 / 3)
    report = score_tagging(rows, whole)
    assert (first.figures["micro"], first.figures["macro"]) == (report.micro_f1, report.macro_f1)
    assert first.figures["stance"].value == drawn(rows, whole)["stance"][0] == 1
    context.print_table(context.ContextAnswer("tagger-x", 20, 12, 3, (0.1, 0.0), (first, second)))
    printed = capsys.readouterr().out
    assert "12 were found in their documents, 3 of them below a heading" in printed
    assert "+0.333" in printed
    assert "0.1, 0.0" in printed
