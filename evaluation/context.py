"""`python -m evaluation context`: would the tagger gain by what stands around a passage?

Each variant is calibrated on four fifths of the dev labels' documents and measured on the rest,
as in `crossfit`; differences to the whole tagger are paired over documents. Context is read by
the tuned encoder as shipped, which was taught on passages by themselves, and moves the stance's
logits as well. A passage that is not found in its document keeps its own.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluation import show
from evaluation.bootstrap import Figure, Resampling
from evaluation.crossfit import Known, cross_fitted, dealt, encoder_of
from evaluation.dependencies import dependent
from evaluation.lines import lines
from evaluation.rows import LabelledRow, read_labelled
from evaluation.surroundings import Searched, Surroundings
from evaluation.tagging_score import drawn
from miner.errors import InputError, MinerError
from miner.parsing import parse
from miner.tagging.data import labelled
from miner.tagging.heads import Heads, Scorer
from miner.tagging.tag import TaggedPassage
from miner.tagging.tagger import Tagger
from miner.tagging.train import Example, calibrate, labels_of
from miner.tagging.tuned import Logits, shipped_folder

# Shares of each neighbour in the logits, to choose from on the training folds.
SHARES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)
_SHARE = 0.1
COLUMNS: Mapping[str, str] = {
    "micro": "micro-F1",
    "macro": "macro-F1",
    "norm.d_crime_terrorism": "norm.d F1",
    "prin.international_cooperation": "cooperation F1",
    "stance": "stance accuracy",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A variant: its figures by column, and each minus the whole tagger's."""

    name: str
    figures: Mapping[str, Figure]
    differences: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class ContextAnswer:
    """found: passages found in their documents, of `passages`; headed: of these, below a
    heading. shares: each neighbour's, as chosen on the other folds."""

    model: str
    passages: int
    found: int
    headed: int
    shares: tuple[float, ...]
    rows: tuple[Row, ...]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "--labelled", type=Path, required=True, help="JSON lines, as for tagging, with source, page"
    )
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the documents")
    parser.add_argument("--folds", type=int, default=5, help="folds of documents")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")


def run(options: argparse.Namespace) -> None:
    """Find, read, calibrate, tag, score, print."""
    rows, examples = read_labelled(options.labelled), labelled(options.labelled)
    pages = [line.values.get("page") for line in lines(options.labelled)]
    pages = [page if isinstance(page, int) else None for page in pages]
    around = find(options.corpus, rows, pages)
    folder = shipped_folder()
    tuned = encoder_of(folder)
    tagged, shares = variants(Heads.load(folder), examples, around, tuned, options.folds)
    answer = ContextAnswer(
        Heads.id_of(folder),
        len(rows),
        sum(place is not None for place in around),
        sum(bool(place and place.headings) for place in around),
        shares,
        compared(rows, tagged),
    )
    if options.json:
        show.print_json(answer)
    else:
        print_table(answer)


def find(
    corpus: Path, rows: Sequence[LabelledRow], pages: Sequence[int | None]
) -> list[Surroundings | None]:
    """What is around each row, None where the row or its document is not found.

    Raises InputError where none is found at all.
    """
    documents: dict[str, Searched | None] = {}
    for source in {row.source for row in rows if row.source is not None}:
        try:
            documents[source] = Searched(parse(corpus / source))
        except MinerError:
            documents[source] = None
    found = []
    for row, page in zip(rows, pages, strict=True):
        document = documents.get(row.source or "")
        found.append(document.around(row.text, page) if document else None)
    if not any(found):
        raise InputError(
            str(corpus), "none of the labelled passages is in it", "Name their corpus."
        )
    return found


def variants(
    heads: Heads,
    examples: Sequence[Example],
    around: Sequence[Surroundings | None],
    tuned: Logits,
    folds: int,
) -> tuple[dict[str, list[TaggedPassage]], tuple[float, ...]]:
    """The tags of each variant, the whole tagger first, and the shares that were chosen."""
    texts = [example.text for example in examples]
    own = tuned.logits(texts)

    def read(said: Sequence[str]) -> NDArray[np.float32]:
        return np.where([[bool(text)] for text in said], tuned.logits(said), own)

    sides = read([place.before if place else "" for place in around]) + read(
        [place.after if place else "" for place in around]
    )
    nearest = read(_headed(texts, around, 1))
    half = ((own + nearest) / 2).astype(np.float32)
    by_share = {share: (1 - 2 * share) * own + share * sides for share in SHARES}
    chosen, shares = _by_chosen_share(heads, examples, by_share, folds)

    def fitted(logits: NDArray[np.float32]) -> list[TaggedPassage]:
        return cross_fitted(heads, examples, Known.of(texts, logits), folds)

    whole = fitted(own)
    return {
        "the whole tagger": whole,
        f"neighbouring text, {_SHARE} each side": fitted(by_share[_SHARE]),
        "neighbouring text, share chosen on the other folds": chosen,
        "nearest heading put before": fitted(nearest),
        "nearest heading put before, half and half": fitted(half),
        "path of headings put before": fitted(read(_headed(texts, around, None))),
        "label dependencies, half and half": dependent(heads, examples, own, whole, folds),
    }, shares


def _headed(
    texts: Sequence[str], around: Sequence[Surroundings | None], depth: int | None
) -> list[str]:
    """The texts below their innermost `depth` headings (None: all); empty without headings."""
    paths = [place.headings[-depth if depth else 0 :] if place else () for place in around]
    both = zip(paths, texts, strict=True)
    return [". ".join([*path, text]) if path else "" for path, text in both]


def _by_chosen_share(
    heads: Heads,
    examples: Sequence[Example],
    by_share: Mapping[float, NDArray[np.float32]],
    folds: int,
) -> tuple[list[TaggedPassage], tuple[float, ...]]:
    """Each fold with the share that has the least log loss on the other folds."""
    found: dict[int, TaggedPassage] = {}
    shares = []
    for here, there in dealt(examples, folds):
        others = [examples[n] for n in there]
        fits = {share: calibrate(heads, others, by_share[share][there]) for share in by_share}
        loss = {s: _log_loss(fit, others, by_share[s][there]) for s, fit in fits.items()}
        best = min(loss, key=loss.__getitem__)
        texts = [examples[n].text for n in here]
        found.update(zip(here, _tagged(fits[best], texts, by_share[best][here]), strict=True))
        shares.append(best)
    return [found[n] for n in range(len(examples))], tuple(shares)


def _tagged(heads: Heads, texts: Sequence[str], logits: NDArray[np.float32]) -> list[TaggedPassage]:
    known = Known.of(texts, logits)
    return Tagger(heads, "fold", lambda: known).tag(texts)


def _log_loss(heads: Heads, examples: Sequence[Example], logits: NDArray[np.float32]) -> float:
    wanted = labels_of(examples, heads.concepts)
    scores = Scorer(heads).score([example.text for example in examples], logits)
    right = np.where(wanted == 1, scores.probabilities, 1 - scores.probabilities)
    return -float(np.log(np.clip(right[wanted >= 0], 1e-6, 1)).mean())


def compared(
    rows: Sequence[LabelledRow], tagged: Mapping[str, Sequence[TaggedPassage]]
) -> tuple[Row, ...]:
    """Figures of each variant and its differences to the first, on the same draws."""
    draws = Resampling.of([row.document for row in rows])
    whole, found = None, []
    for name, tags in tagged.items():
        values = drawn(rows, tags)
        whole = whole or values
        gains = {column: values[column] - whole[column] for column in COLUMNS}
        figures, differences = (
            {column: draws.figure(of[column], len(rows)) for column in COLUMNS}
            for of in (values, gains)
        )
        found.append(Row(name, figures, differences))
    return tuple(found)


def print_table(answer: ContextAnswer) -> None:
    """One row a variant; under each figure its difference to the whole tagger."""
    out = show.console()
    out.print(
        f"{answer.model}, {answer.passages:,} passages; calibrated and measured on different "
        f"documents.\n{answer.found:,} were found in their documents, {answer.headed:,} of them "
        f"below a heading; the others keep their own logits.\nShares of each neighbour, chosen "
        f"on the other folds: {', '.join(map(str, answer.shares))}.\n"
    )
    first, *others = answer.rows
    table = [(first.name, *(show.cell(first.figures[column]) for column in COLUMNS))]
    for row in others:
        cells = [
            f"{show.number(row.figures[column].value)}\n"
            f"{show.number(row.differences[column].value, True)}\n"
            f"{show.interval(row.differences[column], True)}"
            for column in COLUMNS
        ]
        table.append((row.name, *cells))
    title = "With context: the figure, its difference to the whole tagger, 95 % interval"
    out.print(show.table(title, ("", *COLUMNS.values()), table))
