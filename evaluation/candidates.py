"""`python -m evaluation candidates`: other ways to tag, each held against the whole tagger.

Each candidate replaces the concepts' logits; all are calibrated and measured as in `crossfit`,
with the stance of the whole tagger, so that rows differ in nothing else. Lexical heads are fitted
anew on all training passages and weigh as much as in the tagger; the row `fitted anew` shows what
that does by itself. The tuned encoder is the shipped one.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation import show, spacy_patterns
from evaluation.bootstrap import Figure, Resampling
from evaluation.crossfit import Known, cross_fitted
from evaluation.own_methods import Remembered
from evaluation.rows import LabelledRow, read_labelled
from evaluation.tagging_score import drawn
from miner.embedding import Encoder, load_encoder
from miner.settings import Settings
from miner.tagging import data
from miner.tagging.features import terms
from miner.tagging.heads import Heads, Scorer
from miner.tagging.own.words import Lexicon
from miner.tagging.tag import TaggedPassage
from miner.tagging.train import Example, Recipe, labels
from miner.tagging.tuned import BASE, Logits, load_tuned, shipped_folder
from miner.taxonomy import codebook

SAID = 8
"""How often a mark is said in a passage: as often as a rule's (`miner.tagging.features`)."""

PENALTIES = (0.1, 1.0, 10.0)
"""Of the heads on vectors. Taking the best by the labels that measure it flatters them."""
_ANEW, _PATTERNS = "lexical heads fitted anew", "lexical heads with spaCy patterns"
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of the table; gains are paired differences to the whole tagger."""

    name: str
    micro_f1: Figure
    macro_f1: Figure
    micro_gain: Figure
    macro_gain: Figure


@dataclass(frozen=True, slots=True)
class Marked:
    """What the patterns of a concept say of the labelled passages: marked, and rightly so; and
    what they do as marks for the F1 of its tags, against the same heads without them."""

    concept: str
    positives: int
    marked: int
    right: int
    f1: Figure
    gain: Figure


@dataclass(frozen=True, slots=True)
class CandidatesAnswer:
    """What the command prints. parsing, matching: processor time in milliseconds a passage."""

    model: str
    passages: int
    training: int
    found: Sequence[Candidate]
    patterns: Sequence[Marked]
    parsing: float
    matching: float


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--labelled", type=Path, required=True, help="JSON lines, as for tagging")
    parser.add_argument("--corpus", type=Path, required=True, help="the documents of the training")
    parser.add_argument("--folds", type=int, default=5, help="folds of documents")
    parser.add_argument("--cache", type=Path, help="folder that keeps parses and vectors")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")


def run(options: argparse.Namespace) -> None:
    """Fit, calibrate, tag, score, print."""
    rows, dev = read_labelled(options.labelled), data.labelled(options.labelled)
    training = data.training(options.corpus)
    settings, folder = Settings.from_environment(), shipped_folder()
    given: dict[str, Any] = {
        "threads": settings.threads,
        "engine": settings.engine,
        "cache": settings.cache,
    }
    # Told before, as a tagger may be installed while this runs.
    model = Heads.id_of(folder)
    bench = Bench.of(Heads.load(folder), load_tuned(folder, **given), training, dev, options.folds)
    plain = Remembered(
        load_encoder(f"package:{BASE}", **given),
        options.cache / "vectors.npz" if options.cache else None,
    )
    plain.encode([e.text for e in (*training, *dev)])
    plain.keep()
    read = spacy_patterns.read([e.text for e in (*training, *dev)], options.cache)
    tagged = {name: bench.tagged(logits) for name, logits in candidates(bench, plain, read)}
    answer = CandidatesAnswer(
        model,
        len(rows),
        len(training),
        table(rows, tagged),
        marked(rows, read.concepts, tagged[_ANEW], tagged[_PATTERNS]),
        read.parsing,
        read.matching,
    )
    if options.json:
        show.print_json(answer)
    else:
        print_table(answer)


@dataclass(frozen=True, slots=True)
class Bench:
    """What all candidates share. tuned: logits of `dev`, (n, 28 + 4). seen, shown: the terms of
    the training's passages and of `dev`."""

    whole: Heads
    training: Sequence[Example]
    dev: Sequence[Example]
    tuned: Floats
    folds: int
    seen: Sequence[list[str]]
    shown: Sequence[list[str]]

    @classmethod
    def of(
        cls,
        whole: Heads,
        tuned: Logits,
        training: Sequence[Example],
        dev: Sequence[Example],
        folds: int,
    ) -> Bench:
        """Reads each passage once."""
        seen, shown = ([terms(e.text) for e in part] for part in (training, dev))
        return cls(whole, training, dev, tuned.logits([e.text for e in dev]), folds, seen, shown)

    def tagged(self, concepts: Floats) -> list[TaggedPassage]:
        """`dev` tagged by these logits of the concepts, (n, 28), and the tagger's own stance."""
        texts = [example.text for example in self.dev]
        stances = Scorer(self.whole).stances(texts, self.tuned)
        known = Known.of(texts, np.hstack([concepts, stances]).astype(np.float32))
        # All is blended already.
        heads = replace(self.whole, lexical_share=0.0, shape_share=0.0)
        return cross_fitted(heads, self.dev, known, self.folds)

    def blended(self, words: Floats) -> Floats:
        """Lexical logits and the tuned encoder's, in the tagger's shares."""
        share = self.whole.lexical_share
        return np.asarray(share * words + (1 - share) * self.tuned[:, : words.shape[1]])

    def lexical(self, marks: Mapping[str, Sequence[str]] | None = None) -> Floats:
        """Logits of lexical heads fitted with the marks of each text besides its terms."""
        more = marks or {}
        seen, shown = (
            [
                [*said, *(mark for mark in more.get(e.text, ()) for _ in range(SAID))]
                for said, e in zip(told, part, strict=True)
            ]
            for told, part in ((self.seen, self.training), (self.shown, self.dev))
        )
        return lexical_logits(self.training, seen, shown)


def candidates(
    bench: Bench, plain: Encoder, read: spacy_patterns.Read
) -> Iterator[tuple[str, Floats]]:
    """Names and the concepts' logits, (n, 28), the whole tagger first."""
    texts = [e.text for e in bench.dev]
    every = [*(e.text for e in bench.training), *texts]
    yield "the whole tagger", Scorer(bench.whole).blend(texts, bench.tuned)
    words = bench.lexical()
    yield _ANEW, bench.blended(words)
    vectors, shown = plain.encode([e.text for e in bench.training]), plain.encode(texts)
    for penalty in PENALTIES:
        linear = linear_logits(bench.training, vectors, shown, penalty)
        yield f"linear heads on plain vectors, C {penalty:g}", linear
        yield (
            f"the same and lexical heads, half each, C {penalty:g}",
            np.asarray((linear + words) / 2),
        )
    yield "lexical heads with labels", bench.blended(bench.lexical(label_marks(every, True)))
    without = label_marks(every, False)
    yield "the same without negative labels", bench.blended(bench.lexical(without))
    parsed = {text: [f"dep:{c}" for c in read.concepts[text]] for text in every}
    yield _PATTERNS, bench.blended(bench.lexical(parsed))


def label_marks(texts: Sequence[str], negative: bool) -> dict[str, list[str]]:
    """Marks of the taxonomy's labels in each text, as `alt:prin.ownership`. Without negative labels
    there are no marks for them, and they cancel nothing."""
    concepts = list(codebook().values())
    if not negative:
        concepts = [replace(concept, negative=()) for concept in concepts]
    lexicon, short = Lexicon(concepts), {"alt": "alt", "hidden": "alt", "negative": "neg"}
    return {
        text: sorted({f"{short[f.kind]}:{concepts[f.column].id}" for f in lexicon.find(text)})
        for text in texts
    }


def lexical_logits(
    training: Sequence[Example], seen: Sequence[list[str]], shown: Sequence[list[str]]
) -> Floats:
    """Lexical heads as in `miner.tagging.train.fit`, on terms that are given: (len(shown), 28)."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    recipe = Recipe()
    made = TfidfVectorizer(
        analyzer=list, min_df=2, max_features=recipe.terms, sublinear_tf=True, dtype=np.float32
    )
    head = LogisticRegression(
        C=recipe.penalty, class_weight="balanced", solver="liblinear", max_iter=1000
    )
    return _logits(head, training, made.fit_transform(seen), made.transform(shown))


def linear_logits(
    training: Sequence[Example], vectors: Floats, shown: Floats, penalty: float
) -> Floats:
    """Logistic regressions on vectors: (len(shown), 28)."""
    from sklearn.linear_model import LogisticRegression

    head = LogisticRegression(C=penalty, class_weight="balanced", max_iter=1000)
    return _logits(head, training, vectors, shown)


def _logits(head: Any, training: Sequence[Example], rows: Any, shown: Any) -> Floats:
    weight = np.array([example.weight for example in training])
    made = np.full((shown.shape[0], len(codebook())), -8.0, dtype=np.float32)
    for column, concept in enumerate(codebook()):
        wanted = labels(training, concept)
        kept = np.flatnonzero(wanted >= 0)
        if len(set(wanted[kept].tolist())) == 2:
            head.fit(rows[kept], wanted[kept], sample_weight=weight[kept])
            made[:, column] = head.decision_function(shown)
    return made


def table(
    rows: Sequence[LabelledRow], found: Mapping[str, Sequence[TaggedPassage]]
) -> list[Candidate]:
    """A row for each candidate; the first one is what the others are held against."""
    draws, made = Resampling.of([row.document for row in rows]), []
    first = drawn(rows, next(iter(found.values())))
    for name, tagged in found.items():
        own = drawn(rows, tagged)
        (micro, micro_gain), (macro, macro_gain) = (
            [draws.figure(part, len(rows)) for part in (own[kind], own[kind] - first[kind])]
            for kind in ("micro", "macro")
        )
        made.append(Candidate(name, micro, macro, micro_gain, macro_gain))
    return made


def marked(
    rows: Sequence[LabelledRow],
    found: Mapping[str, Sequence[str]],
    without: Sequence[TaggedPassage],
    tagged: Sequence[TaggedPassage],
) -> list[Marked]:
    """How the patterns agree with the labels of their concepts, by themselves and as marks."""
    draws, made = Resampling.of([row.document for row in rows]), []
    before, after = drawn(rows, without), drawn(rows, tagged)
    for concept in spacy_patterns.shipped():
        scored = [row for row in rows if concept not in row.undecided]
        said = [row for row in scored if concept in found[row.text]]
        made.append(
            Marked(
                concept,
                sum(concept in row.concepts for row in scored),
                len(said),
                sum(concept in row.concepts for row in said),
                draws.figure(after[concept], len(scored)),
                draws.figure(after[concept] - before[concept], len(scored)),
            )
        )
    return made


def print_table(answer: CandidatesAnswer) -> None:
    """One row per candidate, and one per concept that has patterns."""
    out: Any = show.console()
    out.print(
        f"{answer.model}: {answer.passages:,} passages, calibrated and measured on different "
        f"documents; fitted on {answer.training:,}. Gains are differences to the first row, paired "
        "over documents.\n"
    )
    columns = ("", "micro-F1", "gain", "95 % interval", "macro-F1", "gain", "95 % interval")
    out.print(show.table("Candidates", columns, [_cells(row) for row in answer.found]))
    heads = ("", "positives", "marked", "rightly", "F1", "gain", "95 % interval")
    marks = [
        (
            row.concept,
            *map(str, (row.positives, row.marked, row.right)),
            show.number(row.f1.value),
            show.number(row.gain.value, True),
            show.interval(row.gain, True),
        )
        for row in answer.patterns
    ]
    out.print(show.table("spaCy patterns, by themselves and as marks", heads, marks))
    out.print(
        f"spaCy takes {answer.parsing:.1f} ms of processor time a passage to parse and "
        f"{answer.matching:.1f} ms to match."
    )


def _cells(row: Candidate) -> tuple[str, ...]:
    return (
        row.name,
        show.cell(row.micro_f1),
        show.number(row.micro_gain.value, True),
        show.interval(row.micro_gain, True),
        show.cell(row.macro_f1),
        show.number(row.macro_gain.value, True),
        show.interval(row.macro_gain, True),
    )
